-- The one quote that may be deleted: no job and no list refers to it, and it is a week older than the newest quote. Measured
-- against the newest quote because a clock can be wrong. After 0002_postgresql.sql; separated by "-- next".
CREATE OR REPLACE FUNCTION credits_quote_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'DELETE' THEN
    IF OLD.created_at < (SELECT q.created_at FROM credits_quote q ORDER BY q.id DESC LIMIT 1) - interval '7 days'
      AND NOT EXISTS (SELECT 1 FROM projects_job j WHERE j.quote_id = OLD.id)
      AND NOT EXISTS (SELECT 1 FROM projects_batchrow r WHERE r.quote_id = OLD.id) THEN
      RETURN OLD;
    END IF;
  END IF;
  RAISE EXCEPTION 'the books are append-only: % of % refused', TG_OP, TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END $$
-- next
CREATE OR REPLACE TRIGGER credits_quote_stays BEFORE UPDATE OR DELETE ON credits_quote
  FOR EACH ROW EXECUTE FUNCTION credits_quote_refuse()
