-- Every statement on our own tables. `-- name:` starts one; the line below it says what it is for.

-- name: insert_run
-- A run begins; its heartbeat is its lease, by the database's clock: runs of all hosts share it.
INSERT INTO overdue_run (id, campaign, source_json, delivered_after_seconds, breaker_failures,
                         breaker_pause_seconds, time_zone, due_json, flow_json, host, pid,
                         started_at, heartbeat_at)
VALUES (%(id)s, %(campaign)s, %(source_json)s, %(delivered_after_seconds)s, %(breaker_failures)s,
        %(breaker_pause_seconds)s, %(time_zone)s, %(due_json)s, %(flow_json)s, %(host)s,
        %(pid)s, %(now)s, UTC_TIMESTAMP(3));

-- name: beat
-- The run is alive.
UPDATE overdue_run SET heartbeat_at = UTC_TIMESTAMP(3) WHERE id = %(id)s;

-- name: end_run
-- The run is over, with its reason.
UPDATE overdue_run SET ended_at = %(now)s, heartbeat_at = UTC_TIMESTAMP(3), stop_reason = %(reason)s
WHERE id = %(id)s;

-- name: run_terms
-- What a call needs to know of its run.
SELECT campaign, source_json, delivered_after_seconds, time_zone, due_json, flow_json
FROM overdue_run WHERE id = %(id)s;

-- name: latest_run
-- The newest run that called customers.
SELECT id FROM overdue_run WHERE source_json IS NOT NULL ORDER BY started_at DESC, id DESC LIMIT 1;

-- name: latest_run_of_campaign
-- The newest run of one campaign that called customers, as it is reported.
SELECT id, campaign, host, pid, started_at, heartbeat_at, ended_at, stop_reason,
       TIMESTAMPDIFF(MICROSECOND, heartbeat_at, UTC_TIMESTAMP(3)) AS silent_us
FROM overdue_run WHERE campaign = %(campaign)s AND source_json IS NOT NULL
ORDER BY started_at DESC, id DESC LIMIT 1;

-- name: run
-- One run as it is reported.
SELECT id, campaign, host, pid, started_at, heartbeat_at, ended_at, stop_reason,
       TIMESTAMPDIFF(MICROSECOND, heartbeat_at, UTC_TIMESTAMP(3)) AS silent_us
FROM overdue_run WHERE id = %(id)s;

-- name: recent_runs
-- The newest runs, for status.
SELECT id, campaign, host, pid, started_at, heartbeat_at, ended_at, stop_reason,
       TIMESTAMPDIFF(MICROSECOND, heartbeat_at, UTC_TIMESTAMP(3)) AS silent_us
FROM overdue_run ORDER BY started_at DESC, id DESC LIMIT 10;

-- name: claim
-- The claim: the unique keys refuse a second open attempt for a customer, number or person.
INSERT INTO overdue_attempt (id, run_id, source, customer_id, number, person, state, trunk, prompt,
                             prompt_hash, pbx, pbx_boot, law, law_version, verdict, claimed_at,
                             dialing_at, deadline_at)
VALUES (%(id)s, %(run_id)s, %(source)s, %(customer_id)s, %(number)s, %(person)s, %(state)s,
        %(trunk)s, %(prompt)s, %(prompt_hash)s, %(pbx)s, %(pbx_boot)s, %(law)s, %(law_version)s,
        %(verdict)s, %(now)s, %(dialing_at)s, %(deadline)s);

-- name: claim_number
-- One of the customer's numbers: nobody who shares it is called while the attempt is open.
INSERT INTO overdue_attempt_number (attempt_id, number, claimed_at, is_open)
VALUES (%(id)s, %(number)s, %(now)s, 1);

-- name: free_numbers
-- The attempt is final.
UPDATE overdue_attempt_number SET is_open = NULL WHERE attempt_id = %(id)s;

-- name: history
-- Attempts since a moment for these persons, or for customers with one of these numbers: a row for
-- each number of the attempt's customer.
SELECT a.id, a.person, a.outcome, a.outcome_class, a.claimed_at, a.ended_at, n.number
FROM (SELECT id FROM overdue_attempt
      WHERE person IN %(persons)s AND claimed_at >= %(since)s
      UNION
      SELECT attempt_id FROM overdue_attempt_number
      WHERE number IN %(numbers)s AND claimed_at >= %(since)s) found
JOIN overdue_attempt a ON a.id = found.id
JOIN overdue_attempt_number n ON n.attempt_id = a.id
WHERE a.state <> 'released';

-- name: history_of_numbers
-- The same for customers with one of these numbers alone; a row can come more than once.
SELECT a.id, a.person, a.outcome, a.outcome_class, a.claimed_at, a.ended_at, n.number
FROM overdue_attempt_number found
JOIN overdue_attempt a ON a.id = found.attempt_id
JOIN overdue_attempt_number n ON n.attempt_id = a.id
WHERE found.number IN %(numbers)s AND found.claimed_at >= %(since)s AND a.state <> 'released';

-- name: spent_attempts
-- How many attempts these persons, or customers with one of these numbers, have spent since a
-- moment: a row for each person with the same numbers, however many attempts there are. The text of
-- 512 characters (39 numbers) keeps MariaDB from putting a table on the disk for each question.
SELECT person, numbers, CAST(SUM(claimed_at >= %(cycle)s) AS UNSIGNED) AS in_cycle,
       COUNT(*) AS in_all
FROM (SELECT a.id, a.person, a.claimed_at,
             CAST(GROUP_CONCAT(n.number ORDER BY n.number) AS CHAR(512)) AS numbers
      FROM (SELECT id FROM overdue_attempt
            WHERE person IN %(persons)s AND claimed_at >= %(since)s
            UNION
            SELECT attempt_id FROM overdue_attempt_number
            WHERE number IN %(numbers)s AND claimed_at >= %(since)s) found
      JOIN overdue_attempt a ON a.id = found.id
      JOIN overdue_attempt_number n ON n.attempt_id = a.id
      WHERE a.outcome_class = 'person'
      GROUP BY a.id, a.person, a.claimed_at) attempts
GROUP BY person, numbers;

-- name: marks
-- What stands against these numbers and persons, whatever came of their calls: numbers that the
-- network does not know any more, numbers on the do-not-call list for one of the purposes, numbers
-- that are not the customer's, persons who have promised to pay and still have time. And when the
-- present cycle of the customers table began; NULL: it was never reset.
SELECT 'bad' AS mark, number, outcome, NULL AS whose, found_at AS at
FROM overdue_bad_number WHERE number IN %(numbers)s
UNION ALL
SELECT DISTINCT 'do_not_call', number, NULL, NULL, NULL FROM overdue_do_not_call
WHERE number IN %(numbers)s AND is_listed = 1 AND (%(every)s OR purpose IN %(purposes)s)
UNION ALL
SELECT 'wrong', number, NULL, customer_id, told_at
FROM overdue_wrong_number WHERE number IN %(numbers)s AND source = %(source)s
UNION ALL
SELECT 'promise', NULL, NULL, person, MAX(calls_from)
FROM overdue_promise WHERE person IN %(persons)s AND calls_from > %(now)s GROUP BY person
UNION ALL
SELECT 'reset', NULL, NULL, NULL, MAX(started_at) FROM overdue_cycle WHERE source = %(source)s;

-- name: near_by_attempts
-- How much of a budget persons, and customers with these numbers, may have spent, in parts of
-- `spent`; all of it for who was called in the last days. Only those above `far`. It goes through
-- two indexes in their order and touches no row; 0 for no limit in all.
SELECT person AS whose,
       CAST(LEAST(%(spent)s, IF(MAX(claimed_at) >= %(recent)s, %(spent)s, GREATEST(
         CEIL(%(spent)s * SUM(claimed_at >= %(cycle)s) / %(per_cycle)s),
         IF(%(in_all)s, CEIL(%(spent)s * COUNT(*) / %(in_all)s), 0)))) AS UNSIGNED) AS share
FROM overdue_attempt WHERE claimed_at >= %(since)s GROUP BY person HAVING share > %(far)s
UNION ALL
SELECT number,
       CAST(LEAST(%(spent)s, IF(MAX(claimed_at) >= %(recent)s, %(spent)s, GREATEST(
         CEIL(%(spent)s * SUM(claimed_at >= %(cycle)s) / %(per_cycle)s),
         IF(%(in_all)s, CEIL(%(spent)s * COUNT(*) / %(in_all)s), 0)))) AS UNSIGNED) AS share
FROM overdue_attempt_number WHERE claimed_at >= %(since)s GROUP BY number HAVING share > %(far)s;

-- name: near_by_marks
-- All against whom a mark may stand (`marks`).
SELECT number AS whose, %(spent)s AS share FROM overdue_bad_number
UNION ALL
SELECT number, %(spent)s FROM overdue_do_not_call
WHERE is_listed = 1 AND (%(every)s OR purpose IN %(purposes)s)
UNION ALL
SELECT number, %(spent)s FROM overdue_wrong_number WHERE source = %(source)s
UNION ALL
SELECT person, %(spent)s FROM overdue_promise WHERE calls_from > %(now)s;

-- name: bad_numbers
-- All of them, oldest first.
SELECT number, outcome, found_at FROM overdue_bad_number ORDER BY found_at, number;

-- name: mark_bad
-- The network said that the number is bad; its last word counts.
INSERT INTO overdue_bad_number (number, outcome, attempt_id, found_at)
VALUES (%(number)s, %(outcome)s, %(id)s, %(now)s)
ON DUPLICATE KEY UPDATE outcome = %(outcome)s, attempt_id = %(id)s, found_at = %(now)s;

-- name: mark_good
-- The number may be dialled again.
DELETE FROM overdue_bad_number WHERE number = %(number)s;

-- name: called_attempt
-- Whom an attempt calls, and at which number.
SELECT id, run_id, source, customer_id, person, number FROM overdue_attempt WHERE id = %(id)s;

-- name: write_promise
-- Somebody promised to pay; the last day that he says counts, also where an earlier one comes later.
-- told_at is set after what is compared with it: assignments are made from left to right.
INSERT INTO overdue_promise (attempt_id, run_id, source, customer_id, person, amount, made_on,
                             promised_day, calls_from, told_at)
VALUES (%(id)s, %(run_id)s, %(source)s, %(customer_id)s, %(person)s, %(amount)s, %(made_on)s,
        %(day)s, %(calls_from)s, %(told_at)s)
ON DUPLICATE KEY UPDATE
  promised_day = IF(told_at > %(told_at)s, promised_day, %(day)s),
  calls_from = IF(told_at > %(told_at)s, calls_from, %(calls_from)s),
  told_at = IF(told_at > %(told_at)s, told_at, %(told_at)s);

-- name: open_promises
-- A page of what was promised and is not judged yet.
SELECT attempt_id, customer_id, amount, made_on, promised_day, calls_from FROM overdue_promise
WHERE source = %(source)s AND resolution IS NULL AND attempt_id > %(after)s
ORDER BY attempt_id LIMIT %(limit)s;

-- name: resolve_promise
-- Kept or broken; the first word counts.
UPDATE overdue_promise SET resolution = %(resolution)s, resolved_at = %(now)s
WHERE attempt_id = %(id)s AND resolution IS NULL;

-- name: promises
-- All promises of a customers table, newest first.
SELECT attempt_id, customer_id, amount, made_on, promised_day, calls_from, resolution, resolved_at
FROM overdue_promise WHERE source = %(source)s ORDER BY attempt_id DESC;

-- name: promises_of_run
-- What came of the promises that were made on a run's calls; NULL: still open.
SELECT resolution, COUNT(*) AS promises, SUM(amount) AS amount FROM overdue_promise
WHERE run_id = %(run_id)s GROUP BY resolution ORDER BY resolution;

-- name: mark_wrong
-- A number is not the customer's; the first word counts.
INSERT IGNORE INTO overdue_wrong_number (number, source, customer_id, attempt_id, told_at)
VALUES (%(number)s, %(source)s, %(customer_id)s, %(id)s, %(now)s);

-- name: wrong_numbers
-- Those of the customers of a table, oldest first.
SELECT customer_id, number, told_at FROM overdue_wrong_number WHERE source = %(source)s
ORDER BY told_at, number, customer_id;

-- name: mark_right
-- The number may be dialled again for every customer who has it.
DELETE FROM overdue_wrong_number WHERE number = %(number)s;

-- name: last_reset
-- When the present cycle of a customers table began; NULL: it was never reset.
SELECT MAX(started_at) AS started_at FROM overdue_cycle WHERE source = %(source)s;

-- name: open_attempts_of_source
-- Calls to a company's customers that may still change its columns.
SELECT COUNT(*) AS attempts FROM overdue_attempt WHERE source = %(source)s AND is_open = 1;

-- name: begin_cycle
-- The reset of the company's columns begins, and with it the cycle.
INSERT INTO overdue_cycle (source, campaign, started_at)
VALUES (%(source)s, %(campaign)s, %(now)s);

-- name: latest_cycle
-- The newest cycle of a customers table.
SELECT id, started_at, finished_at FROM overdue_cycle WHERE source = %(source)s
ORDER BY started_at DESC, id DESC LIMIT 1;

-- name: lock_cycle
-- How far the reset came; whoever holds this row takes the next page.
SELECT last_customer_id, started_at FROM overdue_cycle WHERE id = %(id)s FOR UPDATE;

-- name: spent_since
-- What calls to these customers since a moment have written into the company's columns.
SELECT customer_id, COUNT(*) AS attempts, MAX(outcome = 'delivered') AS delivered
FROM overdue_attempt
WHERE source = %(source)s AND customer_id IN %(customer_ids)s AND claimed_at >= %(since)s
  AND outcome_class = 'person'
GROUP BY customer_id;

-- name: archive_customer
-- Whom the cycle before did not reach.
INSERT INTO overdue_cycle_customer (cycle_id, customer_id, attempts)
VALUES (%(cycle_id)s, %(customer_id)s, %(attempts)s);

-- name: advance_cycle
-- One page more is reset.
UPDATE overdue_cycle
SET last_customer_id = %(last)s, customers_reset = customers_reset + %(reset)s,
    customers_archived = customers_archived + %(archived)s
WHERE id = %(id)s;

-- name: finish_cycle
-- All customers are reset.
UPDATE overdue_cycle SET finished_at = %(now)s WHERE id = %(id)s AND finished_at IS NULL;

-- name: cycles
-- All cycles, newest first.
SELECT id, source, campaign, started_at, finished_at, customers_reset, customers_archived
FROM overdue_cycle ORDER BY started_at DESC, id DESC;

-- name: customers_of_cycle
-- Whom the cycle before did not reach, in the order of the reset.
SELECT customer_id, attempts FROM overdue_cycle_customer WHERE cycle_id = %(id)s
ORDER BY customer_id;

-- name: count_old
-- What a purge would remove.
SELECT
  (SELECT COUNT(*) FROM overdue_attempt
   WHERE claimed_at < %(before)s AND is_open IS NULL) AS attempts,
  (SELECT COUNT(*) FROM overdue_attempt a JOIN overdue_attempt_note n ON n.attempt_id = a.id
   WHERE a.claimed_at < %(before)s AND a.is_open IS NULL) AS notes,
  (SELECT COUNT(*) FROM overdue_run r
   WHERE r.started_at < %(before)s AND r.heartbeat_at < %(before)s AND NOT EXISTS
     (SELECT 1 FROM overdue_attempt a
      WHERE a.run_id = r.id AND (a.claimed_at >= %(before)s OR a.is_open = 1))) AS runs,
  (SELECT COUNT(*) FROM overdue_cycle c JOIN overdue_cycle_customer u ON u.cycle_id = c.id
   WHERE c.started_at < %(before)s) AS archived_customers,
  (SELECT COUNT(*) FROM overdue_promise WHERE calls_from < %(before)s) AS promises,
  (SELECT COUNT(*) FROM overdue_wrong_number WHERE told_at < %(before)s) AS wrong_numbers,
  (SELECT COUNT(*) FROM overdue_inbound_call WHERE called_at < %(before)s) AS inbound_calls,
  (SELECT COUNT(*) FROM overdue_attempt
   WHERE claimed_at < %(before)s AND is_open = 1) AS left_open;

-- name: old_attempts
-- Some of those that go.
SELECT id FROM overdue_attempt WHERE claimed_at < %(before)s AND is_open IS NULL
ORDER BY claimed_at LIMIT 1000;

-- name: delete_notes
-- With their attempts.
DELETE FROM overdue_attempt_note WHERE attempt_id IN %(ids)s;

-- name: delete_events
-- With their attempts.
DELETE FROM overdue_event WHERE attempt_id IN %(ids)s;

-- name: delete_numbers
-- With their attempts.
DELETE FROM overdue_attempt_number WHERE attempt_id IN %(ids)s;

-- name: delete_attempts
-- Only final ones, whoever asks.
DELETE FROM overdue_attempt WHERE id IN %(ids)s AND is_open IS NULL;

-- name: delete_old_runs
-- Some runs that nothing refers to any more.
DELETE FROM overdue_run
WHERE started_at < %(before)s AND heartbeat_at < %(before)s
  AND NOT EXISTS (SELECT 1 FROM overdue_attempt a WHERE a.run_id = overdue_run.id)
LIMIT 1000;

-- name: delete_archived_customers
-- Some customers of old cycles; the cycles themselves stay.
DELETE FROM overdue_cycle_customer
WHERE cycle_id IN (SELECT id FROM overdue_cycle WHERE started_at < %(before)s) LIMIT 1000;

-- name: delete_old_promises
-- Some whose time was over by then, judged or not.
DELETE FROM overdue_promise WHERE calls_from < %(before)s LIMIT 1000;

-- name: delete_wrong_numbers
-- Some that were told by then: a number changes its owner.
DELETE FROM overdue_wrong_number WHERE told_at < %(before)s LIMIT 1000;

-- name: mark_dialing
-- Committed before the Originate is written; from here on only evidence moves the attempt.
UPDATE overdue_attempt
SET state = 'dialing', trunk = %(trunk)s, dialing_at = %(now)s, deadline_at = %(deadline)s
WHERE id = %(id)s AND state IN %(sources)s;

-- name: dial_later
-- Its slot was missed before the Originate was written: it gets another one.
UPDATE overdue_attempt SET dialing_at = %(now)s, deadline_at = %(deadline)s
WHERE id = %(id)s AND state = 'dialing';

-- name: insert_trunk
-- A trunk that this database has not seen yet.
INSERT IGNORE INTO overdue_trunk (trunk) VALUES (%(trunk)s);

-- name: lock_trunks
-- Whoever holds these rows counts lines, takes the next slot and lets a probe through. All of them,
-- in one order: calls at once are limited over all trunks too.
SELECT trunk FROM overdue_trunk ORDER BY trunk FOR UPDATE;

-- name: trunks
-- Every trunk, the time, and the lines that attempts of other runs hold: the open ones, and those
-- that ended just now; an end ahead of now tells that the clock was set back.
SELECT t.trunk, t.last_slot_at, t.failures, t.failure, t.pauses, t.paused_until, t.probe,
       t.probe_until, UTC_TIMESTAMP(6) AS now,
       (SELECT COUNT(*) FROM overdue_attempt a
        WHERE a.is_open = 1 AND a.run_id <> %(run_id)s AND a.trunk = t.trunk
          AND a.state IN ('dialing', 'answered', 'unresolved'))
       + (SELECT COUNT(*) FROM overdue_attempt a
          WHERE a.closed_at > UTC_TIMESTAMP(3) - INTERVAL %(let_go)s SECOND
            AND a.closed_at <= UTC_TIMESTAMP(3) AND a.run_id <> %(run_id)s AND a.trunk = t.trunk)
       AS others_calls
FROM overdue_trunk t;

-- name: trunk_of_attempt
-- What calls have told of an attempt's trunk, and the terms of its run.
SELECT t.trunk, t.failures, t.failure, t.pauses, t.paused_until, t.probe, t.probe_until,
       UTC_TIMESTAMP(6) AS now, r.breaker_failures, r.breaker_pause_seconds
FROM overdue_attempt a
JOIN overdue_trunk t ON t.trunk = a.trunk
JOIN overdue_run r ON r.id = a.run_id
WHERE a.id = %(id)s;

-- name: lock_trunk
-- What calls have told of a trunk, to change it.
SELECT failures, failure, pauses, paused_until, probe, probe_until, UTC_TIMESTAMP(6) AS now
FROM overdue_trunk WHERE trunk = %(trunk)s FOR UPDATE;

-- name: write_health
-- What calls have told of a trunk, anew.
UPDATE overdue_trunk
SET failures = %(failures)s, failure = %(failure)s, pauses = %(pauses)s,
    paused_until = %(paused_until)s, probe = %(probe)s, probe_until = %(probe_until)s
WHERE trunk = %(trunk)s;

-- name: troubled_trunks
-- Trunks whose last calls failed, for people.
SELECT trunk, failures, failure, pauses, paused_until, probe, probe_until, UTC_TIMESTAMP(6) AS now
FROM overdue_trunk WHERE failures > 0 ORDER BY trunk;

-- name: count_call
-- One more call of the campaign's day, where it may have one.
UPDATE overdue_campaign_day SET calls = calls + 1
WHERE campaign = %(campaign)s AND day = %(day)s
  AND calls < %(most_calls)s AND answered_seconds < %(most_seconds)s;

-- name: begin_day
-- The campaign's first call of its day. Not IGNORE: two that are refused as duplicates both share
-- the row's lock, and then neither can count.
INSERT INTO overdue_campaign_day (campaign, day) VALUES (%(campaign)s, %(day)s)
ON DUPLICATE KEY UPDATE calls = calls;

-- name: count_answered
-- How long an answered call of the campaign's day lasted.
INSERT INTO overdue_campaign_day (campaign, day, answered_seconds)
VALUES (%(campaign)s, %(day)s, %(seconds)s)
ON DUPLICATE KEY UPDATE answered_seconds = answered_seconds + %(seconds)s;

-- name: campaign_day
-- What the campaign has used of its day.
SELECT calls, answered_seconds FROM overdue_campaign_day
WHERE campaign = %(campaign)s AND day = %(day)s;

-- name: take_slot
-- The next call counts from this one.
UPDATE overdue_trunk SET last_slot_at = %(at)s WHERE trunk = %(trunk)s;

-- name: release
-- Claimed, but not sent.
UPDATE overdue_attempt SET state = 'released', ended_at = %(now)s
WHERE id = %(id)s AND state IN %(sources)s;

-- name: answering
-- Who answers, and for how many calls in a row his trunk has failed before.
SELECT a.run_id, a.customer_id, a.claimed_at, t.failures
FROM overdue_attempt a LEFT JOIN overdue_trunk t ON t.trunk = a.trunk WHERE a.id = %(id)s;

-- name: mark_answered
-- The customer picked up.
UPDATE overdue_attempt SET state = 'answered', answered_at = %(at)s, course = %(course)s
WHERE id = %(id)s AND state IN %(sources)s;

-- name: record_heard
-- What was heard, committed before the leg is let go; an attempt that is final keeps its own.
UPDATE overdue_attempt
SET heard_seconds = %(heard)s, heard_to_end = %(to_end)s, keys_pressed = %(keys)s,
    played_by = %(by)s, course = %(course)s
WHERE id = %(id)s AND state NOT IN ('released', 'ended');

-- name: insert_event
-- What happened on the answered leg; one that was written already stays as it is.
INSERT IGNORE INTO overdue_event (attempt_id, place, kind, detail, at_seconds)
VALUES (%(call_id)s, %(place)s, %(kind)s, %(detail)s, %(at_seconds)s);

-- name: lock_attempt
-- The attempt whose end is about to be written.
SELECT id, run_id, source, customer_id, number, state, outcome, dialing_at, answered_at, heard_seconds,
       heard_to_end, keys_pressed, played_by, course, UTC_TIMESTAMP(3) AS now
FROM overdue_attempt WHERE id = %(id)s FOR UPDATE;

-- name: end_attempt
-- The final word; the first one wins.
UPDATE overdue_attempt
SET state = 'ended', outcome = %(outcome)s, outcome_class = %(outcome_class)s,
    ended_at = %(ended_at)s, answered_at = %(answered_at)s,
    q850 = %(q850)s, tech_cause = %(tech)s, heard_seconds = %(heard)s, heard_to_end = %(to_end)s,
    keys_pressed = %(keys)s, played_by = %(by)s, course = %(course)s,
    talk_seconds = %(talk_seconds)s, closed_at = UTC_TIMESTAMP(3)
WHERE id = %(id)s AND state IN %(sources)s;

-- name: add_event
-- What happened after the server's last word, behind what it wrote.
INSERT INTO overdue_event (attempt_id, place, kind, detail, at_seconds)
SELECT %(id)s, COALESCE(MAX(place), 0) + 1, %(kind)s, %(detail)s, %(at_seconds)s
FROM overdue_event WHERE attempt_id = %(id)s;

-- name: call_backs
-- Who wanted to talk to somebody when nobody was there, oldest first.
SELECT a.id, a.customer_id, a.number, a.answered_at, e.detail
FROM overdue_event e JOIN overdue_attempt a ON a.id = e.attempt_id
WHERE e.kind = 'call_back' AND e.attempt_id >= %(since)s AND a.source = %(source)s
UNION ALL
SELECT i.id, i.customer_id, i.number, i.called_at, e.detail
FROM overdue_inbound_event e JOIN overdue_inbound_call i ON i.id = e.call_id
WHERE e.kind = 'call_back' AND e.call_id >= %(since)s AND i.source = %(source)s
ORDER BY id;

-- name: insert_note
-- Something about an attempt that its row does not say.
INSERT INTO overdue_attempt_note (attempt_id, noted_at, note) VALUES (%(id)s, %(now)s, %(note)s);

-- name: attempts_by_id
-- Where these attempts stand.
SELECT id, state, outcome, heard_seconds, keys_pressed FROM overdue_attempt WHERE id IN %(ids)s;

-- name: open_attempts
-- All that is not final yet, oldest first.
SELECT a.id, a.run_id, a.customer_id, a.number, a.trunk, a.state, a.claimed_at, a.dialing_at,
       a.deadline_at, a.pbx, a.pbx_boot, r.ended_at AS run_ended_at,
       TIMESTAMPDIFF(MICROSECOND, r.heartbeat_at, UTC_TIMESTAMP(3)) AS run_silent_us
FROM overdue_attempt a JOIN overdue_run r ON r.id = a.run_id
WHERE a.is_open = 1 ORDER BY a.claimed_at, a.id;

-- name: outcomes_of_run
-- The table of a run.
SELECT outcome, outcome_class, COUNT(*) AS calls,
       CAST(SUM(COALESCE(heard_seconds, 0)) AS DOUBLE) AS heard_seconds
FROM overdue_attempt WHERE run_id = %(run_id)s AND state = 'ended'
GROUP BY outcome, outcome_class ORDER BY calls DESC, outcome;

-- name: held_seconds
-- For how long the latest calls of a trunk held a line, on average.
SELECT AVG(TIMESTAMPDIFF(MICROSECOND, dialing_at, ended_at)) / 1000000 AS seconds
FROM (SELECT dialing_at, ended_at FROM overdue_attempt
      WHERE trunk = %(trunk)s AND closed_at IS NOT NULL ORDER BY closed_at DESC LIMIT 1000) latest
WHERE dialing_at IS NOT NULL;

-- name: states_of_run
-- How many attempts of a run stand where.
SELECT state, COUNT(*) AS attempts FROM overdue_attempt WHERE run_id = %(run_id)s GROUP BY state;

-- name: attempts_of_run
-- Every attempt of a run, in the order of the claims.
SELECT id, customer_id, number, state, outcome, outcome_class, claimed_at, dialing_at, answered_at,
       ended_at, q850, tech_cause, heard_seconds, heard_to_end, keys_pressed, played_by,
       prompt, prompt_hash, law, law_version, verdict
FROM overdue_attempt WHERE run_id = %(run_id)s ORDER BY id;

-- name: latest_call_to
-- The latest call to a number since a moment; not to a customer whose number it is not.
SELECT a.id, a.run_id, a.source, a.customer_id FROM overdue_attempt a
WHERE a.number = %(number)s AND a.claimed_at >= %(since)s AND a.dialing_at IS NOT NULL
  AND a.state <> 'released' AND COALESCE(a.outcome, '') <> 'not_placed'
  AND NOT EXISTS (SELECT 1 FROM overdue_wrong_number w
                  WHERE w.number = a.number AND w.source = a.source
                    AND w.customer_id = a.customer_id)
ORDER BY a.claimed_at DESC LIMIT 1;

-- name: insert_inbound
-- Somebody rings back, and is recognised.
INSERT INTO overdue_inbound_call (id, attempt_id, source, customer_id, number, called_at)
VALUES (%(id)s, %(attempt_id)s, %(source)s, %(customer_id)s, %(number)s, %(at)s);

-- name: inbound_call
-- Who rang back, as what he decides is written.
SELECT attempt_id AS id, source, customer_id, number FROM overdue_inbound_call WHERE id = %(id)s;

-- name: record_inbound
-- What he heard and did.
UPDATE overdue_inbound_call
SET course = COALESCE(NULLIF(%(course)s, ''), course, ''), heard_seconds = %(heard)s, heard_to_end = %(to_end)s,
    keys_pressed = %(keys)s
WHERE id = %(id)s;

-- name: end_inbound
-- The end of a call back, as the PBX told it: of what he heard the server's own word stands.
UPDATE overdue_inbound_call
SET course = COALESCE(NULLIF(%(course)s, ''), course, ''),
    heard_seconds = COALESCE(heard_seconds, %(heard)s),
    heard_to_end = COALESCE(heard_to_end, %(to_end)s),
    keys_pressed = COALESCE(keys_pressed, %(keys)s)
WHERE id = %(id)s;

-- name: insert_inbound_event
-- What happened on a call back; one that was written already stays as it is.
INSERT IGNORE INTO overdue_inbound_event (call_id, place, kind, detail, at_seconds)
VALUES (%(call_id)s, %(place)s, %(kind)s, %(detail)s, %(at_seconds)s);

-- name: add_inbound_event
-- What happened after the server's last word on a call back, behind what it wrote; once.
INSERT INTO overdue_inbound_event (call_id, place, kind, detail, at_seconds)
SELECT %(id)s, COALESCE(MAX(place), 0) + 1, %(kind)s, %(detail)s, %(at_seconds)s
FROM overdue_inbound_event WHERE call_id = %(id)s
HAVING COALESCE(SUM(kind = %(kind)s AND detail = %(detail)s), 0) = 0;

-- name: old_inbound
-- Some of those that go.
SELECT id FROM overdue_inbound_call WHERE called_at < %(before)s ORDER BY called_at LIMIT 1000;

-- name: delete_inbound_events
-- With their calls.
DELETE FROM overdue_inbound_event WHERE call_id IN %(ids)s;

-- name: delete_inbound
-- Calls of customers who rang back.
DELETE FROM overdue_inbound_call WHERE id IN %(ids)s;

-- name: calls_to
-- Every call to a customer, whichever table he stands in, oldest first.
SELECT a.id AS attempt, r.campaign, COALESCE(a.dialing_at, a.claimed_at) AS called_at,
       a.answered_at, a.ended_at, a.number, a.state, a.outcome, a.heard_seconds, a.heard_to_end,
       a.keys_pressed, a.played_by
FROM overdue_attempt a JOIN overdue_run r ON r.id = a.run_id
WHERE a.source IN (SELECT DISTINCT source FROM overdue_attempt) AND a.customer_id = %(customer)s
  AND a.state <> 'released'
ORDER BY a.id;

-- name: events_of
-- What happened on these calls.
SELECT attempt_id, at_seconds, kind, detail FROM overdue_event
WHERE attempt_id IN %(ids)s ORDER BY attempt_id, place;

-- name: calls_back_of
-- Every call of a customer who rang back, oldest first, as `calls_to` shows calls.
SELECT i.id AS attempt, r.campaign, i.called_at, i.called_at AS answered_at, NULL AS ended_at,
       i.number, 'rang_back' AS state, NULLIF(i.course, '') AS outcome, i.heard_seconds,
       i.heard_to_end, i.keys_pressed, 'agi' AS played_by
FROM overdue_inbound_call i
LEFT JOIN overdue_attempt a ON a.id = i.attempt_id LEFT JOIN overdue_run r ON r.id = a.run_id
WHERE i.customer_id = %(customer)s ORDER BY i.called_at, i.id;

-- name: inbound_events_of
-- What happened on these calls.
SELECT call_id AS attempt_id, at_seconds, kind, detail FROM overdue_inbound_event
WHERE call_id IN %(ids)s ORDER BY call_id, place;

-- name: add_do_not_call
-- Numbers that are not called; one that is there already stays as it is.
INSERT IGNORE INTO overdue_do_not_call (number, purpose, source, added_at)
VALUES (%(number)s, %(purpose)s, %(source)s, %(added_at)s);

-- name: remove_do_not_call
-- Entries that no longer count; they stay, with the moment.
UPDATE overdue_do_not_call SET removed_at = %(now)s
WHERE number = %(number)s AND is_listed = 1
  AND (%(purpose)s IS NULL OR purpose = %(purpose)s)
  AND (%(source)s IS NULL OR source = %(source)s);

-- name: do_not_call_of
-- All that was ever said of a number.
SELECT number, purpose, source, added_at, removed_at FROM overdue_do_not_call
WHERE number = %(number)s ORDER BY id;

-- name: count_do_not_call
-- The list by purpose and source.
SELECT purpose, source, COUNT(*) AS numbers FROM overdue_do_not_call WHERE is_listed = 1
GROUP BY purpose, source ORDER BY purpose, source;

-- name: do_not_call_page
-- The list, in the order in which it was added.
SELECT id, number, purpose, source, added_at, removed_at FROM overdue_do_not_call
WHERE id > %(after)s AND is_listed = 1 ORDER BY id LIMIT %(limit)s;

-- name: database_time
-- The database's clock, to compare with ours.
SELECT UTC_TIMESTAMP(3) AS now;

-- name: identity
-- The server's version, and the account as it was matched.
SELECT VERSION() AS version, CURRENT_USER() AS account;

-- name: own_grants
-- What the account may do.
SHOW GRANTS;
