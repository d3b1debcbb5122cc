-- The one change the books allow: while the account's erasure is under way, the words of its rows (actor, reason) may be
-- replaced and their hashes made again. No number, type, job, key or moment. After 0002_postgresql.sql; separated by "-- next".
CREATE OR REPLACE FUNCTION credits_transaction_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'UPDATE' THEN
    IF (NEW.id, NEW.account_id, NEW.seq, NEW.type, NEW.contra, NEW.amount, NEW.balance_after, NEW.job, NEW.project, NEW.item,
        NEW.idempotency_key, NEW.request_digest, NEW.created_at)
      IS NOT DISTINCT FROM
       (OLD.id, OLD.account_id, OLD.seq, OLD.type, OLD.contra, OLD.amount, OLD.balance_after, OLD.job, OLD.project, OLD.item,
        OLD.idempotency_key, OLD.request_digest, OLD.created_at)
      AND EXISTS (
        SELECT 1 FROM accounts_erasure e JOIN credits_creditaccount a ON a.owner_id = e.owner_id
         WHERE a.id = OLD.account_id AND e.started_at IS NOT NULL AND e.ended_at IS NULL) THEN
      RETURN NEW;
    END IF;
  END IF;
  RAISE EXCEPTION 'the books are append-only: % of % refused', TG_OP, TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END $$
-- next
CREATE OR REPLACE TRIGGER credits_transaction_stays BEFORE UPDATE OR DELETE ON credits_credittransaction
  FOR EACH ROW EXECUTE FUNCTION credits_transaction_refuse()
-- next
CREATE OR REPLACE FUNCTION credits_account_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF (NEW.id, NEW.owner_id, NEW.balance, NEW.seq, NEW.created_at)
    IS NOT DISTINCT FROM (OLD.id, OLD.owner_id, OLD.balance, OLD.seq, OLD.created_at)
    AND EXISTS (
      SELECT 1 FROM credits_credittransaction t WHERE t.account_id = NEW.id AND t.seq = NEW.seq AND t.hash = NEW.head_hash)
    AND EXISTS (
      SELECT 1 FROM accounts_erasure e WHERE e.owner_id = OLD.owner_id AND e.started_at IS NOT NULL AND e.ended_at IS NULL) THEN
    RETURN NEW;
  END IF;
  RAISE EXCEPTION 'the books are append-only: % of % refused', TG_OP, TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END $$
-- next
CREATE OR REPLACE TRIGGER credits_account_moves BEFORE UPDATE ON credits_creditaccount
  FOR EACH ROW WHEN (pg_trigger_depth() = 0) EXECUTE FUNCTION credits_account_refuse()
