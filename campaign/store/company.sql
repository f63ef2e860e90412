-- Every statement on the company's tables. Names in braces are the campaign's tables and columns,
-- quoted by campaign/store/identifiers.py; nothing here alters a table.

-- name: customers
-- A page of customers in the order of their keys, each with what he owes.
SELECT c.{customer_id} AS customer_id, {phones}, {cut_day} AS cut_day,
       c.{flag} AS flag, c.{sent} AS sent, {person} AS person,
       (SELECT SUM(i.{invoice_balance}) FROM {invoices} i
        WHERE i.{invoice_customer} = c.{customer_id}
          AND {invoice_conditions} AND i.{invoice_balance} > 0) AS debt,
       {due_dates} AS invoices
FROM {customers} c
WHERE {conditions} AND {page}
ORDER BY c.{customer_id} LIMIT %(limit)s;

-- name: due_dates
-- A column of `customers` where the rule is due_date: what is open, with the day on which it is due.
(SELECT JSON_ARRAYAGG(JSON_ARRAY(CAST(i.{invoice_due_date} AS CHAR), i.{invoice_balance}))
 FROM {invoices} i
 WHERE i.{invoice_customer} = c.{customer_id}
   AND {invoice_conditions} AND i.{invoice_balance} > 0);

-- name: count_customers
-- How many customers the company has, whatever the campaign's conditions.
SELECT COUNT(*) AS customers FROM {customers};

-- name: write_outcome
-- The four columns of the company that are ours to write.
UPDATE {customers}
SET {attempts} = COALESCE({attempts}, 0) + %(spent)s,
    {sent} = IF(%(delivered)s, 1, {sent}),
    {completed_at} = IF(%(delivered)s, %(completed_at)s, {completed_at})
WHERE {customer_id} = %(customer_id)s;

-- name: marks
-- A page of customers with the columns that are ours to write, for the reset of a cycle.
SELECT c.{customer_id} AS customer_id, c.{flag} AS flag, c.{sent} AS sent,
       c.{attempts} AS attempts, c.{completed_at} AS completed_at,
       EXISTS (SELECT 1 FROM {invoices} i
               WHERE i.{invoice_customer} = c.{customer_id}
                 AND {invoice_conditions} AND i.{invoice_balance} > 0) AS owes
FROM {customers} c
WHERE {conditions} AND {page}
ORDER BY c.{customer_id} LIMIT %(limit)s;

-- name: reset_marks
-- A new cycle for these customers. A doubtful flag (NULL) stays doubtful.
UPDATE {customers}
SET {sent} = IF({sent} IS NULL, NULL, 0), {attempts} = 0, {completed_at} = NULL
WHERE {customer_id} IN %(customer_ids)s;
