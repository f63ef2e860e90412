-- What customers decide with a key. A promise is judged once, by reading the company's invoices again
-- (campaign/promise.py); a wrong number is one that is no longer used for that customer.
CREATE TABLE IF NOT EXISTS overdue_promise (
  attempt_id CHAR(26) CHARACTER SET ascii COLLATE ascii_bin NOT NULL COMMENT 'the call on which it was made',
  run_id CHAR(26) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  source VARCHAR(64) NOT NULL COMMENT 'the customers table',
  customer_id VARCHAR(64) COLLATE utf8mb4_bin NOT NULL,
  person VARCHAR(64) NOT NULL,
  amount DECIMAL(18,2) NOT NULL COMMENT 'what he was told that he owes',
  made_on DATE NOT NULL COMMENT 'in the time zone of the campaign',
  promised_day DATE NOT NULL,
  calls_from DATETIME(3) NOT NULL COMMENT 'when the promised day and its grace are over, UTC',
  resolution ENUM('kept','broken') CHARACTER SET ascii NULL,
  resolved_at DATETIME(3) NULL,
  PRIMARY KEY (attempt_id),
  KEY overdue_promise_person (person, calls_from),
  KEY overdue_promise_open (source, resolution, attempt_id),
  KEY overdue_promise_run (run_id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4;

CREATE TABLE IF NOT EXISTS overdue_wrong_number (
  number VARCHAR(15) CHARACTER SET ascii COLLATE ascii_bin NOT NULL COMMENT 'E.164 without plus',
  source VARCHAR(64) NOT NULL COMMENT 'the customers table',
  customer_id VARCHAR(64) COLLATE utf8mb4_bin NOT NULL,
  attempt_id CHAR(26) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  told_at DATETIME(3) NOT NULL,
  PRIMARY KEY (number, source, customer_id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4;

SET @overdue_ddl = (SELECT IF(COUNT(*) > 0, 'DO 0',
  'ALTER TABLE overdue_attempt
     ADD COLUMN talk_seconds DECIMAL(8,2) NULL COMMENT ''with an agent, after a transfer''')
  FROM information_schema.COLUMNS
  WHERE table_schema = DATABASE() AND table_name = 'overdue_attempt' AND column_name = 'talk_seconds');

PREPARE overdue_ddl FROM @overdue_ddl;

EXECUTE overdue_ddl;

DEALLOCATE PREPARE overdue_ddl;

-- Events of one kind are looked for: who is to be called back. A call's id begins with its time.
SET @overdue_ddl = (SELECT IF(COUNT(*) > 0, 'DO 0',
  'ALTER TABLE overdue_event ADD KEY overdue_event_kind (kind, attempt_id)')
  FROM information_schema.STATISTICS
  WHERE table_schema = DATABASE() AND table_name = 'overdue_event'
    AND index_name = 'overdue_event_kind');

PREPARE overdue_ddl FROM @overdue_ddl;

EXECUTE overdue_ddl;

DEALLOCATE PREPARE overdue_ddl;
