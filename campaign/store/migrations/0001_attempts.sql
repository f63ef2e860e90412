-- Runs and attempts. Times are UTC. MySQL has no partial index: `is_open` is NULL once an attempt
-- is final, and a unique key does not compare NULLs, so that at most one attempt is open for a
-- customer, a number and a person. MySQL commits each statement by itself: IF NOT EXISTS lets a
-- migration that was interrupted be run again.
CREATE TABLE IF NOT EXISTS overdue_run (
  id CHAR(26) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  campaign VARCHAR(64) NOT NULL,
  source_json TEXT NULL COMMENT 'the company''s tables and columns; NULL: a test call',
  delivered_after_seconds DECIMAL(6,2) NOT NULL,
  time_zone VARCHAR(64) NOT NULL,
  host VARCHAR(255) NOT NULL,
  pid INT UNSIGNED NOT NULL,
  started_at DATETIME(3) NOT NULL,
  heartbeat_at DATETIME(3) NOT NULL,
  ended_at DATETIME(3) NULL,
  stop_reason VARCHAR(64) NULL,
  PRIMARY KEY (id),
  KEY overdue_run_started (started_at)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4;

CREATE TABLE IF NOT EXISTS overdue_attempt (
  id CHAR(26) CHARACTER SET ascii COLLATE ascii_bin NOT NULL COMMENT 'ULID; ChannelId, Uniqueid, AstDB key',
  run_id CHAR(26) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  source VARCHAR(64) NOT NULL COMMENT 'the customers table, or test',
  customer_id VARCHAR(64) NOT NULL,
  number VARCHAR(15) CHARACTER SET ascii COLLATE ascii_bin NOT NULL COMMENT 'E.164 without plus',
  person VARCHAR(64) NOT NULL,
  state ENUM('claimed','dialing','answered','unresolved','released','ended') CHARACTER SET ascii NOT NULL,
  outcome VARCHAR(32) CHARACTER SET ascii COLLATE ascii_bin NULL,
  outcome_class VARCHAR(16) CHARACTER SET ascii COLLATE ascii_bin NULL,
  is_open TINYINT AS (IF(state IN ('released','ended'), NULL, 1)) STORED,
  trunk VARCHAR(64) NOT NULL,
  prompt VARCHAR(128) NOT NULL,
  pbx VARCHAR(255) NOT NULL,
  pbx_boot VARCHAR(64) NOT NULL COMMENT 'CoreStartupDate and CoreStartupTime; compared for equality only',
  claimed_at DATETIME(3) NOT NULL,
  dialing_at DATETIME(3) NULL,
  deadline_at DATETIME(3) NULL COMMENT 'when it has to be final: ring time + call limit + 60 s',
  answered_at DATETIME(3) NULL,
  ended_at DATETIME(3) NULL,
  q850 SMALLINT NULL,
  tech_cause VARCHAR(64) NULL COMMENT 'the raw SIP answer',
  heard_seconds DECIMAL(8,2) NULL,
  heard_to_end TINYINT NULL,
  keys_pressed VARCHAR(255) NULL COMMENT 'key@second of the prompt',
  played_by VARCHAR(16) NULL COMMENT 'agi or dialplan',
  PRIMARY KEY (id),
  UNIQUE KEY overdue_one_open_per_customer (source, customer_id, is_open),
  UNIQUE KEY overdue_one_open_per_number (number, is_open),
  UNIQUE KEY overdue_one_open_per_person (person, is_open),
  KEY overdue_attempt_run (run_id, state),
  KEY overdue_attempt_person (person, claimed_at),
  KEY overdue_attempt_number (number, claimed_at),
  KEY overdue_attempt_claimed (claimed_at),
  CONSTRAINT overdue_attempt_of_run FOREIGN KEY (run_id) REFERENCES overdue_run (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4;

-- What contradicted an attempt that was already final, or explains how it was settled.
CREATE TABLE IF NOT EXISTS overdue_attempt_note (
  id BIGINT UNSIGNED NOT NULL AUTO_INCREMENT,
  attempt_id CHAR(26) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  noted_at DATETIME(3) NOT NULL,
  note VARCHAR(255) NOT NULL,
  PRIMARY KEY (id),
  KEY overdue_attempt_note_attempt (attempt_id),
  CONSTRAINT overdue_note_of_attempt FOREIGN KEY (attempt_id) REFERENCES overdue_attempt (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4;
