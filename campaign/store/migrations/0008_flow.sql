-- What the answered leg of a run's calls does, and what each call heard and did on it. A run that
-- began before keeps NULL: none of its calls is up when a migration runs.
SET @overdue_ddl = (SELECT IF(COUNT(*) > 0, 'DO 0',
  'ALTER TABLE overdue_run ADD flow_json TEXT NULL COMMENT ''language, flow, prompts, keys, …''
     AFTER due_json')
  FROM information_schema.COLUMNS
  WHERE table_schema = DATABASE() AND table_name = 'overdue_run' AND column_name = 'flow_json');

PREPARE overdue_ddl FROM @overdue_ddl;

EXECUTE overdue_ddl;

DEALLOCATE PREPARE overdue_ddl;

CREATE TABLE IF NOT EXISTS overdue_event (
  attempt_id CHAR(26) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  place SMALLINT UNSIGNED NOT NULL COMMENT 'its order in the call, from 1',
  kind VARCHAR(16) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  detail VARCHAR(255) NOT NULL,
  at_seconds DECIMAL(8,2) NOT NULL COMMENT 'since the answer',
  PRIMARY KEY (attempt_id, place),
  CONSTRAINT overdue_event_of_attempt FOREIGN KEY (attempt_id) REFERENCES overdue_attempt (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4;
