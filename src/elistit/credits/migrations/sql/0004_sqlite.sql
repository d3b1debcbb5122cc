-- The one change the books allow: while the account's erasure is under way, the words of its rows (actor, reason) may be
-- replaced and their hashes made again. No number, type, job, key or moment. After 0002_sqlite.sql; separated by "-- next".
DROP TRIGGER IF EXISTS credits_transaction_stays
-- next
CREATE TRIGGER credits_transaction_stays BEFORE UPDATE ON credits_credittransaction
WHEN NOT (
  NEW.id IS OLD.id AND NEW.account_id IS OLD.account_id AND NEW.seq IS OLD.seq AND NEW.type IS OLD.type
  AND NEW.contra IS OLD.contra AND NEW.amount IS OLD.amount AND NEW.balance_after IS OLD.balance_after
  AND NEW.job IS OLD.job AND NEW.project IS OLD.project AND NEW.item IS OLD.item
  AND NEW.idempotency_key IS OLD.idempotency_key AND NEW.request_digest IS OLD.request_digest
  AND NEW.created_at IS OLD.created_at AND EXISTS (
    SELECT 1 FROM accounts_erasure e JOIN credits_creditaccount a ON a.owner_id = e.owner_id
     WHERE a.id = OLD.account_id AND e.started_at IS NOT NULL AND e.ended_at IS NULL))
BEGIN SELECT RAISE(ABORT, 'the books are append-only: UPDATE of credits_credittransaction refused'); END
-- next
DROP TRIGGER IF EXISTS credits_account_moves
-- next
CREATE TRIGGER credits_account_moves BEFORE UPDATE ON credits_creditaccount
WHEN NEW.id <> OLD.id OR NEW.owner_id <> OLD.owner_id
  OR ((NEW.balance <> OLD.balance OR NEW.seq <> OLD.seq OR NEW.head_hash <> OLD.head_hash)
    AND NOT (NEW.seq = OLD.seq + 1 AND EXISTS (
      SELECT 1 FROM credits_credittransaction t WHERE t.account_id = NEW.id AND t.seq = NEW.seq
        AND t.balance_after = NEW.balance AND t.hash = NEW.head_hash AND t.amount = NEW.balance - OLD.balance))
    AND NOT (NEW.seq = OLD.seq AND NEW.balance = OLD.balance AND EXISTS (
      SELECT 1 FROM credits_credittransaction t WHERE t.account_id = NEW.id AND t.seq = NEW.seq AND t.hash = NEW.head_hash)
      AND EXISTS (SELECT 1 FROM accounts_erasure e WHERE e.owner_id = OLD.owner_id
        AND e.started_at IS NOT NULL AND e.ended_at IS NULL)))
BEGIN SELECT RAISE(ABORT, 'an account moves only by a posted transaction'); END
