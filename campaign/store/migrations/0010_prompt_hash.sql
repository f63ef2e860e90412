-- What exactly the customer was told: the hash of the prompt's file, or for a personal message of the
-- manifest of its set. NULL: the PBX had none beside the prompt.
SET @overdue_ddl = (SELECT IF(COUNT(*) > 0, 'DO 0',
  'ALTER TABLE overdue_attempt
     ADD COLUMN prompt_hash CHAR(64) CHARACTER SET ascii COLLATE ascii_bin NULL
       COMMENT ''SHA-256 of the .sln16 file, or of manifest.json'' AFTER prompt')
  FROM information_schema.COLUMNS
  WHERE table_schema = DATABASE() AND table_name = 'overdue_attempt'
    AND column_name = 'prompt_hash');

PREPARE overdue_ddl FROM @overdue_ddl;

EXECUTE overdue_ddl;

DEALLOCATE PREPARE overdue_ddl;
