-- The one quote that may be deleted: no job and no list refers to it, and it is a week older than the newest quote. Measured
-- against the newest quote because a clock can be wrong. After 0002_sqlite.sql; separated by "-- next".
DROP TRIGGER IF EXISTS credits_quote_keeps
-- next
CREATE TRIGGER credits_quote_keeps BEFORE DELETE ON credits_quote
WHEN OLD.created_at >= datetime((SELECT q.created_at FROM credits_quote q ORDER BY q.id DESC LIMIT 1), '-7 days')
  OR EXISTS (SELECT 1 FROM projects_job j WHERE j.quote_id = OLD.id)
  OR EXISTS (SELECT 1 FROM projects_batchrow r WHERE r.quote_id = OLD.id)
BEGIN SELECT RAISE(ABORT, 'the books are append-only: DELETE of credits_quote refused'); END
