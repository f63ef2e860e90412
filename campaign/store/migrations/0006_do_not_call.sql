-- Numbers that are not called, and which way an answered call went. An entry that is removed stays:
-- `is_listed` is NULL then, and a unique key does not compare NULLs, so that it can be added again.
CREATE TABLE IF NOT EXISTS overdue_do_not_call (
  id BIGINT UNSIGNED NOT NULL AUTO_INCREMENT,
  number VARCHAR(15) CHARACTER SET ascii COLLATE ascii_bin NOT NULL COMMENT 'E.164 without plus',
  purpose VARCHAR(32) CHARACTER SET ascii COLLATE ascii_general_ci NOT NULL COMMENT 'all: whatever the campaign',
  source VARCHAR(64) COLLATE utf8mb4_bin NOT NULL COMMENT 'who said so',
  added_at DATETIME(3) NOT NULL,
  removed_at DATETIME(3) NULL,
  is_listed TINYINT AS (IF(removed_at IS NULL, 1, NULL)) STORED,
  PRIMARY KEY (id),
  UNIQUE KEY overdue_do_not_call_once (number, purpose, source, is_listed)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4;

SET @overdue_ddl = (SELECT IF(COUNT(*) > 0, 'DO 0',
  'ALTER TABLE overdue_attempt
     ADD COLUMN course VARCHAR(16) CHARACTER SET ascii COLLATE ascii_bin NOT NULL DEFAULT ''''
       COMMENT ''which way the answered call went; empty: the announcement''')
  FROM information_schema.COLUMNS
  WHERE table_schema = DATABASE() AND table_name = 'overdue_attempt' AND column_name = 'course');

PREPARE overdue_ddl FROM @overdue_ddl;

EXECUTE overdue_ddl;

DEALLOCATE PREPARE overdue_ddl;
