-- What all originators share of a trunk: the row is the lock under which lines are counted and
-- slots taken. The column, its key and an interrupted migration: MySQL knows no ADD … IF NOT EXISTS.
CREATE TABLE IF NOT EXISTS overdue_trunk (
  trunk VARCHAR(80) NOT NULL COMMENT 'technology/name, as overdue_attempt has it',
  last_slot_at DATETIME(6) NULL COMMENT 'the last slot taken, by the clock of the database, UTC',
  PRIMARY KEY (trunk)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4;

SET @overdue_ddl = (SELECT IF(COUNT(*) > 0, 'DO 0',
  'ALTER TABLE overdue_attempt
     ADD COLUMN closed_at DATETIME(3) NULL COMMENT ''when ended was written, by the clock of the database, UTC'',
     ADD KEY overdue_attempt_lines (trunk, state, closed_at, run_id)')
  FROM information_schema.COLUMNS
  WHERE table_schema = DATABASE() AND table_name = 'overdue_attempt' AND column_name = 'closed_at');

PREPARE overdue_ddl FROM @overdue_ddl;

EXECUTE overdue_ddl;

DEALLOCATE PREPARE overdue_ddl;
