-- What PostgreSQL itself refuses in the books, and the one-statement posting of a spend.
-- Statements are separated by lines that read exactly "-- next". Every statement may be run again.

CREATE OR REPLACE FUNCTION credits_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'the books are append-only: % of % refused', TG_OP, TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END $$
-- next
CREATE OR REPLACE TRIGGER credits_transaction_stays BEFORE UPDATE OR DELETE ON credits_credittransaction
  FOR EACH ROW EXECUTE FUNCTION credits_refuse()
-- next
CREATE OR REPLACE TRIGGER credits_transaction_keeps BEFORE TRUNCATE ON credits_credittransaction
  EXECUTE FUNCTION credits_refuse()
-- next
CREATE OR REPLACE TRIGGER credits_entry_stays BEFORE UPDATE OR DELETE ON credits_creditentry
  FOR EACH ROW EXECUTE FUNCTION credits_refuse()
-- next
CREATE OR REPLACE TRIGGER credits_entry_keeps BEFORE TRUNCATE ON credits_creditentry
  EXECUTE FUNCTION credits_refuse()
-- next
CREATE OR REPLACE TRIGGER credits_quote_stays BEFORE UPDATE OR DELETE ON credits_quote
  FOR EACH ROW EXECUTE FUNCTION credits_refuse()
-- next
CREATE OR REPLACE TRIGGER credits_quote_keeps BEFORE TRUNCATE ON credits_quote
  EXECUTE FUNCTION credits_refuse()
-- next
-- Accounts open at zero and are never updated except from inside the trigger of a posted transaction. The conditions are
-- kept short because PostgreSQL reads them anew for every statement.
CREATE OR REPLACE TRIGGER credits_account_opens BEFORE INSERT ON credits_creditaccount
  FOR EACH ROW WHEN (NEW.balance <> 0 OR NEW.seq <> 0 OR NEW.head_hash <> '') EXECUTE FUNCTION credits_refuse()
-- next
CREATE OR REPLACE TRIGGER credits_account_moves BEFORE UPDATE ON credits_creditaccount
  FOR EACH ROW WHEN (pg_trigger_depth() = 0) EXECUTE FUNCTION credits_refuse()
-- next
CREATE OR REPLACE TRIGGER credits_account_stays BEFORE DELETE ON credits_creditaccount
  FOR EACH ROW EXECUTE FUNCTION credits_refuse()
-- next
-- Grants open empty, are filled by an entry, and are never updated except from inside an entry's trigger.
CREATE OR REPLACE TRIGGER credits_grant_opens BEFORE INSERT ON credits_creditgrant
  FOR EACH ROW WHEN (NEW.remaining <> 0 OR NEW.amount <= 0) EXECUTE FUNCTION credits_refuse()
-- next
CREATE OR REPLACE TRIGGER credits_grant_moves BEFORE UPDATE ON credits_creditgrant
  FOR EACH ROW WHEN (pg_trigger_depth() = 0) EXECUTE FUNCTION credits_refuse()
-- next
CREATE OR REPLACE TRIGGER credits_grant_stays BEFORE DELETE ON credits_creditgrant
  FOR EACH ROW EXECUTE FUNCTION credits_refuse()
-- next
-- A transaction is of a lawful kind, refunds of a job never exceed its spends, and it moves its account from exactly where
-- the account stands; otherwise it is refused. One function, because each further trigger costs every posting.
CREATE OR REPLACE FUNCTION credits_transaction_posted() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NOT (CASE NEW.type
    WHEN 'SPEND_CREDIT' THEN NEW.amount <= 0 AND NEW.contra = 'revenue' AND NEW.job <> ''
    WHEN 'REFUND_CREDIT' THEN NEW.amount >= 0 AND NEW.contra = 'revenue' AND NEW.job <> ''
    WHEN 'GRANT_CREDIT' THEN NEW.amount > 0 AND NEW.contra = 'promo'
    WHEN 'PURCHASE_CREDIT' THEN NEW.amount > 0 AND NEW.contra = 'cash'
    WHEN 'EXPIRE_CREDIT' THEN NEW.amount < 0 AND NEW.contra = 'breakage'
    WHEN 'ADJUST_CREDIT' THEN NEW.amount <> 0 AND NEW.contra = 'correction' AND NEW.reason <> ''
    ELSE FALSE END) THEN
    RAISE EXCEPTION 'no lawful transaction: % of % against %', NEW.type, NEW.amount, NEW.contra
      USING ERRCODE = 'check_violation';
  END IF;
  IF NEW.type = 'REFUND_CREDIT' AND (
    SELECT SUM(amount) > 0 OR COUNT(*) FILTER (WHERE type = 'SPEND_CREDIT') = 0 FROM credits_credittransaction
     WHERE job = NEW.job AND account_id = NEW.account_id AND type IN ('SPEND_CREDIT', 'REFUND_CREDIT')) THEN
    RAISE EXCEPTION 'the refund is more than the job was charged' USING ERRCODE = 'check_violation';
  END IF;
  UPDATE credits_creditaccount SET balance = NEW.balance_after, seq = NEW.seq, head_hash = NEW.hash
   WHERE id = NEW.account_id AND seq = NEW.seq - 1 AND balance = NEW.balance_after - NEW.amount
     AND head_hash = NEW.previous_hash;
  IF NOT FOUND THEN
    RAISE EXCEPTION 'the transaction does not follow its account' USING ERRCODE = 'check_violation';
  END IF;
  RETURN NULL;
END $$
-- next
CREATE OR REPLACE TRIGGER credits_transaction_posts AFTER INSERT ON credits_credittransaction
  FOR EACH ROW EXECUTE FUNCTION credits_transaction_posted()
-- next
-- Room beside the rows that move with every posting, so that moving them rewrites no index.
ALTER TABLE credits_creditaccount SET (fillfactor = 60)
-- next
ALTER TABLE credits_creditgrant SET (fillfactor = 60)
-- next
-- An entry moves its grant, belongs to the same account, and only to that account's newest transaction.
CREATE OR REPLACE FUNCTION credits_entry_posted() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  UPDATE credits_creditgrant g SET remaining = g.remaining + NEW.amount
    FROM credits_credittransaction t, credits_creditaccount a
   WHERE g.id = NEW.grant_id AND t.id = NEW.transaction_id AND t.account_id = g.account_id
     AND a.id = t.account_id AND a.seq = t.seq;
  IF NOT FOUND THEN
    RAISE EXCEPTION 'the entry does not belong to the newest transaction of its account' USING ERRCODE = 'check_violation';
  END IF;
  RETURN NULL;
END $$
-- next
CREATE OR REPLACE TRIGGER credits_entry_posts AFTER INSERT ON credits_creditentry
  FOR EACH ROW EXECUTE FUNCTION credits_entry_posted()
-- next
CREATE OR REPLACE VIEW credits_leg AS
  SELECT id AS transaction_id, 'account' AS side, account_id, '' AS house, amount FROM credits_credittransaction
  UNION ALL SELECT id, 'house', account_id, contra, -amount FROM credits_credittransaction
-- next
CREATE OR REPLACE VIEW credits_house AS
  SELECT contra AS house, -SUM(amount) AS balance, COUNT(*) AS transactions FROM credits_credittransaction GROUP BY contra
-- next
-- A spend in one statement. Takes the account first; answers without writing anything when there is no account, the key
-- is known, the credits do not suffice, or a grant is due to expire (the caller sweeps and calls again).
-- The document that is hashed is spelled exactly as in elistit/credits/chain.py.
CREATE OR REPLACE FUNCTION credits_spend(
  p_owner bigint, p_amount bigint, p_id text, p_job text, p_project text, p_item integer, p_key text, p_digest text,
  p_reason text, p_actor text, p_now text,
  OUT o_status text, OUT o_id text, OUT o_type text, OUT o_amount bigint, OUT o_balance bigint, OUT o_digest text
) LANGUAGE plpgsql AS $$
DECLARE
  v_account bigint; v_balance bigint; v_seq bigint; v_head text;
  v_now timestamptz := p_now::timestamptz;
  v_left bigint := p_amount; v_part bigint; v_grants text[] := '{}'; v_parts bigint[] := '{}'; v_entries text := '';
  v_grant record; v_hash text;
BEGIN
  SELECT id, balance, seq + 1, head_hash INTO v_account, v_balance, v_seq, v_head
    FROM credits_creditaccount WHERE owner_id = p_owner FOR NO KEY UPDATE;
  IF NOT FOUND THEN o_status := 'no account'; RETURN; END IF;
  SELECT 'known', id, type, amount, balance_after, request_digest
    INTO o_status, o_id, o_type, o_amount, o_balance, o_digest
    FROM credits_credittransaction WHERE idempotency_key = p_key;
  IF FOUND THEN RETURN; END IF;
  FOR v_grant IN SELECT id, remaining, expires_at FROM credits_creditgrant
    WHERE account_id = v_account AND remaining > 0 ORDER BY expires_at, id LOOP
    IF v_grant.expires_at <= v_now THEN o_status := 'due'; RETURN; END IF;
    EXIT WHEN v_left = 0;
    v_part := LEAST(v_left, v_grant.remaining);
    v_left := v_left - v_part;
    v_grants := v_grants || v_grant.id::text;
    v_parts := v_parts || -v_part;
    v_entries := v_entries || ',["' || v_grant.id || '",' || -v_part || ',null]';
    EXIT WHEN v_left = 0;
  END LOOP;
  IF v_left > 0 THEN o_status := 'short'; o_balance := v_balance; RETURN; END IF;
  v_hash := encode(sha256(convert_to(
    '{"account":' || v_account || ',"actor":' || to_json(p_actor) || ',"amount":' || -p_amount
    || ',"balance_after":' || v_balance - p_amount || ',"contra":"revenue","created_at":"' || p_now
    || '","entries":[' || substr(v_entries, 2) || '],"id":"' || p_id || '","idempotency_key":' || to_json(p_key)
    || ',"item":' || COALESCE(p_item::text, 'null') || ',"job":' || to_json(p_job) || ',"previous_hash":"' || v_head
    || '","project":' || to_json(p_project) || ',"reason":' || to_json(p_reason) || ',"request_digest":"' || p_digest
    || '","seq":' || v_seq || ',"type":"SPEND_CREDIT"}', 'UTF8')), 'hex');
  INSERT INTO credits_credittransaction(id, account_id, seq, type, contra, amount, balance_after, job, project, item,
      idempotency_key, request_digest, reason, actor, created_at, previous_hash, hash)
    VALUES (p_id, v_account, v_seq, 'SPEND_CREDIT', 'revenue', -p_amount, v_balance - p_amount, p_job, p_project, p_item,
      p_key, p_digest, p_reason, p_actor, v_now, v_head, v_hash);
  FOR v_i IN 1 .. cardinality(v_grants) LOOP
    INSERT INTO credits_creditentry(transaction_id, grant_id, amount) VALUES (p_id, v_grants[v_i], v_parts[v_i]);
  END LOOP;
  o_status := 'posted'; o_id := p_id; o_type := 'SPEND_CREDIT'; o_amount := -p_amount; o_balance := v_balance - p_amount;
END $$
