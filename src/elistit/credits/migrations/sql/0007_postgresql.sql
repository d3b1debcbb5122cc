-- A spend on PostgreSQL with less work: the same answers, rows, hashes and refusals as in 0002_postgresql.sql.
-- Statements are separated by lines that read exactly "-- next". Every statement may be run again.

-- As in 0002, but the sum over a job is asked for refunds only: as part of a longer condition it was planned and run for
-- every row.
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
  IF NEW.type = 'REFUND_CREDIT' THEN
    IF (SELECT SUM(amount) > 0 OR COUNT(*) FILTER (WHERE type = 'SPEND_CREDIT') = 0 FROM credits_credittransaction
         WHERE job = NEW.job AND account_id = NEW.account_id AND type IN ('SPEND_CREDIT', 'REFUND_CREDIT')) THEN
      RAISE EXCEPTION 'the refund is more than the job was charged' USING ERRCODE = 'check_violation';
    END IF;
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
-- As in 0002, with two differences. An unused idempotency key is found by the INSERT itself instead of by a look-up before it;
-- a known one, also when it was just posted for another account, is looked up afterwards. And the grant that is used first
-- is read alone, because it nearly always suffices; only a larger spend goes through the others.
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
  v_first text; v_remaining bigint; v_ends timestamptz; v_grant record; v_refused text; v_hash text;
BEGIN
  SELECT id, balance, seq + 1, head_hash INTO v_account, v_balance, v_seq, v_head
    FROM credits_creditaccount WHERE owner_id = p_owner FOR NO KEY UPDATE;
  IF NOT FOUND THEN o_status := 'no account'; RETURN; END IF;
  SELECT id, remaining, expires_at INTO v_first, v_remaining, v_ends FROM credits_creditgrant
    WHERE account_id = v_account AND remaining > 0 ORDER BY expires_at, id LIMIT 1;
  IF v_ends <= v_now THEN
    v_refused := 'due';
  ELSIF p_amount > 0 AND v_remaining >= p_amount THEN
    v_grants := ARRAY[v_first];
    v_parts := ARRAY[-p_amount];
    v_entries := ',["' || v_first || '",' || -p_amount || ',null]';
  ELSIF p_amount > 0 THEN
    FOR v_grant IN SELECT id, remaining FROM credits_creditgrant
      WHERE account_id = v_account AND remaining > 0 ORDER BY expires_at, id LOOP
      v_part := LEAST(v_left, v_grant.remaining);
      v_left := v_left - v_part;
      v_grants := v_grants || v_grant.id::text;
      v_parts := v_parts || -v_part;
      v_entries := v_entries || ',["' || v_grant.id || '",' || -v_part || ',null]';
      EXIT WHEN v_left = 0;
    END LOOP;
    IF v_left > 0 THEN v_refused := 'short'; END IF;
  END IF;
  IF v_refused IS NULL THEN
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
        p_key, p_digest, p_reason, p_actor, v_now, v_head, v_hash)
      ON CONFLICT (idempotency_key) DO NOTHING;
    IF FOUND THEN
      FOR v_i IN 1 .. cardinality(v_grants) LOOP
        INSERT INTO credits_creditentry(transaction_id, grant_id, amount) VALUES (p_id, v_grants[v_i], v_parts[v_i]);
      END LOOP;
      o_status := 'posted'; o_id := p_id; o_type := 'SPEND_CREDIT'; o_amount := -p_amount;
      o_balance := v_balance - p_amount;
      RETURN;
    END IF;
  END IF;
  SELECT 'known', id, type, amount, balance_after, request_digest
    INTO o_status, o_id, o_type, o_amount, o_balance, o_digest
    FROM credits_credittransaction WHERE idempotency_key = p_key;
  IF NOT FOUND THEN o_status := v_refused; o_balance := v_balance; END IF;
END $$
