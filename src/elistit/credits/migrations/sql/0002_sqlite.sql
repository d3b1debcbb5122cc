-- What SQLite itself refuses in the books. The same promises as 0002_postgresql.sql.
-- Statements are separated by lines that read exactly "-- next". A later migration that rebuilds one of these tables
-- must run this file again: SQLite drops a table's triggers with the table.

CREATE TRIGGER IF NOT EXISTS credits_transaction_stays BEFORE UPDATE ON credits_credittransaction
BEGIN SELECT RAISE(ABORT, 'the books are append-only: UPDATE of credits_credittransaction refused'); END
-- next
CREATE TRIGGER IF NOT EXISTS credits_transaction_keeps BEFORE DELETE ON credits_credittransaction
BEGIN SELECT RAISE(ABORT, 'the books are append-only: DELETE of credits_credittransaction refused'); END
-- next
CREATE TRIGGER IF NOT EXISTS credits_entry_stays BEFORE UPDATE ON credits_creditentry
BEGIN SELECT RAISE(ABORT, 'the books are append-only: UPDATE of credits_creditentry refused'); END
-- next
CREATE TRIGGER IF NOT EXISTS credits_entry_keeps BEFORE DELETE ON credits_creditentry
BEGIN SELECT RAISE(ABORT, 'the books are append-only: DELETE of credits_creditentry refused'); END
-- next
CREATE TRIGGER IF NOT EXISTS credits_quote_stays BEFORE UPDATE ON credits_quote
BEGIN SELECT RAISE(ABORT, 'the books are append-only: UPDATE of credits_quote refused'); END
-- next
CREATE TRIGGER IF NOT EXISTS credits_quote_keeps BEFORE DELETE ON credits_quote
BEGIN SELECT RAISE(ABORT, 'the books are append-only: DELETE of credits_quote refused'); END
-- next
-- INSERT OR REPLACE deletes without asking the triggers above, so a row that would replace another is refused here.
CREATE TRIGGER IF NOT EXISTS credits_transaction_once BEFORE INSERT ON credits_credittransaction
WHEN EXISTS (SELECT 1 FROM credits_credittransaction WHERE id = NEW.id)
  OR EXISTS (SELECT 1 FROM credits_credittransaction WHERE idempotency_key = NEW.idempotency_key)
  OR EXISTS (SELECT 1 FROM credits_credittransaction WHERE account_id = NEW.account_id AND seq = NEW.seq)
BEGIN SELECT RAISE(ABORT, 'the books already hold this transaction, key or seq'); END
-- next
CREATE TRIGGER IF NOT EXISTS credits_entry_once BEFORE INSERT ON credits_creditentry
WHEN EXISTS (SELECT 1 FROM credits_creditentry WHERE id = NEW.id)
BEGIN SELECT RAISE(ABORT, 'the books already hold this entry'); END
-- next
CREATE TRIGGER IF NOT EXISTS credits_quote_once BEFORE INSERT ON credits_quote
WHEN EXISTS (SELECT 1 FROM credits_quote WHERE id = NEW.id)
BEGIN SELECT RAISE(ABORT, 'the books already hold this quote'); END
-- next
-- Accounts: open at zero; balance, seq and head_hash move only to where a posted transaction says.
CREATE TRIGGER IF NOT EXISTS credits_account_opens BEFORE INSERT ON credits_creditaccount
WHEN NEW.balance <> 0 OR NEW.seq <> 0 OR NEW.head_hash <> ''
  OR EXISTS (SELECT 1 FROM credits_creditaccount WHERE id = NEW.id OR owner_id = NEW.owner_id)
BEGIN SELECT RAISE(ABORT, 'an account opens once and at zero'); END
-- next
CREATE TRIGGER IF NOT EXISTS credits_account_moves BEFORE UPDATE ON credits_creditaccount
WHEN NEW.id <> OLD.id OR NEW.owner_id <> OLD.owner_id
  OR ((NEW.balance <> OLD.balance OR NEW.seq <> OLD.seq OR NEW.head_hash <> OLD.head_hash)
    AND NOT (NEW.seq = OLD.seq + 1 AND EXISTS (
      SELECT 1 FROM credits_credittransaction t WHERE t.account_id = NEW.id AND t.seq = NEW.seq
        AND t.balance_after = NEW.balance AND t.hash = NEW.head_hash AND t.amount = NEW.balance - OLD.balance)))
BEGIN SELECT RAISE(ABORT, 'an account moves only by a posted transaction'); END
-- next
CREATE TRIGGER IF NOT EXISTS credits_account_stays BEFORE DELETE ON credits_creditaccount
BEGIN SELECT RAISE(ABORT, 'the books are append-only: DELETE of credits_creditaccount refused'); END
-- next
-- Grants: open empty and are filled by an entry; only `remaining` ever moves, and only to the sum of its entries.
CREATE TRIGGER IF NOT EXISTS credits_grant_opens BEFORE INSERT ON credits_creditgrant
WHEN NEW.remaining <> 0 OR NEW.amount <= 0 OR EXISTS (SELECT 1 FROM credits_creditgrant WHERE id = NEW.id)
BEGIN SELECT RAISE(ABORT, 'a grant opens once and empty'); END
-- next
CREATE TRIGGER IF NOT EXISTS credits_grant_moves BEFORE UPDATE ON credits_creditgrant
WHEN NEW.id <> OLD.id OR NEW.account_id <> OLD.account_id OR NEW.amount <> OLD.amount OR NEW.source <> OLD.source
  OR NEW.expires_at IS NOT OLD.expires_at OR NEW.created_at <> OLD.created_at
  OR NEW.remaining <> (SELECT COALESCE(SUM(e.amount), 0) FROM credits_creditentry e WHERE e.grant_id = NEW.id)
BEGIN SELECT RAISE(ABORT, 'a grant moves only by an entry'); END
-- next
CREATE TRIGGER IF NOT EXISTS credits_grant_stays BEFORE DELETE ON credits_creditgrant
BEGIN SELECT RAISE(ABORT, 'the books are append-only: DELETE of credits_creditgrant refused'); END
-- next
-- A transaction moves its account, from exactly where the account stands, or is refused.
CREATE TRIGGER IF NOT EXISTS credits_transaction_posts AFTER INSERT ON credits_credittransaction
BEGIN
  UPDATE credits_creditaccount SET balance = NEW.balance_after, seq = NEW.seq, head_hash = NEW.hash
   WHERE id = NEW.account_id AND seq = NEW.seq - 1 AND balance = NEW.balance_after - NEW.amount
     AND head_hash = NEW.previous_hash;
  SELECT RAISE(ABORT, 'the transaction does not follow its account') WHERE changes() = 0;
END
-- next
-- What each type may be: the sign of its amount, its counter-account, and whether it names a job or a reason.
CREATE TRIGGER IF NOT EXISTS credits_transaction_lawful BEFORE INSERT ON credits_credittransaction
WHEN NOT CASE NEW.type
  WHEN 'SPEND_CREDIT' THEN NEW.amount <= 0 AND NEW.contra = 'revenue' AND NEW.job <> ''
  WHEN 'REFUND_CREDIT' THEN NEW.amount >= 0 AND NEW.contra = 'revenue' AND NEW.job <> ''
  WHEN 'GRANT_CREDIT' THEN NEW.amount > 0 AND NEW.contra = 'promo'
  WHEN 'PURCHASE_CREDIT' THEN NEW.amount > 0 AND NEW.contra = 'cash'
  WHEN 'EXPIRE_CREDIT' THEN NEW.amount < 0 AND NEW.contra = 'breakage'
  WHEN 'ADJUST_CREDIT' THEN NEW.amount <> 0 AND NEW.contra = 'correction' AND NEW.reason <> ''
  ELSE FALSE END
BEGIN SELECT RAISE(ABORT, 'no lawful transaction'); END
-- next
-- Refunds of a job never exceed its spends.
CREATE TRIGGER IF NOT EXISTS credits_refund_checks BEFORE INSERT ON credits_credittransaction
WHEN NEW.type = 'REFUND_CREDIT' AND (
  SELECT COALESCE(SUM(amount), 1) + NEW.amount > 0 FROM credits_credittransaction
   WHERE job = NEW.job AND job <> '' AND account_id = NEW.account_id AND type IN ('SPEND_CREDIT', 'REFUND_CREDIT'))
BEGIN SELECT RAISE(ABORT, 'the refund is more than the job was charged'); END
-- next
-- An entry moves its grant, belongs to the same account, and only to that account's newest transaction.
CREATE TRIGGER IF NOT EXISTS credits_entry_posts AFTER INSERT ON credits_creditentry
BEGIN
  UPDATE credits_creditgrant SET remaining = remaining + NEW.amount
   WHERE id = NEW.grant_id AND account_id = (
     SELECT t.account_id FROM credits_credittransaction t JOIN credits_creditaccount a ON a.id = t.account_id
      WHERE t.id = NEW.transaction_id AND a.seq = t.seq);
  SELECT RAISE(ABORT, 'the entry does not belong to the newest transaction of its account') WHERE changes() = 0;
END
-- next
CREATE VIEW IF NOT EXISTS credits_leg AS
  SELECT id AS transaction_id, 'account' AS side, account_id, '' AS house, amount FROM credits_credittransaction
  UNION ALL SELECT id, 'house', account_id, contra, -amount FROM credits_credittransaction
-- next
CREATE VIEW IF NOT EXISTS credits_house AS
  SELECT contra AS house, -SUM(amount) AS balance, COUNT(*) AS transactions FROM credits_credittransaction GROUP BY contra
