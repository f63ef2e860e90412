-- Customers who rang back, and what they heard and did; no attempt. Each is recognised by the latest
-- call to his number.
CREATE TABLE IF NOT EXISTS overdue_inbound_call (
  id CHAR(26) CHARACTER SET ascii COLLATE ascii_bin NOT NULL COMMENT 'ULID',
  attempt_id CHAR(26) CHARACTER SET ascii COLLATE ascii_bin NOT NULL COMMENT 'by which he was recognised',
  source VARCHAR(64) NOT NULL COMMENT 'the customers table, or test',
  customer_id VARCHAR(64) COLLATE utf8mb4_bin NOT NULL,
  number VARCHAR(15) CHARACTER SET ascii COLLATE ascii_bin NOT NULL COMMENT 'E.164 without plus, as he showed it',
  called_at DATETIME(3) NOT NULL,
  course VARCHAR(16) CHARACTER SET ascii COLLATE ascii_bin NULL COMMENT 'NULL: the end of the call was not told',
  heard_seconds DECIMAL(8,2) NULL,
  heard_to_end TINYINT NULL,
  keys_pressed VARCHAR(255) NULL COMMENT 'key@second of the call',
  PRIMARY KEY (id),
  KEY overdue_inbound_customer (customer_id, called_at),
  KEY overdue_inbound_called (called_at)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4;

CREATE TABLE IF NOT EXISTS overdue_inbound_event (
  call_id CHAR(26) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  place SMALLINT UNSIGNED NOT NULL COMMENT 'its order in the call, from 1',
  kind VARCHAR(16) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  detail VARCHAR(255) NOT NULL,
  at_seconds DECIMAL(8,2) NOT NULL COMMENT 'since the answer',
  PRIMARY KEY (call_id, place),
  CONSTRAINT overdue_event_of_inbound_call FOREIGN KEY (call_id) REFERENCES overdue_inbound_call (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4;
