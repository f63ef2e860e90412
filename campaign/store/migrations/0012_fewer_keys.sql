-- Each change of an attempt's state wrote two keys anew, and each claim one that says what
-- overdue_one_open_with_number says. What the lines of other runs are counted by now changes only
-- when an attempt is claimed and when it is final.
SET @overdue_ddl = (SELECT IF(COUNT(*) = 0, 'DO 0',
  'ALTER TABLE overdue_attempt
     ADD KEY overdue_attempt_of_run (run_id),
     DROP KEY overdue_attempt_run,
     DROP KEY overdue_attempt_lines,
     DROP KEY overdue_attempt_open,
     ADD KEY overdue_attempt_open (is_open, run_id, trunk),
     ADD KEY overdue_attempt_closed (closed_at, run_id, trunk),
     DROP KEY overdue_one_open_per_number')
  FROM information_schema.STATISTICS
  WHERE table_schema = DATABASE() AND table_name = 'overdue_attempt'
    AND index_name = 'overdue_one_open_per_number');

PREPARE overdue_ddl FROM @overdue_ddl;

EXECUTE overdue_ddl;

DEALLOCATE PREPARE overdue_ddl;
