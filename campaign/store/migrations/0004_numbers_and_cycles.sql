-- All numbers of the customer an attempt was for: whoever shares one of them is the same person to
-- the rules, and at most one attempt is open for each number, dialled or not. `is_open` is written
-- with the attempt's state, NULL once it is final.
CREATE TABLE IF NOT EXISTS overdue_attempt_number (
  attempt_id CHAR(26) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  number VARCHAR(15) CHARACTER SET ascii COLLATE ascii_bin NOT NULL COMMENT 'E.164 without plus',
  claimed_at DATETIME(3) NOT NULL COMMENT 'as the attempt has it',
  is_open TINYINT NULL,
  PRIMARY KEY (attempt_id, number),
  UNIQUE KEY overdue_one_open_with_number (number, is_open),
  KEY overdue_attempt_number_claimed (number, claimed_at),
  CONSTRAINT overdue_number_of_attempt FOREIGN KEY (attempt_id) REFERENCES overdue_attempt (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4;

INSERT IGNORE INTO overdue_attempt_number (attempt_id, number, claimed_at, is_open)
SELECT id, number, claimed_at, is_open FROM overdue_attempt WHERE state <> 'released';

-- Numbers that the network does not know any more. They outlive the attempt that found them.
CREATE TABLE IF NOT EXISTS overdue_bad_number (
  number VARCHAR(15) CHARACTER SET ascii COLLATE ascii_bin NOT NULL COMMENT 'E.164 without plus',
  outcome VARCHAR(32) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  attempt_id CHAR(26) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  found_at DATETIME(3) NOT NULL,
  PRIMARY KEY (number)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4;

INSERT IGNORE INTO overdue_bad_number (number, outcome, attempt_id, found_at)
SELECT number, outcome, id, ended_at FROM overdue_attempt
WHERE outcome_class = 'number' AND state = 'ended';

-- A reset of the company's outbound_call columns begins a cycle. The row also says how far the
-- reset came, so that one that was interrupted goes on where it stopped.
CREATE TABLE IF NOT EXISTS overdue_cycle (
  id INT UNSIGNED NOT NULL AUTO_INCREMENT,
  source VARCHAR(64) NOT NULL COMMENT 'the customers table',
  campaign VARCHAR(64) NOT NULL,
  started_at DATETIME(3) NOT NULL,
  finished_at DATETIME(3) NULL COMMENT 'NULL: the reset was interrupted',
  last_customer_id VARCHAR(255) NULL COMMENT 'up to here the customers are reset',
  customers_reset INT UNSIGNED NOT NULL DEFAULT 0,
  customers_archived INT UNSIGNED NOT NULL DEFAULT 0,
  PRIMARY KEY (id),
  KEY overdue_cycle_source (source, started_at)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4;

-- The customers whom the cycle before did not reach, as the company's columns had them.
CREATE TABLE IF NOT EXISTS overdue_cycle_customer (
  cycle_id INT UNSIGNED NOT NULL COMMENT 'the cycle that began with the reset',
  customer_id VARCHAR(255) COLLATE utf8mb4_bin NOT NULL,
  attempts INT NOT NULL,
  PRIMARY KEY (cycle_id, customer_id),
  CONSTRAINT overdue_customer_of_cycle FOREIGN KEY (cycle_id) REFERENCES overdue_cycle (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4;
