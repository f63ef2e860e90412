-- What calls have told of a trunk, the terms by which an end judges it, and what a campaign has used
-- of its day. Times here are the database's, UTC. The columns of a table come in one statement: MySQL
-- knows no ADD … IF NOT EXISTS.
SET @overdue_ddl = (SELECT IF(COUNT(*) > 0, 'DO 0',
  'ALTER TABLE overdue_trunk
     ADD COLUMN failures INT NOT NULL DEFAULT 0 COMMENT ''in a row'',
     ADD COLUMN failure VARCHAR(32) CHARACTER SET ascii COLLATE ascii_bin NULL COMMENT ''outcome of the last one'',
     ADD COLUMN pauses INT NOT NULL DEFAULT 0 COMMENT ''in a row'',
     ADD COLUMN paused_until DATETIME(3) NULL COMMENT ''NULL: in service'',
     ADD COLUMN probe CHAR(26) CHARACTER SET ascii COLLATE ascii_bin NULL COMMENT ''the attempt that tries it'',
     ADD COLUMN probe_until DATETIME(3) NULL COMMENT ''then another may be tried''')
  FROM information_schema.COLUMNS
  WHERE table_schema = DATABASE() AND table_name = 'overdue_trunk' AND column_name = 'failures');

PREPARE overdue_ddl FROM @overdue_ddl;

EXECUTE overdue_ddl;

SET @overdue_ddl = (SELECT IF(COUNT(*) > 0, 'DO 0',
  'ALTER TABLE overdue_run
     ADD COLUMN breaker_failures INT NOT NULL DEFAULT 5,
     ADD COLUMN breaker_pause_seconds INT NOT NULL DEFAULT 60')
  FROM information_schema.COLUMNS
  WHERE table_schema = DATABASE() AND table_name = 'overdue_run' AND column_name = 'breaker_failures');

PREPARE overdue_ddl FROM @overdue_ddl;

EXECUTE overdue_ddl;

DEALLOCATE PREPARE overdue_ddl;

CREATE TABLE IF NOT EXISTS overdue_campaign_day (
  campaign VARCHAR(64) NOT NULL,
  day DATE NOT NULL COMMENT 'in the time zone of the campaign',
  calls INT NOT NULL DEFAULT 0 COMMENT 'committed to be dialled',
  answered_seconds DECIMAL(12,2) NOT NULL DEFAULT 0 COMMENT 'of calls that have ended',
  PRIMARY KEY (campaign, day)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4;
