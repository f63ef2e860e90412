-- What allowed a call: the rule set, its version and its verdict, written in the claim; and by which
-- rule a run's customers are due, for whoever has paid when he answers. NULL: of before.
SET @overdue_ddl = (SELECT IF(COUNT(*) > 0, 'DO 0',
  'ALTER TABLE overdue_attempt
     ADD COLUMN law VARCHAR(32) CHARACTER SET ascii COLLATE ascii_bin NULL,
     ADD COLUMN law_version VARCHAR(32) CHARACTER SET ascii COLLATE ascii_bin NULL,
     ADD COLUMN verdict VARCHAR(255) NULL COMMENT ''as: open until 18:58''')
  FROM information_schema.COLUMNS
  WHERE table_schema = DATABASE() AND table_name = 'overdue_attempt' AND column_name = 'verdict');

PREPARE overdue_ddl FROM @overdue_ddl;

EXECUTE overdue_ddl;

DEALLOCATE PREPARE overdue_ddl;

SET @overdue_ddl = (SELECT IF(COUNT(*) > 0, 'DO 0',
  'ALTER TABLE overdue_run
     ADD COLUMN due_json VARCHAR(255) NULL COMMENT ''the section due of the campaign file''')
  FROM information_schema.COLUMNS
  WHERE table_schema = DATABASE() AND table_name = 'overdue_run' AND column_name = 'due_json');

PREPARE overdue_ddl FROM @overdue_ddl;

EXECUTE overdue_ddl;

DEALLOCATE PREPARE overdue_ddl;
