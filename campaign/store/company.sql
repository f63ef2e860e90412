-- Every statement on the company's tables. Names in braces are the campaign's tables and columns,
-- quoted by campaign/store/identifiers.py; nothing here alters a table.

-- name: customers
-- Customers in the order of their keys, each with what he owes.
SELECT c.{customer_id} AS customer_id, {phones}, {cut_day} AS cut_day,
       c.{flag} AS flag, c.{sent} AS sent, {person} AS person,
       (SELECT SUM(i.{invoice_balance}) FROM {invoices} i
        WHERE i.{invoice_customer} = c.{customer_id}
          AND {invoice_conditions} AND i.{invoice_balance} > 0) AS debt,
       {due_dates} AS invoices
FROM {customers} c
WHERE {conditions} AND {page}
ORDER BY c.{customer_id} LIMIT %(limit)s;

-- name: open_invoices
-- How many invoices of one customer are open.
SELECT COUNT(*) AS invoices FROM {invoices} i
WHERE i.{invoice_customer} = %(customer_id)s
  AND {invoice_conditions} AND i.{invoice_balance} > 0;

-- name: census
-- All customers, counted by what decides for most of them: whether they meet the campaign's
-- conditions, flag, mark and cut day, compared byte by byte. One pass over the customers.
SELECT COUNT(*) AS customers, IFNULL({conditions}, 0) AS meets_conditions,
       c.{flag} AS flag, c.{sent} AS sent, {cut_day} AS cut_day,
       CAST(c.{flag} AS BINARY) AS flag_octets, CAST(c.{sent} AS BINARY) AS sent_octets,
       CAST({cut_day} AS BINARY) AS cut_day_octets
FROM {customers} c
GROUP BY 2, 6, 7, 8;

-- name: ranking
-- The customers of some of the census's groups in the order in which they are called
-- (campaign/order.py). LIMIT keeps the server from sorting the tables themselves: it would look up
-- row and debt a second time, at random, for each row that it returns. IS TRUE keeps a condition
-- from being put in for the column below: CAST(1 AS BINARY) is not what CAST gives for a BIT.
SELECT customer_id, {phone_names}, cut_day, flag, sent, person, debt, invoices FROM (
  SELECT c.{customer_id} AS customer_id, {phones}, {cut_day} AS cut_day,
         c.{flag} AS flag, c.{sent} AS sent, {person} AS person,
         (SELECT SUM(i.{invoice_balance}) FROM {invoices} i
          WHERE i.{invoice_customer} = c.{customer_id}
            AND {invoice_conditions} AND i.{invoice_balance} > 0) AS debt, {due_dates} AS invoices,
         {place} AS place, COALESCE(c.{attempts}, 0) AS attempts,
         (SELECT MAX(a.dialing_at) FROM overdue_attempt a
          WHERE a.source = %(source)s
            AND a.customer_id = CONVERT(c.{customer_id} USING utf8mb4) COLLATE utf8mb4_bin)
           AS last_call
  FROM {customers} c
  WHERE ({conditions}) IS TRUE AND {which}
    AND CAST(c.{flag} AS BINARY) IN %(flags)s AND CAST(c.{sent} AS BINARY) IN %(sents)s
  LIMIT 18446744073709551615
) ranked
ORDER BY place, debt DESC, attempts, last_call, customer_id;

-- name: due_dates
-- A column of `customers` where the rule is due_date: what is open, with the day on which it is due.
(SELECT JSON_ARRAYAGG(JSON_ARRAY(CAST(i.{invoice_due_date} AS CHAR), i.{invoice_balance}))
 FROM {invoices} i
 WHERE i.{invoice_customer} = c.{customer_id}
   AND {invoice_conditions} AND i.{invoice_balance} > 0);

-- name: place_of_due_date
-- In `ranking`, where the rule is due_date: the place of the oldest open invoice (campaign/order.py).
(SELECT IF(MIN(i.{invoice_due_date}) < %(today)s, 100000, 0)
        + ABS(DATEDIFF(MIN(i.{invoice_due_date}), %(today)s))
 FROM {invoices} i
 WHERE i.{invoice_customer} = c.{customer_id}
   AND {invoice_conditions} AND i.{invoice_balance} > 0);

-- name: write_outcome
-- The four columns of the company that are ours to write.
UPDATE {customers}
SET {attempts} = COALESCE({attempts}, 0) + %(spent)s,
    {sent} = IF(%(delivered)s, 1, {sent}),
    {completed_at} = IF(%(delivered)s, %(completed_at)s, {completed_at})
WHERE {customer_id} = %(customer_id)s;

-- name: marks
-- A page of customers with the columns that are ours to write, for the reset of a cycle; their
-- rows are locked where it is done.
SELECT c.{customer_id} AS customer_id, c.{flag} AS flag, c.{sent} AS sent,
       c.{attempts} AS attempts, c.{completed_at} AS completed_at,
       EXISTS (SELECT 1 FROM {invoices} i
               WHERE i.{invoice_customer} = c.{customer_id}
                 AND {invoice_conditions} AND i.{invoice_balance} > 0) AS owes
FROM {customers} c
WHERE {conditions} AND {page}
ORDER BY c.{customer_id} LIMIT %(limit)s {lock};

-- name: reset_marks
-- A new cycle for these customers, with what its calls have written. A doubtful flag (NULL) stays
-- doubtful.
UPDATE {customers}
SET {sent} = IF({sent} IS NULL, NULL, IF(%(delivered)s, 1, 0)), {attempts} = %(attempts)s,
    {completed_at} = IF(%(delivered)s, {completed_at}, NULL)
WHERE {customer_id} IN %(customer_ids)s;
