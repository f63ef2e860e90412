-- Which of two days counts, when the earlier word comes later: the PBX's journal may bring it after
-- the customer has rung back. NULL: from before this column.
SET @overdue_ddl = (SELECT IF(COUNT(*) > 0, 'DO 0',
  'ALTER TABLE overdue_promise
     ADD COLUMN told_at DATETIME(3) NULL COMMENT ''when he said the day, UTC'' AFTER calls_from')
  FROM information_schema.COLUMNS
  WHERE table_schema = DATABASE() AND table_name = 'overdue_promise'
    AND column_name = 'told_at');

PREPARE overdue_ddl FROM @overdue_ddl;

EXECUTE overdue_ddl;

DEALLOCATE PREPARE overdue_ddl;
