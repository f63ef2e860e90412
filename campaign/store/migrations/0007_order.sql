-- What selecting and settling need when there are a million attempts: the open ones, and the last
-- call to a customer. A customer's key is compared byte by byte, whatever the server's collation.
SET @overdue_ddl = (SELECT IF(COUNT(*) > 0, 'DO 0',
  'ALTER TABLE overdue_attempt
     MODIFY customer_id VARCHAR(64) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
     ADD KEY overdue_attempt_open (is_open, claimed_at),
     ADD KEY overdue_attempt_customer (source, customer_id, dialing_at)')
  FROM information_schema.STATISTICS
  WHERE table_schema = DATABASE() AND table_name = 'overdue_attempt'
    AND index_name = 'overdue_attempt_customer');

PREPARE overdue_ddl FROM @overdue_ddl;

EXECUTE overdue_ddl;

DEALLOCATE PREPARE overdue_ddl;
