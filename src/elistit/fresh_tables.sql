CREATE TABLE "account_emailaddress" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "verified" bool NOT NULL, "primary" bool NOT NULL, "user_id" bigint NOT NULL REFERENCES "accounts_user" ("id") DEFERRABLE INITIALLY DEFERRED, "email" varchar(254) NOT NULL);
CREATE TABLE "account_emailconfirmation" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "created" datetime NOT NULL, "sent" datetime NULL, "key" varchar(64) NOT NULL UNIQUE, "email_address_id" integer NOT NULL REFERENCES "account_emailaddress" ("id") DEFERRABLE INITIALLY DEFERRED);
CREATE TABLE "accounts_apikey" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "name" varchar(80) NOT NULL, "hint" varchar(12) NOT NULL, "digest" varchar(64) NOT NULL UNIQUE, "created_at" datetime NOT NULL, "revoked_at" datetime NULL, "user_id" bigint NOT NULL REFERENCES "accounts_user" ("id") DEFERRABLE INITIALLY DEFERRED, "scope" varchar(8) NOT NULL, "actions" varchar(120) DEFAULT '' NOT NULL, "daily_cap" bigint NULL);
CREATE TABLE "accounts_apikeyday" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "day" date NOT NULL, "spent" bigint NOT NULL, "key_id" bigint NOT NULL REFERENCES "accounts_apikey" ("id") DEFERRABLE INITIALLY DEFERRED, CONSTRAINT "api_key_day_once" UNIQUE ("key_id", "day"));
CREATE TABLE "accounts_dataexport" ("id" varchar(26) NOT NULL PRIMARY KEY, "with_files" bool NOT NULL, "state" varchar(10) NOT NULL, "requested_at" datetime NOT NULL, "ready_at" datetime NULL, "expires_at" datetime NULL, "path" varchar(300) NOT NULL, "bytes" bigint NOT NULL, "sha256" varchar(64) NOT NULL, "owner_id" bigint NOT NULL REFERENCES "accounts_user" ("id") DEFERRABLE INITIALLY DEFERRED);
CREATE TABLE "accounts_erasure" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "requested_at" datetime NOT NULL, "due_at" datetime NOT NULL, "withdrawn_at" datetime NULL, "plan_ended_at" datetime NULL, "stopped_at" datetime NULL, "started_at" datetime NULL, "ended_at" datetime NULL, "waits_for" varchar(200) NOT NULL, "owner_id" bigint NOT NULL REFERENCES "accounts_user" ("id") DEFERRABLE INITIALLY DEFERRED);
CREATE TABLE "accounts_proofkey" ("id" varchar(64) NOT NULL PRIMARY KEY, "algorithm" varchar(20) NOT NULL, "public_key" varchar(64) NOT NULL, "sealed" BLOB NOT NULL, "created_at" datetime NOT NULL, "retired_at" datetime NULL);
CREATE TABLE "accounts_sellerlimit" ("person_id" bigint NOT NULL PRIMARY KEY REFERENCES "accounts_user" ("id") DEFERRABLE INITIALLY DEFERRED, "credits" integer NULL, "projects" integer NULL);
CREATE TABLE "accounts_signinlink" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "digest" varchar(64) NOT NULL UNIQUE, "created_at" datetime NOT NULL, "expires_at" datetime NOT NULL, "used_at" datetime NULL, "user_id" bigint NOT NULL REFERENCES "accounts_user" ("id") DEFERRABLE INITIALLY DEFERRED);
CREATE TABLE "accounts_user" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "password" varchar(128) NOT NULL, "last_login" datetime NULL, "is_superuser" bool NOT NULL, "email" varchar(254) NOT NULL UNIQUE, "is_active" bool NOT NULL, "is_staff" bool NOT NULL, "created_at" datetime NOT NULL, "is_support" bool DEFAULT 0 NOT NULL);
CREATE TABLE "accounts_user_groups" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "user_id" bigint NOT NULL REFERENCES "accounts_user" ("id") DEFERRABLE INITIALLY DEFERRED, "group_id" integer NOT NULL REFERENCES "auth_group" ("id") DEFERRABLE INITIALLY DEFERRED);
CREATE TABLE "accounts_user_user_permissions" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "user_id" bigint NOT NULL REFERENCES "accounts_user" ("id") DEFERRABLE INITIALLY DEFERRED, "permission_id" integer NOT NULL REFERENCES "auth_permission" ("id") DEFERRABLE INITIALLY DEFERRED);
CREATE TABLE "api_ratebucket" ("key_id" bigint NOT NULL PRIMARY KEY REFERENCES "accounts_apikey" ("id") DEFERRABLE INITIALLY DEFERRED, "full_at" bigint NOT NULL);
CREATE TABLE "api_webhookattempt" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "number" integer NOT NULL, "at" datetime NOT NULL, "status" integer NULL, "milliseconds" integer NOT NULL, "outcome" varchar(200) NOT NULL, "delivery_id" varchar(26) NOT NULL REFERENCES "api_webhookdelivery" ("id") DEFERRABLE INITIALLY DEFERRED);
CREATE TABLE "api_webhookdelivery" ("id" varchar(26) NOT NULL PRIMARY KEY, "event" varchar(40) NOT NULL, "occasion" varchar(120) NOT NULL, "project" varchar(26) NOT NULL, "body" text NOT NULL, "state" varchar(10) NOT NULL, "tries" integer NOT NULL, "next_try_at" datetime NULL, "created_at" datetime NOT NULL, "endpoint_id" varchar(26) NOT NULL REFERENCES "api_webhookendpoint" ("id") DEFERRABLE INITIALLY DEFERRED, CONSTRAINT "webhook_occasion_once" UNIQUE ("endpoint_id", "occasion"));
CREATE TABLE "api_webhookendpoint" ("id" varchar(26) NOT NULL PRIMARY KEY, "url" varchar(500) NOT NULL, "events" text NOT NULL CHECK ((JSON_VALID("events") OR "events" IS NULL)), "secret" text NOT NULL, "created_at" datetime NOT NULL, "looked_at" datetime NOT NULL, "disabled_at" datetime NULL, "disabled_reason" varchar(200) NOT NULL, "owner_id" bigint NOT NULL REFERENCES "accounts_user" ("id") DEFERRABLE INITIALLY DEFERRED);
CREATE TABLE "auth_group" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "name" varchar(150) NOT NULL UNIQUE);
CREATE TABLE "auth_group_permissions" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "group_id" integer NOT NULL REFERENCES "auth_group" ("id") DEFERRABLE INITIALLY DEFERRED, "permission_id" integer NOT NULL REFERENCES "auth_permission" ("id") DEFERRABLE INITIALLY DEFERRED);
CREATE TABLE "auth_permission" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "content_type_id" integer NOT NULL REFERENCES "django_content_type" ("id") DEFERRABLE INITIALLY DEFERRED, "codename" varchar(100) NOT NULL, "name" varchar(255) NOT NULL);
CREATE TABLE "credits_creditaccount" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "balance" bigint NOT NULL, "seq" bigint NOT NULL, "head_hash" varchar(64) NOT NULL, "created_at" datetime NOT NULL, "owner_id" bigint NOT NULL UNIQUE REFERENCES "accounts_user" ("id") DEFERRABLE INITIALLY DEFERRED, CONSTRAINT "credit_balance_never_negative" CHECK ("balance" >= 0), CONSTRAINT "credit_seq_never_negative" CHECK ("seq" >= 0));
CREATE TABLE "credits_creditentry" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "amount" bigint NOT NULL, "grant_id" varchar(26) NOT NULL, "drawn_from_id" varchar(26) NULL REFERENCES "credits_creditgrant" ("id") DEFERRABLE INITIALLY DEFERRED, "transaction_id" varchar(26) NOT NULL);
CREATE TABLE "credits_creditgrant" ("id" varchar(26) NOT NULL PRIMARY KEY, "amount" bigint NOT NULL, "remaining" bigint NOT NULL, "expires_at" datetime NULL, "source" varchar(40) NOT NULL, "created_at" datetime NOT NULL, "account_id" bigint NOT NULL REFERENCES "credits_creditaccount" ("id") DEFERRABLE INITIALLY DEFERRED, CONSTRAINT "credit_grant_remaining_range" CHECK (("remaining" >= 0 AND "remaining" <= ("amount"))));
CREATE TABLE "credits_credittransaction" ("id" varchar(26) NOT NULL PRIMARY KEY, "seq" bigint NOT NULL, "type" varchar(16) NOT NULL, "contra" varchar(16) NOT NULL, "amount" bigint NOT NULL, "balance_after" bigint NOT NULL, "job" varchar(26) NOT NULL, "project" varchar(26) NOT NULL, "item" integer NULL, "idempotency_key" varchar(120) NOT NULL UNIQUE, "request_digest" varchar(64) NOT NULL, "reason" varchar(300) NOT NULL, "actor" varchar(120) NOT NULL, "created_at" datetime NOT NULL, "previous_hash" varchar(64) NOT NULL, "hash" varchar(64) NOT NULL, "account_id" bigint NOT NULL, CONSTRAINT "credit_transaction_gapless" UNIQUE ("account_id", "seq"), CONSTRAINT "credit_transaction_never_negative" CHECK ("balance_after" >= 0));
CREATE TABLE "credits_plan" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "code" varchar(20) NOT NULL, "started_at" datetime NOT NULL, "renews_at" datetime NOT NULL, "period" integer NOT NULL, "cancelled_at" datetime NULL, "owner_id" bigint NOT NULL UNIQUE REFERENCES "accounts_user" ("id") DEFERRABLE INITIALLY DEFERRED, "paid_by" varchar(20) NULL);
CREATE TABLE "credits_quote" ("id" varchar(26) NOT NULL PRIMARY KEY, "product" varchar(20) NOT NULL, "model" varchar(80) NOT NULL, "count" integer NOT NULL, "lines" text NOT NULL CHECK ((JSON_VALID("lines") OR "lines" IS NULL)), "total" bigint NOT NULL, "price_list" varchar(64) NOT NULL, "created_at" datetime NOT NULL, "owner_id" bigint NOT NULL REFERENCES "accounts_user" ("id") DEFERRABLE INITIALLY DEFERRED);
CREATE TABLE "delivery_driveaccount" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "email" varchar(254) NOT NULL, "access_token" BLOB NOT NULL, "refresh_token" BLOB NOT NULL, "expires_at" datetime NOT NULL, "connected_at" datetime NOT NULL, "disconnected_reason" varchar(300) NOT NULL, "refresh_lease" varchar(26) NOT NULL, "refresh_lease_until" datetime NULL, "owner_id" bigint NOT NULL UNIQUE REFERENCES "accounts_user" ("id") DEFERRABLE INITIALLY DEFERRED);
CREATE TABLE "delivery_drivecopy" ("project" varchar(26) NOT NULL PRIMARY KEY, "state" varchar(10) NOT NULL, "round" integer NOT NULL, "tries" integer NOT NULL, "waits" integer NOT NULL, "next_try_at" datetime NOT NULL, "reason" varchar(400) NOT NULL, "folder_id" varchar(120) NOT NULL, "files" integer NOT NULL, "lease" varchar(26) NOT NULL, "lease_until" datetime NULL, "asked_at" datetime NOT NULL, "ended_at" datetime NULL, "owner_id" bigint NOT NULL REFERENCES "accounts_user" ("id") DEFERRABLE INITIALLY DEFERRED);
CREATE TABLE "delivery_driveupload" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "path" varchar(300) NOT NULL, "bytes" bigint NOT NULL, "sha256" varchar(64) NOT NULL, "session" BLOB NOT NULL, "file_id" varchar(120) NOT NULL, "done_at" datetime NULL, "copy_id" varchar(26) NOT NULL REFERENCES "delivery_drivecopy" ("project") DEFERRABLE INITIALLY DEFERRED, CONSTRAINT "drive_upload_once" UNIQUE ("copy_id", "path"));
CREATE TABLE "delivery_filesagain" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "project" varchar(26) NOT NULL, "round" integer NOT NULL, "state" varchar(10) NOT NULL, "words" varchar(400) NOT NULL, "actor" varchar(254) NOT NULL, "lease" varchar(26) NOT NULL, "lease_until" datetime NULL, "asked_at" datetime NOT NULL, "ended_at" datetime NULL, CONSTRAINT "files_again_round_once" UNIQUE ("project", "round"));
CREATE TABLE "delivery_keeprule" ("id" integer NOT NULL PRIMARY KEY, "days" integer NOT NULL, "since" datetime NOT NULL);
CREATE TABLE "delivery_printdraft" ("reference" varchar(26) NOT NULL PRIMARY KEY, "project" varchar(26) NOT NULL, "item" integer NULL, "file" bigint NOT NULL, "file_name" varchar(160) NOT NULL, "state" varchar(10) NOT NULL, "product" varchar(300) NOT NULL, "size" varchar(80) NOT NULL, "dpi" integer NOT NULL, "destination" text NOT NULL CHECK ((JSON_VALID("destination") OR "destination" IS NULL)), "price" varchar(40) NOT NULL, "currency" varchar(3) NOT NULL, "shipping" text NOT NULL CHECK ((JSON_VALID("shipping") OR "shipping" IS NULL)), "method" varchar(120) NOT NULL, "address" text NOT NULL CHECK ((JSON_VALID("address") OR "address" IS NULL)), "order_id" varchar(120) NOT NULL, "gelato_status" varchar(60) NOT NULL, "reason" varchar(400) NOT NULL, "sends" integer NOT NULL, "created_at" datetime NOT NULL, "link_until" datetime NOT NULL, "sent_at" datetime NULL, "checked_at" datetime NULL, "owner_id" bigint NOT NULL REFERENCES "accounts_user" ("id") DEFERRABLE INITIALLY DEFERRED);
CREATE TABLE "django_admin_log" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "object_id" text NULL, "object_repr" varchar(200) NOT NULL, "action_flag" smallint unsigned NOT NULL CHECK ("action_flag" >= 0), "change_message" text NOT NULL, "content_type_id" integer NULL REFERENCES "django_content_type" ("id") DEFERRABLE INITIALLY DEFERRED, "user_id" bigint NOT NULL REFERENCES "accounts_user" ("id") DEFERRABLE INITIALLY DEFERRED, "action_time" datetime NOT NULL);
CREATE TABLE "django_content_type" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "app_label" varchar(100) NOT NULL, "model" varchar(100) NOT NULL);
CREATE TABLE "django_migrations" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "app" varchar(255) NOT NULL, "name" varchar(255) NOT NULL, "applied" datetime NOT NULL);
CREATE TABLE "django_session" ("session_key" varchar(40) NOT NULL PRIMARY KEY, "session_data" text NOT NULL, "expire_date" datetime NOT NULL);
CREATE TABLE "elistit_cache" (
    "cache_key" varchar(255) NOT NULL PRIMARY KEY,
    "value" text NOT NULL,
    "expires" datetime NOT NULL
);
CREATE TABLE "listings_etsybudget" ("app" varchar(64) NOT NULL PRIMARY KEY, "next_at" bigint NOT NULL, "per_second" integer NOT NULL, "held_until" bigint NOT NULL, "day_is_spent" bool NOT NULL);
CREATE TABLE "listings_etsycategories" ("api_url" varchar(200) NOT NULL PRIMARY KEY, "numbers" text NOT NULL CHECK ((JSON_VALID("numbers") OR "numbers" IS NULL)), "read_at" datetime NOT NULL);
CREATE TABLE "listings_etsyshop" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "shop_id" bigint NOT NULL, "shop_name" varchar(80) NOT NULL, "access_token" BLOB NOT NULL, "refresh_token" BLOB NOT NULL, "expires_at" datetime NOT NULL, "connected_at" datetime NOT NULL, "disconnected_reason" varchar(300) NOT NULL, "owner_id" bigint NOT NULL REFERENCES "accounts_user" ("id") DEFERRABLE INITIALLY DEFERRED, "refresh_lease" varchar(26) NOT NULL, "refresh_lease_until" datetime NULL, "sandbox_url" varchar(200) NOT NULL, "app" varchar(64) DEFAULT '' NOT NULL, "currency" varchar(3) DEFAULT '' NOT NULL, "currency_read_at" datetime NULL, "label" varchar(60) DEFAULT '' NOT NULL, "is_default" bool DEFAULT 0 NOT NULL, CONSTRAINT "etsy_shop_once" UNIQUE ("owner_id", "shop_id"));
CREATE TABLE "listings_listingtemplate" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "shop_id" bigint NOT NULL, "title_opening" varchar(60) NOT NULL, "title_closing" varchar(60) NOT NULL, "opening" text NOT NULL, "closing" text NOT NULL, "tags" text NOT NULL CHECK ((JSON_VALID("tags") OR "tags" IS NULL)), "section" bigint NOT NULL, "who_made" varchar(12) NOT NULL, "renews" bool NOT NULL, "owner_id" bigint NOT NULL REFERENCES "accounts_user" ("id") DEFERRABLE INITIALLY DEFERRED, CONSTRAINT "listing_template_once" UNIQUE ("owner_id", "shop_id"));
CREATE TABLE "listings_sellerkeyword" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "term" varchar(100) NOT NULL, "key" varchar(200) NOT NULL, "volume" bigint NOT NULL, "imported_at" datetime NOT NULL, "owner_id" bigint NOT NULL REFERENCES "accounts_user" ("id") DEFERRABLE INITIALLY DEFERRED, CONSTRAINT "keyword_once" UNIQUE ("owner_id", "key"));
CREATE TABLE "listings_shopschedule" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "shop_id" bigint NOT NULL, "enabled" bool NOT NULL, "per_day" integer NOT NULL, "at" time NOT NULL, "zone" varchar(64) NOT NULL, "owner_id" bigint NOT NULL REFERENCES "accounts_user" ("id") DEFERRABLE INITIALLY DEFERRED, CONSTRAINT "shop_schedule_once" UNIQUE ("owner_id", "shop_id"));
CREATE TABLE "maintenance_checkresult" ("name" varchar(20) NOT NULL PRIMARY KEY, "at" datetime NOT NULL, "ok" bool NOT NULL, "checked" bigint NOT NULL, "violations" integer NOT NULL, "seed" bigint NULL);
CREATE TABLE "maintenance_rowfailure" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "task" varchar(60) NOT NULL, "key" varchar(120) NOT NULL, "failures" integer NOT NULL, "error" varchar(400) NOT NULL, "last_at" datetime NOT NULL, "retry_at" datetime NOT NULL, CONSTRAINT "maintenance_row_once" UNIQUE ("task", "key"));
CREATE TABLE "maintenance_taskstate" ("name" varchar(60) NOT NULL PRIMARY KEY, "next_at" datetime NULL, "holder" varchar(120) NOT NULL, "lease_until" datetime NULL, "started_at" datetime NULL, "last_success_at" datetime NULL, "last_error_at" datetime NULL, "last_error" varchar(400) NOT NULL, "failures" integer NOT NULL, "seconds" real NOT NULL, "cursor" varchar(120) NOT NULL);
CREATE TABLE "mfa_authenticator" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "type" varchar(20) NOT NULL, "data" text NOT NULL CHECK ((JSON_VALID("data") OR "data" IS NULL)), "user_id" bigint NOT NULL REFERENCES "accounts_user" ("id") DEFERRABLE INITIALLY DEFERRED, "created_at" datetime NOT NULL, "last_used_at" datetime NULL);
CREATE TABLE "payments_cursor" ("name" varchar(40) NOT NULL PRIMARY KEY, "at" datetime NOT NULL);
CREATE TABLE "payments_payment" ("id" varchar(26) NOT NULL PRIMARY KEY, "kind" varchar(8) NOT NULL, "code" varchar(20) NOT NULL, "credits" integer NOT NULL, "price_cents" integer NOT NULL, "state" varchar(8) NOT NULL, "form_key" varchar(64) NOT NULL, "session" varchar(120) NULL UNIQUE, "session_url" text NOT NULL, "invoice" varchar(80) NULL UNIQUE, "payment_intent" varchar(80) NULL UNIQUE, "refunded_cents" integer NOT NULL, "disputed_cents" integer NOT NULL, "dispute_closed" bool NOT NULL, "taken_credits" integer NOT NULL, "short_credits" integer NOT NULL, "created_at" datetime NOT NULL, "paid_at" datetime NULL, "owner_id" bigint NOT NULL REFERENCES "accounts_user" ("id") DEFERRABLE INITIALLY DEFERRED, "disputes" text NULL CHECK ((JSON_VALID("disputes") OR "disputes" IS NULL)), "looked_at" datetime NULL);
CREATE TABLE "payments_stripecustomer" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "customer" varchar(80) NOT NULL UNIQUE, "owner_id" bigint NOT NULL UNIQUE REFERENCES "accounts_user" ("id") DEFERRABLE INITIALLY DEFERRED);
CREATE TABLE "payments_stripeevent" ("event" varchar(80) NOT NULL PRIMARY KEY, "type" varchar(80) NOT NULL, "result" varchar(200) NOT NULL, "received_at" datetime NOT NULL);
CREATE TABLE "payments_subscription" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "subscription" varchar(80) NOT NULL UNIQUE, "code" varchar(20) NOT NULL, "ends_at_period_end" bool NOT NULL, "ended" bool NOT NULL, "told_at" datetime NOT NULL, "owner_id" bigint NOT NULL REFERENCES "accounts_user" ("id") DEFERRABLE INITIALLY DEFERRED, "looked_at" datetime NULL, "second_of" varchar(80) NULL, "undone_at" datetime NULL);
CREATE TABLE "payments_unreadmessage" ("event" varchar(80) NOT NULL PRIMARY KEY, "type" varchar(80) NOT NULL, "reason" varchar(200) NOT NULL, "unreadable" bool NOT NULL, "times" integer NOT NULL, "created_at" datetime NOT NULL, "first_at" datetime NOT NULL, "last_at" datetime NOT NULL, "owner_id" bigint NULL REFERENCES "accounts_user" ("id") DEFERRABLE INITIALLY DEFERRED);
CREATE TABLE "pipeline_attempt" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "stage" varchar(20) NOT NULL, "item" integer NOT NULL, "round" integer NOT NULL, "number" integer NOT NULL, "wait" integer NOT NULL, "note" bool NOT NULL, "starts" integer NOT NULL, "worker" varchar(120) NOT NULL, "started_at" datetime NOT NULL, "ended_at" datetime NULL, "outcome" varchar(20) NOT NULL, "reason" varchar(400) NOT NULL, "detail" text NOT NULL, "next_try_at" datetime NULL, "counted" bool NOT NULL, "job_id" varchar(26) NOT NULL REFERENCES "projects_job" ("public_id") DEFERRABLE INITIALLY DEFERRED);
CREATE TABLE "pipeline_clockmark" ("id" integer NOT NULL PRIMARY KEY, "wall" datetime NOT NULL, "boot" varchar(64) NOT NULL, "monotonic" real NOT NULL, "refused" varchar(400) NOT NULL, "refused_wall" datetime NULL);
CREATE TABLE "pipeline_providercall" ("key" varchar(120) NOT NULL PRIMARY KEY, "item" integer NOT NULL, "provider" varchar(40) NOT NULL, "model" varchar(80) NOT NULL, "provider_id" varchar(120) NOT NULL, "state" varchar(10) NOT NULL, "outcome" varchar(20) NOT NULL, "detail" text NOT NULL, "answer" text NOT NULL CHECK ((JSON_VALID("answer") OR "answer" IS NULL)), "cost_micros" bigint NOT NULL, "requests" integer NOT NULL, "sent_at" datetime NOT NULL, "answered_at" datetime NULL, "job_id" varchar(26) NOT NULL REFERENCES "projects_job" ("public_id") DEFERRABLE INITIALLY DEFERRED, "news" text NOT NULL CHECK ((JSON_VALID("news") OR "news" IS NULL)), "news_at" datetime NULL, "holder" varchar(60) DEFAULT '' NOT NULL, "permit_until" datetime NULL);
CREATE TABLE "pipeline_providerpause" ("provider" varchar(40) NOT NULL PRIMARY KEY, "reason" varchar(400) NOT NULL, "detail" text NOT NULL, "since" datetime NOT NULL);
CREATE TABLE "pipeline_restore" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "backup" varchar(60) NOT NULL, "taken_at" datetime NOT NULL, "restored_at" datetime NOT NULL);
CREATE TABLE "pipeline_restoredround" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "job" varchar(26) NOT NULL, "item" integer NOT NULL, "round" integer NOT NULL, CONSTRAINT "restored_round_once" UNIQUE ("job", "item"));
CREATE TABLE "pipeline_worker" ("id" varchar(120) NOT NULL PRIMARY KEY, "started_at" datetime NOT NULL, "beat_at" datetime NOT NULL, "draining" bool NOT NULL);
CREATE TABLE "pipeline_writeprobe" ("id" integer NOT NULL PRIMARY KEY, "payload" text NOT NULL);
CREATE TABLE "projects_acceptedcharge" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "posting" varchar(26) NOT NULL UNIQUE, "request_id" bigint NOT NULL REFERENCES "projects_acceptedrequest" ("id") DEFERRABLE INITIALLY DEFERRED);
CREATE TABLE "projects_acceptedrequest" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "key" varchar(80) NOT NULL, "act" varchar(30) NOT NULL, "digest" varchar(64) NOT NULL, "answer" text NOT NULL CHECK ((JSON_VALID("answer") OR "answer" IS NULL)), "created_at" datetime NOT NULL, "owner_id" bigint NOT NULL REFERENCES "accounts_user" ("id") DEFERRABLE INITIALLY DEFERRED, CONSTRAINT "accepted_key_once" UNIQUE ("owner_id", "key"));
CREATE TABLE "projects_acceptedsince" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "at" datetime NOT NULL);
CREATE TABLE "projects_batch" ("public_id" varchar(26) NOT NULL PRIMARY KEY, "name" varchar(120) NOT NULL, "state" varchar(10) NOT NULL, "notes" text NOT NULL CHECK ((JSON_VALID("notes") OR "notes" IS NULL)), "created_at" datetime NOT NULL, "launched_at" datetime NULL, "paused_at" datetime NULL, "owner_id" bigint NOT NULL REFERENCES "accounts_user" ("id") DEFERRABLE INITIALLY DEFERRED, CONSTRAINT "batch_state_known" CHECK ("state" IN ('draft', 'launched')));
CREATE TABLE "projects_batchlaunch" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "round" integer NOT NULL, "project_id" varchar(26) NOT NULL UNIQUE REFERENCES "projects_project" ("public_id") DEFERRABLE INITIALLY DEFERRED, "row_id" bigint NOT NULL REFERENCES "projects_batchrow" ("id") DEFERRABLE INITIALLY DEFERRED, CONSTRAINT "batch_row_round_once" UNIQUE ("row_id", "round"));
CREATE TABLE "projects_batchrow" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "number" integer NOT NULL, "line" integer NOT NULL, "order" text NOT NULL CHECK ((JSON_VALID("order") OR "order" IS NULL)), "included" bool NOT NULL, "problems" text NOT NULL CHECK ((JSON_VALID("problems") OR "problems" IS NULL)), "warnings" text NOT NULL CHECK ((JSON_VALID("warnings") OR "warnings" IS NULL)), "batch_id" varchar(26) NOT NULL REFERENCES "projects_batch" ("public_id") DEFERRABLE INITIALLY DEFERRED, "quote_id" varchar(26) NULL REFERENCES "credits_quote" ("id") DEFERRABLE INITIALLY DEFERRED, CONSTRAINT "batch_row_number_once" UNIQUE ("batch_id", "number"), CONSTRAINT "batch_row_number_in_range" CHECK (("number" >= 1 AND "number" <= 200)));
CREATE TABLE "projects_brandkit" ("public_id" varchar(26) NOT NULL PRIMARY KEY, "name" varchar(60) NOT NULL, "folded" varchar(180) NOT NULL, "is_default" bool NOT NULL, "shop_name" varchar(80) NOT NULL, "license_text" text NOT NULL, "closing_text" text NOT NULL, "palette" varchar(200) NOT NULL, "styles" text NOT NULL CHECK ((JSON_VALID("styles") OR "styles" IS NULL)), "scenes" text NOT NULL CHECK ((JSON_VALID("scenes") OR "scenes" IS NULL)), "pricing" text NOT NULL CHECK ((JSON_VALID("pricing") OR "pricing" IS NULL)), "created_at" datetime NOT NULL, "deleted_at" datetime NULL, "owner_id" bigint NOT NULL REFERENCES "accounts_user" ("id") DEFERRABLE INITIALLY DEFERRED);
CREATE TABLE "projects_buyertrial" ("project_id" varchar(26) NOT NULL PRIMARY KEY REFERENCES "projects_project" ("public_id") DEFERRABLE INITIALLY DEFERRED, "ok" bool NOT NULL, "report" text NOT NULL CHECK ((JSON_VALID("report") OR "report" IS NULL)), "created_at" datetime NOT NULL, "job_id" varchar(26) NOT NULL REFERENCES "projects_job" ("public_id") DEFERRABLE INITIALLY DEFERRED);
CREATE TABLE "projects_draftplan" ("project_id" varchar(26) NOT NULL PRIMARY KEY REFERENCES "projects_project" ("public_id") DEFERRABLE INITIALLY DEFERRED, "shop" bigint NOT NULL, "shop_name" varchar(80) NOT NULL, "sent_to" bigint DEFAULT 0 NOT NULL, "planned" bool DEFAULT 0 NOT NULL, "planned_at" datetime NULL, "day" date NULL, "released_on" date NULL);
CREATE TABLE "projects_formtemplate" ("public_id" varchar(26) NOT NULL PRIMARY KEY, "name" varchar(60) NOT NULL, "folded" varchar(180) NOT NULL, "fields" text NOT NULL CHECK ((JSON_VALID("fields") OR "fields" IS NULL)), "created_at" datetime NOT NULL, "deleted_at" datetime NULL, "owner_id" bigint NOT NULL REFERENCES "accounts_user" ("id") DEFERRABLE INITIALLY DEFERRED);
CREATE TABLE "projects_item" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "number" integer NOT NULL, "prompt" text NOT NULL, "subject" varchar(120) NOT NULL, "state" varchar(10) NOT NULL, "round" integer NOT NULL, "price" bigint NOT NULL, "remake_price" bigint NOT NULL, "state_before" varchar(10) NOT NULL, "flags" text NOT NULL CHECK ((JSON_VALID("flags") OR "flags" IS NULL)), "reason" varchar(400) NOT NULL, "free_remake_used" bool NOT NULL, "processed_at" datetime NULL, "art" text NOT NULL CHECK ((JSON_VALID("art") OR "art" IS NULL)), "job_id" varchar(26) NOT NULL REFERENCES "projects_job" ("public_id") DEFERRABLE INITIALLY DEFERRED, "model" varchar(80) NOT NULL, CONSTRAINT "item_number_once" UNIQUE ("job_id", "number"), CONSTRAINT "item_state_known" CHECK ("state" IN ('pending', 'made', 'blocked', 'failed', 'dropped')));
CREATE TABLE "projects_itemround" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "number" integer NOT NULL, "order" integer NOT NULL, "why" varchar(10) NOT NULL, "state" varchar(10) NOT NULL, "charged" bigint NOT NULL, "print_size" bigint NOT NULL, "returned" bool NOT NULL, "prompt" text NOT NULL, "subject" varchar(120) NOT NULL, "flags" text NOT NULL CHECK ((JSON_VALID("flags") OR "flags" IS NULL)), "art" text NOT NULL CHECK ((JSON_VALID("art") OR "art" IS NULL)), "item_id" bigint NOT NULL REFERENCES "projects_item" ("id") DEFERRABLE INITIALLY DEFERRED, CONSTRAINT "item_round_once" UNIQUE ("item_id", "number"), CONSTRAINT "item_round_not_negative" CHECK (("charged" >= 0 AND "order" >= 0 AND "print_size" >= 0)));
CREATE TABLE "projects_job" ("public_id" varchar(26) NOT NULL PRIMARY KEY, "kind" varchar(20) NOT NULL, "status" varchar(10) NOT NULL, "idempotency_key" varchar(120) NOT NULL UNIQUE, "request_digest" varchar(64) NOT NULL, "gate_reached_at" datetime NULL, "failure_stage" varchar(20) NOT NULL, "failure_kind" varchar(20) NOT NULL, "failure_reason" varchar(400) NOT NULL, "created_at" datetime NOT NULL, "changed_at" datetime NOT NULL, "ended_at" datetime NULL, "quote_id" varchar(26) NOT NULL REFERENCES "credits_quote" ("id") DEFERRABLE INITIALLY DEFERRED, "project_id" varchar(26) NOT NULL REFERENCES "projects_project" ("public_id") DEFERRABLE INITIALLY DEFERRED, CONSTRAINT "job_status_known" CHECK ("status" IN ('QUEUED', 'RUNNING', 'WAITING', 'SUCCEEDED', 'FAILED', 'CANCELLED')));
CREATE TABLE "projects_label" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "name" varchar(40) NOT NULL, "folded" varchar(120) NOT NULL, "owner_id" bigint NOT NULL REFERENCES "accounts_user" ("id") DEFERRABLE INITIALLY DEFERRED, CONSTRAINT "label_once" UNIQUE ("owner_id", "folded"));
CREATE TABLE "projects_listing" ("project_id" varchar(26) NOT NULL PRIMARY KEY REFERENCES "projects_project" ("public_id") DEFERRABLE INITIALLY DEFERRED, "text" varchar(10) NOT NULL, "text_reason" varchar(400) NOT NULL, "title" varchar(200) NOT NULL, "tags" text NOT NULL CHECK ((JSON_VALID("tags") OR "tags" IS NULL)), "description" text NOT NULL, "price_cents" integer NOT NULL, "draft" varchar(10) NOT NULL, "draft_round" integer NOT NULL, "draft_reason" varchar(400) NOT NULL, "draft_id" varchar(40) NOT NULL, "draft_url" varchar(300) NOT NULL, "currency" varchar(3) DEFAULT '' NOT NULL, "notes" text NULL CHECK ((JSON_VALID("notes") OR "notes" IS NULL)));
CREATE TABLE "projects_listingtitle" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "number" integer NOT NULL, "text" varchar(200) NOT NULL, "created_at" datetime NOT NULL, "removed_at" datetime NULL, "used" text NOT NULL CHECK ((JSON_VALID("used") OR "used" IS NULL)), "project_id" varchar(26) NOT NULL REFERENCES "projects_project" ("public_id") DEFERRABLE INITIALLY DEFERRED, CONSTRAINT "listing_title_number_once" UNIQUE ("project_id", "number"), CONSTRAINT "listing_title_text_once" UNIQUE ("project_id", "text"));
CREATE TABLE "projects_listingtranslation" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "language" varchar(5) NOT NULL, "state" varchar(10) NOT NULL, "round" integer NOT NULL, "title" varchar(200) NOT NULL, "tags" text NOT NULL CHECK ((JSON_VALID("tags") OR "tags" IS NULL)), "description" text NOT NULL, "source" varchar(64) NOT NULL, "model" varchar(80) NOT NULL, "uploaded_to" varchar(40) NOT NULL, "tries" integer NOT NULL, "waits" integer NOT NULL, "reason" varchar(400) NOT NULL, "next_try_at" datetime NOT NULL, "lease" varchar(26) NOT NULL, "lease_until" datetime NULL, "project_id" varchar(26) NOT NULL REFERENCES "projects_project" ("public_id") DEFERRABLE INITIALLY DEFERRED, CONSTRAINT "listing_translation_once" UNIQUE ("project_id", "language"));
CREATE TABLE "projects_project" ("public_id" varchar(26) NOT NULL PRIMARY KEY, "name" varchar(120) NOT NULL, "product" varchar(20) NOT NULL, "idea" text NOT NULL, "options" text NOT NULL CHECK ((JSON_VALID("options") OR "options" IS NULL)), "ratio" varchar(10) NOT NULL, "count" integer NOT NULL, "model" varchar(80) NOT NULL, "mode" varchar(10) NOT NULL, "words" text NOT NULL CHECK ((JSON_VALID("words") OR "words" IS NULL)), "seed" bigint NOT NULL, "brief" text NOT NULL CHECK ((JSON_VALID("brief") OR "brief" IS NULL)), "stage" varchar(20) NOT NULL, "stage_since" datetime NOT NULL, "created_at" datetime NOT NULL, "deleted_at" datetime NULL, "owner_id" bigint NOT NULL REFERENCES "accounts_user" ("id") DEFERRABLE INITIALLY DEFERRED, "scene_id" varchar(26) NULL REFERENCES "projects_scene" ("public_id") DEFERRABLE INITIALLY DEFERRED, "failover" bool NOT NULL, "files_deleted_at" datetime NULL, "trademarks" text NULL CHECK ((JSON_VALID("trademarks") OR "trademarks" IS NULL)), "paused_at" datetime NULL, "video" bool DEFAULT 0 NOT NULL, "archived_at" datetime NULL, "favorite_at" datetime NULL, "searchable_at" datetime NULL, "brand" text NULL CHECK ((JSON_VALID("brand") OR "brand" IS NULL)), "series_id" bigint NULL REFERENCES "projects_series" ("id") DEFERRABLE INITIALLY DEFERRED, CONSTRAINT "project_stage_known" CHECK ("stage" IN ('queued', 'briefing', 'generating', 'awaiting_approval', 'design_ready', 'processing', 'delivering', 'listing', 'drafting', 'completed', 'failed', 'deleted')));
CREATE TABLE "projects_projectfile" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "item" integer NULL, "round" integer NOT NULL, "role" varchar(20) NOT NULL, "name" varchar(160) NOT NULL, "path" varchar(300) NOT NULL, "bytes" bigint NOT NULL, "sha256" varchar(64) NOT NULL, "width" integer NULL, "height" integer NULL, "dpi" integer NULL, "created_at" datetime NOT NULL, "job_id" varchar(26) NOT NULL REFERENCES "projects_job" ("public_id") DEFERRABLE INITIALLY DEFERRED, "project_id" varchar(26) NOT NULL REFERENCES "projects_project" ("public_id") DEFERRABLE INITIALLY DEFERRED, "source_type" varchar(120) NULL, CONSTRAINT "project_file_path_once" UNIQUE ("project_id", "path"));
CREATE TABLE "projects_projectlabel" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "label_id" bigint NOT NULL REFERENCES "projects_label" ("id") DEFERRABLE INITIALLY DEFERRED, "project_id" varchar(26) NOT NULL REFERENCES "projects_project" ("public_id") DEFERRABLE INITIALLY DEFERRED, CONSTRAINT "project_label_once" UNIQUE ("label_id", "project_id"));
CREATE TABLE "projects_requestedlaunch" ("batch_id" varchar(26) NOT NULL PRIMARY KEY REFERENCES "projects_batch" ("public_id") DEFERRABLE INITIALLY DEFERRED, "max_credits" bigint NULL, "state" varchar(12) NOT NULL, "problem" varchar(40) NOT NULL, "reason" text NOT NULL, "errors" text NOT NULL CHECK ((JSON_VALID("errors") OR "errors" IS NULL)), "created_at" datetime NOT NULL, "ended_at" datetime NULL, "api_key_id" bigint NULL REFERENCES "accounts_apikey" ("id") DEFERRABLE INITIALLY DEFERRED, "request_id" bigint NOT NULL UNIQUE REFERENCES "projects_acceptedrequest" ("id") DEFERRABLE INITIALLY DEFERRED, "held_up_at" datetime NULL, CONSTRAINT "requested_launch_state_known" CHECK ("state" IN ('waiting', 'launched', 'not_launched')));
CREATE TABLE "projects_savedfilter" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "name" varchar(60) NOT NULL, "query" varchar(600) NOT NULL, "created_at" datetime NOT NULL, "owner_id" bigint NOT NULL REFERENCES "accounts_user" ("id") DEFERRABLE INITIALLY DEFERRED, CONSTRAINT "saved_filter_once" UNIQUE ("owner_id", "name"));
CREATE TABLE "projects_scene" ("public_id" varchar(26) NOT NULL PRIMARY KEY, "name" varchar(120) NOT NULL, "path" varchar(300) NOT NULL, "preview" varchar(300) NOT NULL, "width" integer NOT NULL, "height" integer NOT NULL, "corners" text NOT NULL CHECK ((JSON_VALID("corners") OR "corners" IS NULL)), "created_at" datetime NOT NULL, "removed_at" datetime NULL, "owner_id" bigint NOT NULL REFERENCES "accounts_user" ("id") DEFERRABLE INITIALLY DEFERRED);
CREATE TABLE "projects_searchword" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "word" varchar(40) NOT NULL, "owner_id" bigint NOT NULL REFERENCES "accounts_user" ("id") DEFERRABLE INITIALLY DEFERRED, "project_id" varchar(26) NOT NULL REFERENCES "projects_project" ("public_id") DEFERRABLE INITIALLY DEFERRED);
CREATE TABLE "projects_series" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "name" varchar(60) NOT NULL, "folded" varchar(180) NOT NULL, "look" text NOT NULL CHECK ((JSON_VALID("look") OR "look" IS NULL)), "created_at" datetime NOT NULL, "owner_id" bigint NOT NULL REFERENCES "accounts_user" ("id") DEFERRABLE INITIALLY DEFERRED, CONSTRAINT "series_once" UNIQUE ("owner_id", "folded"));
CREATE TABLE "projects_storyboard" ("quote_id" varchar(26) NOT NULL PRIMARY KEY REFERENCES "credits_quote" ("id") DEFERRABLE INITIALLY DEFERRED, "digest" varchar(64) NOT NULL, "title" varchar(200) NOT NULL, "brief" text NOT NULL CHECK ((JSON_VALID("brief") OR "brief" IS NULL)), "items" text NOT NULL CHECK ((JSON_VALID("items") OR "items" IS NULL)), "not_drawn" text NOT NULL CHECK ((JSON_VALID("not_drawn") OR "not_drawn" IS NULL)), "needs_confirmation" bool NOT NULL, "distinct" integer NOT NULL);
CREATE TABLE "projects_upload" ("public_id" varchar(26) NOT NULL PRIMARY KEY, "number" integer NOT NULL, "name" varchar(120) NOT NULL, "kind" varchar(4) NOT NULL, "path" varchar(300) NOT NULL, "drawing" varchar(300) NOT NULL, "preview" varchar(300) NOT NULL, "width" integer NOT NULL, "height" integer NOT NULL, "bytes" bigint NOT NULL, "alpha" bool NOT NULL, "flat" bool NOT NULL, "created_at" datetime NOT NULL, "owner_id" bigint NOT NULL REFERENCES "accounts_user" ("id") DEFERRABLE INITIALLY DEFERRED, "project_id" varchar(26) NULL REFERENCES "projects_project" ("public_id") DEFERRABLE INITIALLY DEFERRED, "warning" varchar(200) DEFAULT '' NOT NULL, "removed_at" datetime NULL);
CREATE TABLE "socialaccount_socialaccount" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "provider" varchar(200) NOT NULL, "uid" varchar(191) NOT NULL, "last_login" datetime NOT NULL, "date_joined" datetime NOT NULL, "user_id" bigint NOT NULL REFERENCES "accounts_user" ("id") DEFERRABLE INITIALLY DEFERRED, "extra_data" text NOT NULL CHECK ((JSON_VALID("extra_data") OR "extra_data" IS NULL)));
CREATE TABLE "socialaccount_socialapp" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "provider" varchar(30) NOT NULL, "name" varchar(40) NOT NULL, "client_id" varchar(191) NOT NULL, "secret" varchar(191) NOT NULL, "key" varchar(191) NOT NULL, "provider_id" varchar(200) NOT NULL, "settings" text NOT NULL CHECK ((JSON_VALID("settings") OR "settings" IS NULL)));
CREATE TABLE "socialaccount_socialtoken" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "token" text NOT NULL, "token_secret" text NOT NULL, "expires_at" datetime NULL, "account_id" integer NOT NULL REFERENCES "socialaccount_socialaccount" ("id") DEFERRABLE INITIALLY DEFERRED, "app_id" integer NULL REFERENCES "socialaccount_socialapp" ("id") DEFERRABLE INITIALLY DEFERRED);
CREATE TABLE "support_bulkplan" ("id" varchar(26) NOT NULL PRIMARY KEY, "kind" varchar(20) NOT NULL, "at" datetime NOT NULL, "confirmed_at" datetime NULL, "finished_at" datetime NULL, "actor_id" bigint NOT NULL REFERENCES "accounts_user" ("id") DEFERRABLE INITIALLY DEFERRED);
CREATE TABLE "support_bulkrow" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "number" integer NOT NULL, "project" varchar(26) NOT NULL, "mail" varchar(80) NOT NULL, "credits" integer NOT NULL, "money_micros" bigint NOT NULL, "state" varchar(10) NOT NULL, "given" integer NOT NULL, "words" varchar(300) NOT NULL, "person_id" bigint NOT NULL REFERENCES "accounts_user" ("id") DEFERRABLE INITIALLY DEFERRED, "plan_id" varchar(26) NOT NULL REFERENCES "support_bulkplan" ("id") DEFERRABLE INITIALLY DEFERRED, CONSTRAINT "bulk_row_once" UNIQUE ("plan_id", "number"));
CREATE TABLE "support_helprequest" ("id" varchar(26) NOT NULL PRIMARY KEY, "project" varchar(26) NOT NULL, "expected" varchar(2000) NOT NULL, "facts" text NOT NULL, "activity" text NOT NULL, "at" datetime NOT NULL, "answer" varchar(2000) NOT NULL, "answered_at" datetime NULL, "person_id" bigint NOT NULL REFERENCES "accounts_user" ("id") DEFERRABLE INITIALLY DEFERRED);
CREATE TABLE "support_mailpreference" ("person_id" bigint NOT NULL PRIMARY KEY REFERENCES "accounts_user" ("id") DEFERRABLE INITIALLY DEFERRED, "off" text NOT NULL CHECK ((JSON_VALID("off") OR "off" IS NULL)));
CREATE TABLE "support_operatoract" ("id" varchar(26) NOT NULL PRIMARY KEY, "act" varchar(20) NOT NULL, "project" varchar(26) NOT NULL, "reason" varchar(300) NOT NULL, "detail" text NOT NULL CHECK ((JSON_VALID("detail") OR "detail" IS NULL)), "at" datetime NOT NULL, "actor_id" bigint NOT NULL REFERENCES "accounts_user" ("id") DEFERRABLE INITIALLY DEFERRED, "answers_id" varchar(26) NULL UNIQUE REFERENCES "support_operatoract" ("id") DEFERRABLE INITIALLY DEFERRED, "person_id" bigint NULL REFERENCES "accounts_user" ("id") DEFERRABLE INITIALLY DEFERRED, CONSTRAINT "operator_act_has_a_reason" CHECK (LENGTH("reason") >= 10));
CREATE TABLE "support_pushkey" ("id" varchar(8) NOT NULL PRIMARY KEY, "public_key" varchar(100) NOT NULL, "sealed" BLOB NOT NULL, "created_at" datetime NOT NULL);
CREATE TABLE "support_pushsubscription" ("id" varchar(26) NOT NULL PRIMARY KEY, "endpoint" varchar(1000) NOT NULL, "digest" varchar(64) NOT NULL UNIQUE, "p256dh" varchar(100) NOT NULL, "auth" varchar(40) NOT NULL, "device" varchar(60) NOT NULL, "created_at" datetime NOT NULL, "person_id" bigint NOT NULL REFERENCES "accounts_user" ("id") DEFERRABLE INITIALLY DEFERRED);
CREATE TABLE "support_readchanges" ("person_id" bigint NOT NULL PRIMARY KEY REFERENCES "accounts_user" ("id") DEFERRABLE INITIALLY DEFERRED, "digests" text NOT NULL CHECK ((JSON_VALID("digests") OR "digests" IS NULL)));
CREATE TABLE "support_sentmail" ("key" varchar(80) NOT NULL PRIMARY KEY, "kind" varchar(20) NOT NULL, "project" varchar(26) NOT NULL, "state" varchar(10) NOT NULL, "tries" integer NOT NULL, "trouble" varchar(200) NOT NULL, "at" datetime NOT NULL, "person_id" bigint NOT NULL REFERENCES "accounts_user" ("id") DEFERRABLE INITIALLY DEFERRED);
CREATE TABLE "support_sentpush" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "key" varchar(80) NOT NULL, "state" varchar(10) NOT NULL, "tries" integer NOT NULL, "trouble" varchar(200) NOT NULL, "at" datetime NOT NULL, "subscription_id" varchar(26) NOT NULL REFERENCES "support_pushsubscription" ("id") DEFERRABLE INITIALLY DEFERRED, CONSTRAINT "push_once_per_browser" UNIQUE ("subscription_id", "key"));
CREATE TABLE "support_setupcheck" ("name" varchar(20) NOT NULL PRIMARY KEY, "at" datetime NOT NULL, "ok" bool NOT NULL, "seen" varchar(400) NOT NULL, "fix" varchar(400) NOT NULL);
CREATE TABLE "support_supportlimit" ("id" varchar(8) NOT NULL PRIMARY KEY, "per_seller" integer NOT NULL, "per_person" integer NOT NULL);
CREATE TABLE "support_trialaddress" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "digest" varchar(64) NOT NULL UNIQUE, "at" datetime NOT NULL);
CREATE TABLE "support_trialplace" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "network" varchar(64) NOT NULL, "day" date NOT NULL, "place" integer NOT NULL, CONSTRAINT "trial_place_of_network" UNIQUE ("network", "day", "place"));
CREATE TABLE "support_trialrefusal" ("person_id" bigint NOT NULL PRIMARY KEY REFERENCES "accounts_user" ("id") DEFERRABLE INITIALLY DEFERRED, "reason" varchar(8) NOT NULL, "at" datetime NOT NULL);
CREATE TABLE "usersessions_usersession" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "created_at" datetime NOT NULL, "ip" char(39) NOT NULL, "last_seen_at" datetime NOT NULL, "session_key" varchar(40) NOT NULL UNIQUE, "user_agent" varchar(200) NOT NULL, "data" text NOT NULL CHECK ((JSON_VALID("data") OR "data" IS NULL)), "user_id" bigint NOT NULL REFERENCES "accounts_user" ("id") DEFERRABLE INITIALLY DEFERRED);
INSERT INTO "auth_permission" (id, content_type_id, codename, name) VALUES
(1, 1, 'add_permission', 'Can add permission'),
(2, 1, 'change_permission', 'Can change permission'),
(3, 1, 'delete_permission', 'Can delete permission'),
(4, 1, 'view_permission', 'Can view permission'),
(5, 2, 'add_group', 'Can add group'),
(6, 2, 'change_group', 'Can change group'),
(7, 2, 'delete_group', 'Can delete group'),
(8, 2, 'view_group', 'Can view group'),
(9, 3, 'add_contenttype', 'Can add content type'),
(10, 3, 'change_contenttype', 'Can change content type'),
(11, 3, 'delete_contenttype', 'Can delete content type'),
(12, 3, 'view_contenttype', 'Can view content type'),
(13, 4, 'add_session', 'Can add session'),
(14, 4, 'change_session', 'Can change session'),
(15, 4, 'delete_session', 'Can delete session'),
(16, 4, 'view_session', 'Can view session'),
(17, 5, 'add_user', 'Can add user'),
(18, 5, 'change_user', 'Can change user'),
(19, 5, 'delete_user', 'Can delete user'),
(20, 5, 'view_user', 'Can view user'),
(21, 6, 'add_apikey', 'Can add api key'),
(22, 6, 'change_apikey', 'Can change api key'),
(23, 6, 'delete_apikey', 'Can delete api key'),
(24, 6, 'view_apikey', 'Can view api key'),
(25, 7, 'add_signinlink', 'Can add sign in link'),
(26, 7, 'change_signinlink', 'Can change sign in link'),
(27, 7, 'delete_signinlink', 'Can delete sign in link'),
(28, 7, 'view_signinlink', 'Can view sign in link'),
(29, 8, 'add_apikeyday', 'Can add api key day'),
(30, 8, 'change_apikeyday', 'Can change api key day'),
(31, 8, 'delete_apikeyday', 'Can delete api key day'),
(32, 8, 'view_apikeyday', 'Can view api key day'),
(33, 9, 'add_proofkey', 'Can add proof key'),
(34, 9, 'change_proofkey', 'Can change proof key'),
(35, 9, 'delete_proofkey', 'Can delete proof key'),
(36, 9, 'view_proofkey', 'Can view proof key'),
(37, 10, 'add_dataexport', 'Can add data export'),
(38, 10, 'change_dataexport', 'Can change data export'),
(39, 10, 'delete_dataexport', 'Can delete data export'),
(40, 10, 'view_dataexport', 'Can view data export'),
(41, 11, 'add_erasure', 'Can add erasure'),
(42, 11, 'change_erasure', 'Can change erasure'),
(43, 11, 'delete_erasure', 'Can delete erasure'),
(44, 11, 'view_erasure', 'Can view erasure'),
(45, 12, 'add_sellerlimit', 'Can add seller limit'),
(46, 12, 'change_sellerlimit', 'Can change seller limit'),
(47, 12, 'delete_sellerlimit', 'Can delete seller limit'),
(48, 12, 'view_sellerlimit', 'Can view seller limit'),
(49, 13, 'add_creditaccount', 'Can add credit account'),
(50, 13, 'change_creditaccount', 'Can change credit account'),
(51, 13, 'delete_creditaccount', 'Can delete credit account'),
(52, 13, 'view_creditaccount', 'Can view credit account'),
(53, 14, 'add_creditgrant', 'Can add credit grant'),
(54, 14, 'change_creditgrant', 'Can change credit grant'),
(55, 14, 'delete_creditgrant', 'Can delete credit grant'),
(56, 14, 'view_creditgrant', 'Can view credit grant'),
(57, 15, 'add_credittransaction', 'Can add credit transaction'),
(58, 15, 'change_credittransaction', 'Can change credit transaction'),
(59, 15, 'delete_credittransaction', 'Can delete credit transaction'),
(60, 15, 'view_credittransaction', 'Can view credit transaction'),
(61, 16, 'add_creditentry', 'Can add credit entry'),
(62, 16, 'change_creditentry', 'Can change credit entry'),
(63, 16, 'delete_creditentry', 'Can delete credit entry'),
(64, 16, 'view_creditentry', 'Can view credit entry'),
(65, 17, 'add_plan', 'Can add plan'),
(66, 17, 'change_plan', 'Can change plan'),
(67, 17, 'delete_plan', 'Can delete plan'),
(68, 17, 'view_plan', 'Can view plan'),
(69, 18, 'add_quote', 'Can add quote'),
(70, 18, 'change_quote', 'Can change quote'),
(71, 18, 'delete_quote', 'Can delete quote'),
(72, 18, 'view_quote', 'Can view quote'),
(73, 19, 'add_project', 'Can add project'),
(74, 19, 'change_project', 'Can change project'),
(75, 19, 'delete_project', 'Can delete project'),
(76, 19, 'view_project', 'Can view project'),
(77, 20, 'add_job', 'Can add job'),
(78, 20, 'change_job', 'Can change job'),
(79, 20, 'delete_job', 'Can delete job'),
(80, 20, 'view_job', 'Can view job'),
(81, 21, 'add_listing', 'Can add listing'),
(82, 21, 'change_listing', 'Can change listing'),
(83, 21, 'delete_listing', 'Can delete listing'),
(84, 21, 'view_listing', 'Can view listing'),
(85, 22, 'add_projectfile', 'Can add project file'),
(86, 22, 'change_projectfile', 'Can change project file'),
(87, 22, 'delete_projectfile', 'Can delete project file'),
(88, 22, 'view_projectfile', 'Can view project file'),
(89, 23, 'add_item', 'Can add item'),
(90, 23, 'change_item', 'Can change item'),
(91, 23, 'delete_item', 'Can delete item'),
(92, 23, 'view_item', 'Can view item'),
(93, 24, 'add_upload', 'Can add upload'),
(94, 24, 'change_upload', 'Can change upload'),
(95, 24, 'delete_upload', 'Can delete upload'),
(96, 24, 'view_upload', 'Can view upload'),
(97, 25, 'add_scene', 'Can add scene'),
(98, 25, 'change_scene', 'Can change scene'),
(99, 25, 'delete_scene', 'Can delete scene'),
(100, 25, 'view_scene', 'Can view scene'),
(101, 26, 'add_acceptedsince', 'Can add accepted since'),
(102, 26, 'change_acceptedsince', 'Can change accepted since'),
(103, 26, 'delete_acceptedsince', 'Can delete accepted since'),
(104, 26, 'view_acceptedsince', 'Can view accepted since'),
(105, 27, 'add_acceptedrequest', 'Can add accepted request'),
(106, 27, 'change_acceptedrequest', 'Can change accepted request'),
(107, 27, 'delete_acceptedrequest', 'Can delete accepted request'),
(108, 27, 'view_acceptedrequest', 'Can view accepted request'),
(109, 28, 'add_acceptedcharge', 'Can add accepted charge'),
(110, 28, 'change_acceptedcharge', 'Can change accepted charge'),
(111, 28, 'delete_acceptedcharge', 'Can delete accepted charge'),
(112, 28, 'view_acceptedcharge', 'Can view accepted charge'),
(113, 29, 'add_storyboard', 'Can add storyboard'),
(114, 29, 'change_storyboard', 'Can change storyboard'),
(115, 29, 'delete_storyboard', 'Can delete storyboard'),
(116, 29, 'view_storyboard', 'Can view storyboard'),
(117, 30, 'add_itemround', 'Can add item round'),
(118, 30, 'change_itemround', 'Can change item round'),
(119, 30, 'delete_itemround', 'Can delete item round'),
(120, 30, 'view_itemround', 'Can view item round'),
(121, 31, 'add_batch', 'Can add batch'),
(122, 31, 'change_batch', 'Can change batch'),
(123, 31, 'delete_batch', 'Can delete batch'),
(124, 31, 'view_batch', 'Can view batch'),
(125, 32, 'add_batchrow', 'Can add batch row'),
(126, 32, 'change_batchrow', 'Can change batch row'),
(127, 32, 'delete_batchrow', 'Can delete batch row'),
(128, 32, 'view_batchrow', 'Can view batch row'),
(129, 33, 'add_batchlaunch', 'Can add batch launch'),
(130, 33, 'change_batchlaunch', 'Can change batch launch'),
(131, 33, 'delete_batchlaunch', 'Can delete batch launch'),
(132, 33, 'view_batchlaunch', 'Can view batch launch'),
(133, 34, 'add_buyertrial', 'Can add buyer trial'),
(134, 34, 'change_buyertrial', 'Can change buyer trial'),
(135, 34, 'delete_buyertrial', 'Can delete buyer trial'),
(136, 34, 'view_buyertrial', 'Can view buyer trial'),
(137, 35, 'add_listingtitle', 'Can add listing title'),
(138, 35, 'change_listingtitle', 'Can change listing title'),
(139, 35, 'delete_listingtitle', 'Can delete listing title'),
(140, 35, 'view_listingtitle', 'Can view listing title'),
(141, 36, 'add_listingtranslation', 'Can add listing translation'),
(142, 36, 'change_listingtranslation', 'Can change listing translation'),
(143, 36, 'delete_listingtranslation', 'Can delete listing translation'),
(144, 36, 'view_listingtranslation', 'Can view listing translation'),
(145, 37, 'add_label', 'Can add label'),
(146, 37, 'change_label', 'Can change label'),
(147, 37, 'delete_label', 'Can delete label'),
(148, 37, 'view_label', 'Can view label'),
(149, 38, 'add_projectlabel', 'Can add project label'),
(150, 38, 'change_projectlabel', 'Can change project label'),
(151, 38, 'delete_projectlabel', 'Can delete project label'),
(152, 38, 'view_projectlabel', 'Can view project label'),
(153, 39, 'add_savedfilter', 'Can add saved filter'),
(154, 39, 'change_savedfilter', 'Can change saved filter'),
(155, 39, 'delete_savedfilter', 'Can delete saved filter'),
(156, 39, 'view_savedfilter', 'Can view saved filter'),
(157, 40, 'add_searchword', 'Can add search word'),
(158, 40, 'change_searchword', 'Can change search word'),
(159, 40, 'delete_searchword', 'Can delete search word'),
(160, 40, 'view_searchword', 'Can view search word'),
(161, 41, 'add_series', 'Can add series'),
(162, 41, 'change_series', 'Can change series'),
(163, 41, 'delete_series', 'Can delete series'),
(164, 41, 'view_series', 'Can view series'),
(165, 42, 'add_brandkit', 'Can add brand kit'),
(166, 42, 'change_brandkit', 'Can change brand kit'),
(167, 42, 'delete_brandkit', 'Can delete brand kit'),
(168, 42, 'view_brandkit', 'Can view brand kit'),
(169, 43, 'add_formtemplate', 'Can add form template'),
(170, 43, 'change_formtemplate', 'Can change form template'),
(171, 43, 'delete_formtemplate', 'Can delete form template'),
(172, 43, 'view_formtemplate', 'Can view form template'),
(173, 44, 'add_draftplan', 'Can add draft plan'),
(174, 44, 'change_draftplan', 'Can change draft plan'),
(175, 44, 'delete_draftplan', 'Can delete draft plan'),
(176, 44, 'view_draftplan', 'Can view draft plan'),
(177, 45, 'add_requestedlaunch', 'Can add requested launch'),
(178, 45, 'change_requestedlaunch', 'Can change requested launch'),
(179, 45, 'delete_requestedlaunch', 'Can delete requested launch'),
(180, 45, 'view_requestedlaunch', 'Can view requested launch'),
(181, 46, 'add_attempt', 'Can add attempt'),
(182, 46, 'change_attempt', 'Can change attempt'),
(183, 46, 'delete_attempt', 'Can delete attempt'),
(184, 46, 'view_attempt', 'Can view attempt'),
(185, 47, 'add_providercall', 'Can add provider call'),
(186, 47, 'change_providercall', 'Can change provider call'),
(187, 47, 'delete_providercall', 'Can delete provider call'),
(188, 47, 'view_providercall', 'Can view provider call'),
(189, 48, 'add_providerpause', 'Can add provider pause'),
(190, 48, 'change_providerpause', 'Can change provider pause'),
(191, 48, 'delete_providerpause', 'Can delete provider pause'),
(192, 48, 'view_providerpause', 'Can view provider pause'),
(193, 49, 'add_worker', 'Can add worker'),
(194, 49, 'change_worker', 'Can change worker'),
(195, 49, 'delete_worker', 'Can delete worker'),
(196, 49, 'view_worker', 'Can view worker'),
(197, 50, 'add_clockmark', 'Can add clock mark'),
(198, 50, 'change_clockmark', 'Can change clock mark'),
(199, 50, 'delete_clockmark', 'Can delete clock mark'),
(200, 50, 'view_clockmark', 'Can view clock mark'),
(201, 51, 'add_writeprobe', 'Can add write probe'),
(202, 51, 'change_writeprobe', 'Can change write probe'),
(203, 51, 'delete_writeprobe', 'Can delete write probe'),
(204, 51, 'view_writeprobe', 'Can view write probe'),
(205, 52, 'add_restore', 'Can add restore'),
(206, 52, 'change_restore', 'Can change restore'),
(207, 52, 'delete_restore', 'Can delete restore'),
(208, 52, 'view_restore', 'Can view restore'),
(209, 53, 'add_restoredround', 'Can add restored round'),
(210, 53, 'change_restoredround', 'Can change restored round'),
(211, 53, 'delete_restoredround', 'Can delete restored round'),
(212, 53, 'view_restoredround', 'Can view restored round'),
(213, 54, 'add_taskstate', 'Can add task state'),
(214, 54, 'change_taskstate', 'Can change task state'),
(215, 54, 'delete_taskstate', 'Can delete task state'),
(216, 54, 'view_taskstate', 'Can view task state'),
(217, 55, 'add_rowfailure', 'Can add row failure'),
(218, 55, 'change_rowfailure', 'Can change row failure'),
(219, 55, 'delete_rowfailure', 'Can delete row failure'),
(220, 55, 'view_rowfailure', 'Can view row failure'),
(221, 56, 'add_checkresult', 'Can add check result'),
(222, 56, 'change_checkresult', 'Can change check result'),
(223, 56, 'delete_checkresult', 'Can delete check result'),
(224, 56, 'view_checkresult', 'Can view check result'),
(225, 57, 'add_etsyshop', 'Can add etsy shop'),
(226, 57, 'change_etsyshop', 'Can change etsy shop'),
(227, 57, 'delete_etsyshop', 'Can delete etsy shop'),
(228, 57, 'view_etsyshop', 'Can view etsy shop'),
(229, 58, 'add_etsybudget', 'Can add etsy budget'),
(230, 58, 'change_etsybudget', 'Can change etsy budget'),
(231, 58, 'delete_etsybudget', 'Can delete etsy budget'),
(232, 58, 'view_etsybudget', 'Can view etsy budget'),
(233, 59, 'add_etsycategories', 'Can add etsy categories'),
(234, 59, 'change_etsycategories', 'Can change etsy categories'),
(235, 59, 'delete_etsycategories', 'Can delete etsy categories'),
(236, 59, 'view_etsycategories', 'Can view etsy categories'),
(237, 60, 'add_sellerkeyword', 'Can add seller keyword'),
(238, 60, 'change_sellerkeyword', 'Can change seller keyword'),
(239, 60, 'delete_sellerkeyword', 'Can delete seller keyword'),
(240, 60, 'view_sellerkeyword', 'Can view seller keyword'),
(241, 61, 'add_shopschedule', 'Can add shop schedule'),
(242, 61, 'change_shopschedule', 'Can change shop schedule'),
(243, 61, 'delete_shopschedule', 'Can delete shop schedule'),
(244, 61, 'view_shopschedule', 'Can view shop schedule'),
(245, 62, 'add_listingtemplate', 'Can add listing template'),
(246, 62, 'change_listingtemplate', 'Can change listing template'),
(247, 62, 'delete_listingtemplate', 'Can delete listing template'),
(248, 62, 'view_listingtemplate', 'Can view listing template'),
(249, 63, 'add_keeprule', 'Can add keep rule'),
(250, 63, 'change_keeprule', 'Can change keep rule'),
(251, 63, 'delete_keeprule', 'Can delete keep rule'),
(252, 63, 'view_keeprule', 'Can view keep rule'),
(253, 64, 'add_driveaccount', 'Can add drive account'),
(254, 64, 'change_driveaccount', 'Can change drive account'),
(255, 64, 'delete_driveaccount', 'Can delete drive account'),
(256, 64, 'view_driveaccount', 'Can view drive account'),
(257, 65, 'add_drivecopy', 'Can add drive copy'),
(258, 65, 'change_drivecopy', 'Can change drive copy'),
(259, 65, 'delete_drivecopy', 'Can delete drive copy'),
(260, 65, 'view_drivecopy', 'Can view drive copy'),
(261, 66, 'add_driveupload', 'Can add drive upload'),
(262, 66, 'change_driveupload', 'Can change drive upload'),
(263, 66, 'delete_driveupload', 'Can delete drive upload'),
(264, 66, 'view_driveupload', 'Can view drive upload'),
(265, 67, 'add_filesagain', 'Can add files again'),
(266, 67, 'change_filesagain', 'Can change files again'),
(267, 67, 'delete_filesagain', 'Can delete files again'),
(268, 67, 'view_filesagain', 'Can view files again'),
(269, 68, 'add_printdraft', 'Can add print draft'),
(270, 68, 'change_printdraft', 'Can change print draft'),
(271, 68, 'delete_printdraft', 'Can delete print draft'),
(272, 68, 'view_printdraft', 'Can view print draft'),
(273, 69, 'add_stripeevent', 'Can add stripe event'),
(274, 69, 'change_stripeevent', 'Can change stripe event'),
(275, 69, 'delete_stripeevent', 'Can delete stripe event'),
(276, 69, 'view_stripeevent', 'Can view stripe event'),
(277, 70, 'add_stripecustomer', 'Can add stripe customer'),
(278, 70, 'change_stripecustomer', 'Can change stripe customer'),
(279, 70, 'delete_stripecustomer', 'Can delete stripe customer'),
(280, 70, 'view_stripecustomer', 'Can view stripe customer'),
(281, 71, 'add_subscription', 'Can add subscription'),
(282, 71, 'change_subscription', 'Can change subscription'),
(283, 71, 'delete_subscription', 'Can delete subscription'),
(284, 71, 'view_subscription', 'Can view subscription'),
(285, 72, 'add_payment', 'Can add payment'),
(286, 72, 'change_payment', 'Can change payment'),
(287, 72, 'delete_payment', 'Can delete payment'),
(288, 72, 'view_payment', 'Can view payment'),
(289, 73, 'add_cursor', 'Can add cursor'),
(290, 73, 'change_cursor', 'Can change cursor'),
(291, 73, 'delete_cursor', 'Can delete cursor'),
(292, 73, 'view_cursor', 'Can view cursor'),
(293, 74, 'add_unreadmessage', 'Can add unread message'),
(294, 74, 'change_unreadmessage', 'Can change unread message'),
(295, 74, 'delete_unreadmessage', 'Can delete unread message'),
(296, 74, 'view_unreadmessage', 'Can view unread message'),
(297, 75, 'add_ratebucket', 'Can add rate bucket'),
(298, 75, 'change_ratebucket', 'Can change rate bucket'),
(299, 75, 'delete_ratebucket', 'Can delete rate bucket'),
(300, 75, 'view_ratebucket', 'Can view rate bucket'),
(301, 76, 'add_webhookdelivery', 'Can add webhook delivery'),
(302, 76, 'change_webhookdelivery', 'Can change webhook delivery'),
(303, 76, 'delete_webhookdelivery', 'Can delete webhook delivery'),
(304, 76, 'view_webhookdelivery', 'Can view webhook delivery'),
(305, 77, 'add_webhookattempt', 'Can add webhook attempt'),
(306, 77, 'change_webhookattempt', 'Can change webhook attempt'),
(307, 77, 'delete_webhookattempt', 'Can delete webhook attempt'),
(308, 77, 'view_webhookattempt', 'Can view webhook attempt'),
(309, 78, 'add_webhookendpoint', 'Can add webhook endpoint'),
(310, 78, 'change_webhookendpoint', 'Can change webhook endpoint'),
(311, 78, 'delete_webhookendpoint', 'Can delete webhook endpoint'),
(312, 78, 'view_webhookendpoint', 'Can view webhook endpoint'),
(313, 79, 'add_mailpreference', 'Can add mail preference'),
(314, 79, 'change_mailpreference', 'Can change mail preference'),
(315, 79, 'delete_mailpreference', 'Can delete mail preference'),
(316, 79, 'view_mailpreference', 'Can view mail preference'),
(317, 80, 'add_operatoract', 'Can add operator act'),
(318, 80, 'change_operatoract', 'Can change operator act'),
(319, 80, 'delete_operatoract', 'Can delete operator act'),
(320, 80, 'view_operatoract', 'Can view operator act'),
(321, 81, 'add_sentmail', 'Can add sent mail'),
(322, 81, 'change_sentmail', 'Can change sent mail'),
(323, 81, 'delete_sentmail', 'Can delete sent mail'),
(324, 81, 'view_sentmail', 'Can view sent mail'),
(325, 82, 'add_trialaddress', 'Can add trial address'),
(326, 82, 'change_trialaddress', 'Can change trial address'),
(327, 82, 'delete_trialaddress', 'Can delete trial address'),
(328, 82, 'view_trialaddress', 'Can view trial address'),
(329, 83, 'add_helprequest', 'Can add help request'),
(330, 83, 'change_helprequest', 'Can change help request'),
(331, 83, 'delete_helprequest', 'Can delete help request'),
(332, 83, 'view_helprequest', 'Can view help request'),
(333, 84, 'add_trialrefusal', 'Can add trial refusal'),
(334, 84, 'change_trialrefusal', 'Can change trial refusal'),
(335, 84, 'delete_trialrefusal', 'Can delete trial refusal'),
(336, 84, 'view_trialrefusal', 'Can view trial refusal'),
(337, 85, 'add_trialplace', 'Can add trial place'),
(338, 85, 'change_trialplace', 'Can change trial place'),
(339, 85, 'delete_trialplace', 'Can delete trial place'),
(340, 85, 'view_trialplace', 'Can view trial place'),
(341, 86, 'add_pushkey', 'Can add push key'),
(342, 86, 'change_pushkey', 'Can change push key'),
(343, 86, 'delete_pushkey', 'Can delete push key'),
(344, 86, 'view_pushkey', 'Can view push key'),
(345, 87, 'add_pushsubscription', 'Can add push subscription'),
(346, 87, 'change_pushsubscription', 'Can change push subscription'),
(347, 87, 'delete_pushsubscription', 'Can delete push subscription'),
(348, 87, 'view_pushsubscription', 'Can view push subscription'),
(349, 88, 'add_sentpush', 'Can add sent push'),
(350, 88, 'change_sentpush', 'Can change sent push'),
(351, 88, 'delete_sentpush', 'Can delete sent push'),
(352, 88, 'view_sentpush', 'Can view sent push'),
(353, 89, 'add_setupcheck', 'Can add setup check'),
(354, 89, 'change_setupcheck', 'Can change setup check'),
(355, 89, 'delete_setupcheck', 'Can delete setup check'),
(356, 89, 'view_setupcheck', 'Can view setup check'),
(357, 90, 'add_supportlimit', 'Can add support limit'),
(358, 90, 'change_supportlimit', 'Can change support limit'),
(359, 90, 'delete_supportlimit', 'Can delete support limit'),
(360, 90, 'view_supportlimit', 'Can view support limit'),
(361, 91, 'add_bulkplan', 'Can add bulk plan'),
(362, 91, 'change_bulkplan', 'Can change bulk plan'),
(363, 91, 'delete_bulkplan', 'Can delete bulk plan'),
(364, 91, 'view_bulkplan', 'Can view bulk plan'),
(365, 92, 'add_bulkrow', 'Can add bulk row'),
(366, 92, 'change_bulkrow', 'Can change bulk row'),
(367, 92, 'delete_bulkrow', 'Can delete bulk row'),
(368, 92, 'view_bulkrow', 'Can view bulk row'),
(369, 93, 'add_readchanges', 'Can add read changes'),
(370, 93, 'change_readchanges', 'Can change read changes'),
(371, 93, 'delete_readchanges', 'Can delete read changes'),
(372, 93, 'view_readchanges', 'Can view read changes'),
(373, 94, 'add_logentry', 'Can add log entry'),
(374, 94, 'change_logentry', 'Can change log entry'),
(375, 94, 'delete_logentry', 'Can delete log entry'),
(376, 94, 'view_logentry', 'Can view log entry'),
(377, 95, 'add_emailaddress', 'Can add email address'),
(378, 95, 'change_emailaddress', 'Can change email address'),
(379, 95, 'delete_emailaddress', 'Can delete email address'),
(380, 95, 'view_emailaddress', 'Can view email address'),
(381, 96, 'add_emailconfirmation', 'Can add email confirmation'),
(382, 96, 'change_emailconfirmation', 'Can change email confirmation'),
(383, 96, 'delete_emailconfirmation', 'Can delete email confirmation'),
(384, 96, 'view_emailconfirmation', 'Can view email confirmation'),
(385, 97, 'add_authenticator', 'Can add authenticator'),
(386, 97, 'change_authenticator', 'Can change authenticator'),
(387, 97, 'delete_authenticator', 'Can delete authenticator'),
(388, 97, 'view_authenticator', 'Can view authenticator'),
(389, 98, 'add_usersession', 'Can add user session'),
(390, 98, 'change_usersession', 'Can change user session'),
(391, 98, 'delete_usersession', 'Can delete user session'),
(392, 98, 'view_usersession', 'Can view user session'),
(393, 99, 'add_socialaccount', 'Can add social account'),
(394, 99, 'change_socialaccount', 'Can change social account'),
(395, 99, 'delete_socialaccount', 'Can delete social account'),
(396, 99, 'view_socialaccount', 'Can view social account'),
(397, 100, 'add_socialapp', 'Can add social application'),
(398, 100, 'change_socialapp', 'Can change social application'),
(399, 100, 'delete_socialapp', 'Can delete social application'),
(400, 100, 'view_socialapp', 'Can view social application'),
(401, 101, 'add_socialtoken', 'Can add social application token'),
(402, 101, 'change_socialtoken', 'Can change social application token'),
(403, 101, 'delete_socialtoken', 'Can delete social application token'),
(404, 101, 'view_socialtoken', 'Can view social application token');
INSERT INTO "django_content_type" (id, app_label, model) VALUES
(1, 'auth', 'permission'),
(2, 'auth', 'group'),
(3, 'contenttypes', 'contenttype'),
(4, 'sessions', 'session'),
(5, 'accounts', 'user'),
(6, 'accounts', 'apikey'),
(7, 'accounts', 'signinlink'),
(8, 'accounts', 'apikeyday'),
(9, 'accounts', 'proofkey'),
(10, 'accounts', 'dataexport'),
(11, 'accounts', 'erasure'),
(12, 'accounts', 'sellerlimit'),
(13, 'credits', 'creditaccount'),
(14, 'credits', 'creditgrant'),
(15, 'credits', 'credittransaction'),
(16, 'credits', 'creditentry'),
(17, 'credits', 'plan'),
(18, 'credits', 'quote'),
(19, 'projects', 'project'),
(20, 'projects', 'job'),
(21, 'projects', 'listing'),
(22, 'projects', 'projectfile'),
(23, 'projects', 'item'),
(24, 'projects', 'upload'),
(25, 'projects', 'scene'),
(26, 'projects', 'acceptedsince'),
(27, 'projects', 'acceptedrequest'),
(28, 'projects', 'acceptedcharge'),
(29, 'projects', 'storyboard'),
(30, 'projects', 'itemround'),
(31, 'projects', 'batch'),
(32, 'projects', 'batchrow'),
(33, 'projects', 'batchlaunch'),
(34, 'projects', 'buyertrial'),
(35, 'projects', 'listingtitle'),
(36, 'projects', 'listingtranslation'),
(37, 'projects', 'label'),
(38, 'projects', 'projectlabel'),
(39, 'projects', 'savedfilter'),
(40, 'projects', 'searchword'),
(41, 'projects', 'series'),
(42, 'projects', 'brandkit'),
(43, 'projects', 'formtemplate'),
(44, 'projects', 'draftplan'),
(45, 'projects', 'requestedlaunch'),
(46, 'pipeline', 'attempt'),
(47, 'pipeline', 'providercall'),
(48, 'pipeline', 'providerpause'),
(49, 'pipeline', 'worker'),
(50, 'pipeline', 'clockmark'),
(51, 'pipeline', 'writeprobe'),
(52, 'pipeline', 'restore'),
(53, 'pipeline', 'restoredround'),
(54, 'maintenance', 'taskstate'),
(55, 'maintenance', 'rowfailure'),
(56, 'maintenance', 'checkresult'),
(57, 'listings', 'etsyshop'),
(58, 'listings', 'etsybudget'),
(59, 'listings', 'etsycategories'),
(60, 'listings', 'sellerkeyword'),
(61, 'listings', 'shopschedule'),
(62, 'listings', 'listingtemplate'),
(63, 'delivery', 'keeprule'),
(64, 'delivery', 'driveaccount'),
(65, 'delivery', 'drivecopy'),
(66, 'delivery', 'driveupload'),
(67, 'delivery', 'filesagain'),
(68, 'delivery', 'printdraft'),
(69, 'payments', 'stripeevent'),
(70, 'payments', 'stripecustomer'),
(71, 'payments', 'subscription'),
(72, 'payments', 'payment'),
(73, 'payments', 'cursor'),
(74, 'payments', 'unreadmessage'),
(75, 'api', 'ratebucket'),
(76, 'api', 'webhookdelivery'),
(77, 'api', 'webhookattempt'),
(78, 'api', 'webhookendpoint'),
(79, 'support', 'mailpreference'),
(80, 'support', 'operatoract'),
(81, 'support', 'sentmail'),
(82, 'support', 'trialaddress'),
(83, 'support', 'helprequest'),
(84, 'support', 'trialrefusal'),
(85, 'support', 'trialplace'),
(86, 'support', 'pushkey'),
(87, 'support', 'pushsubscription'),
(88, 'support', 'sentpush'),
(89, 'support', 'setupcheck'),
(90, 'support', 'supportlimit'),
(91, 'support', 'bulkplan'),
(92, 'support', 'bulkrow'),
(93, 'support', 'readchanges'),
(94, 'admin', 'logentry'),
(95, 'account', 'emailaddress'),
(96, 'account', 'emailconfirmation'),
(97, 'mfa', 'authenticator'),
(98, 'usersessions', 'usersession'),
(99, 'socialaccount', 'socialaccount'),
(100, 'socialaccount', 'socialapp'),
(101, 'socialaccount', 'socialtoken');
INSERT INTO django_migrations (app, name, applied) VALUES
('account', '0001_initial', strftime('%Y-%m-%d %H:%M:%f000', 'now')),
('account', '0002_email_max_length', strftime('%Y-%m-%d %H:%M:%f000', 'now')),
('account', '0003_alter_emailaddress_create_unique_verified_email', strftime('%Y-%m-%d %H:%M:%f000', 'now')),
('account', '0004_alter_emailaddress_drop_unique_email', strftime('%Y-%m-%d %H:%M:%f000', 'now')),
('account', '0005_emailaddress_idx_upper_email', strftime('%Y-%m-%d %H:%M:%f000', 'now')),
('account', '0006_emailaddress_lower', strftime('%Y-%m-%d %H:%M:%f000', 'now')),
('account', '0007_emailaddress_idx_email', strftime('%Y-%m-%d %H:%M:%f000', 'now')),
('account', '0008_emailaddress_unique_primary_email_fixup', strftime('%Y-%m-%d %H:%M:%f000', 'now')),
('account', '0009_emailaddress_unique_primary_email', strftime('%Y-%m-%d %H:%M:%f000', 'now')),
('accounts', '0001_initial', strftime('%Y-%m-%d %H:%M:%f000', 'now')),
('accounts', '0002_api_key_scope', strftime('%Y-%m-%d %H:%M:%f000', 'now')),
('accounts', '0003_api_key_actions_and_daily_cap', strftime('%Y-%m-%d %H:%M:%f000', 'now')),
('accounts', '0004_proof_keys', strftime('%Y-%m-%d %H:%M:%f000', 'now')),
('accounts', '0005_data_exports_and_erasures', strftime('%Y-%m-%d %H:%M:%f000', 'now')),
('accounts', '0006_seller_limits', strftime('%Y-%m-%d %H:%M:%f000', 'now')),
('accounts', '0007_support_role', strftime('%Y-%m-%d %H:%M:%f000', 'now')),
('admin', '0001_initial', strftime('%Y-%m-%d %H:%M:%f000', 'now')),
('admin', '0002_logentry_remove_auto_add', strftime('%Y-%m-%d %H:%M:%f000', 'now')),
('admin', '0003_logentry_add_action_flag_choices', strftime('%Y-%m-%d %H:%M:%f000', 'now')),
('api', '0001_initial', strftime('%Y-%m-%d %H:%M:%f000', 'now')),
('auth', '0001_initial', strftime('%Y-%m-%d %H:%M:%f000', 'now')),
('auth', '0002_alter_permission_name_max_length', strftime('%Y-%m-%d %H:%M:%f000', 'now')),
('auth', '0003_alter_user_email_max_length', strftime('%Y-%m-%d %H:%M:%f000', 'now')),
('auth', '0004_alter_user_username_opts', strftime('%Y-%m-%d %H:%M:%f000', 'now')),
('auth', '0005_alter_user_last_login_null', strftime('%Y-%m-%d %H:%M:%f000', 'now')),
('auth', '0006_require_contenttypes_0002', strftime('%Y-%m-%d %H:%M:%f000', 'now')),
('auth', '0007_alter_validators_add_error_messages', strftime('%Y-%m-%d %H:%M:%f000', 'now')),
('auth', '0008_alter_user_username_max_length', strftime('%Y-%m-%d %H:%M:%f000', 'now')),
('auth', '0009_alter_user_last_name_max_length', strftime('%Y-%m-%d %H:%M:%f000', 'now')),
('auth', '0010_alter_group_name_max_length', strftime('%Y-%m-%d %H:%M:%f000', 'now')),
('auth', '0011_update_proxy_permissions', strftime('%Y-%m-%d %H:%M:%f000', 'now')),
('auth', '0012_alter_user_first_name_max_length', strftime('%Y-%m-%d %H:%M:%f000', 'now')),
('contenttypes', '0001_initial', strftime('%Y-%m-%d %H:%M:%f000', 'now')),
('contenttypes', '0002_remove_content_type_name', strftime('%Y-%m-%d %H:%M:%f000', 'now')),
('credits', '0001_initial', strftime('%Y-%m-%d %H:%M:%f000', 'now')),
('credits', '0002_the_database_refuses', strftime('%Y-%m-%d %H:%M:%f000', 'now')),
('credits', '0003_plan_paid_by', strftime('%Y-%m-%d %H:%M:%f000', 'now')),
('credits', '0004_words_of_an_erased_account', strftime('%Y-%m-%d %H:%M:%f000', 'now')),
('credits', '0005_quotes_never_launched', strftime('%Y-%m-%d %H:%M:%f000', 'now')),
('credits', '0006_found_by_job_and_project', strftime('%Y-%m-%d %H:%M:%f000', 'now')),
('credits', '0007_quick_postings', strftime('%Y-%m-%d %H:%M:%f000', 'now')),
('delivery', '0001_drive_and_keeping', strftime('%Y-%m-%d %H:%M:%f000', 'now')),
('delivery', '0002_print_drafts', strftime('%Y-%m-%d %H:%M:%f000', 'now')),
('listings', '0001_initial', strftime('%Y-%m-%d %H:%M:%f000', 'now')),
('listings', '0002_shop_sandbox_and_lease', strftime('%Y-%m-%d %H:%M:%f000', 'now')),
('listings', '0003_budget_and_categories', strftime('%Y-%m-%d %H:%M:%f000', 'now')),
('listings', '0004_the_app_of_a_shop', strftime('%Y-%m-%d %H:%M:%f000', 'now')),
('listings', '0005_shop_currency', strftime('%Y-%m-%d %H:%M:%f000', 'now')),
('listings', '0006_keywords', strftime('%Y-%m-%d %H:%M:%f000', 'now')),
('listings', '0007_several_shops', strftime('%Y-%m-%d %H:%M:%f000', 'now')),
('listings', '0008_shop_schedules', strftime('%Y-%m-%d %H:%M:%f000', 'now')),
('listings', '0009_listing_templates', strftime('%Y-%m-%d %H:%M:%f000', 'now')),
('maintenance', '0001_task_state', strftime('%Y-%m-%d %H:%M:%f000', 'now')),
('maintenance', '0002_check_results', strftime('%Y-%m-%d %H:%M:%f000', 'now')),
('mfa', '0001_initial', strftime('%Y-%m-%d %H:%M:%f000', 'now')),
('mfa', '0002_authenticator_timestamps', strftime('%Y-%m-%d %H:%M:%f000', 'now')),
('mfa', '0003_authenticator_type_uniq', strftime('%Y-%m-%d %H:%M:%f000', 'now')),
('payments', '0001_initial', strftime('%Y-%m-%d %H:%M:%f000', 'now')),
('payments', '0002_payment_disputes', strftime('%Y-%m-%d %H:%M:%f000', 'now')),
('payments', '0003_messages_that_were_lost', strftime('%Y-%m-%d %H:%M:%f000', 'now')),
('pipeline', '0001_initial', strftime('%Y-%m-%d %H:%M:%f000', 'now')),
('pipeline', '0002_initial', strftime('%Y-%m-%d %H:%M:%f000', 'now')),
('pipeline', '0003_news_and_newest', strftime('%Y-%m-%d %H:%M:%f000', 'now')),
('pipeline', '0004_maintenance_indexes', strftime('%Y-%m-%d %H:%M:%f000', 'now')),
('pipeline', '0005_write_probe_and_clock_mark', strftime('%Y-%m-%d %H:%M:%f000', 'now')),
('pipeline', '0006_send_permit', strftime('%Y-%m-%d %H:%M:%f000', 'now')),
('pipeline', '0007_restores', strftime('%Y-%m-%d %H:%M:%f000', 'now')),
('projects', '0001_initial', strftime('%Y-%m-%d %H:%M:%f000', 'now')),
('projects', '0002_state_guards', strftime('%Y-%m-%d %H:%M:%f000', 'now')),
('projects', '0003_uploads', strftime('%Y-%m-%d %H:%M:%f000', 'now')),
('projects', '0004_scenes', strftime('%Y-%m-%d %H:%M:%f000', 'now')),
('projects', '0005_failover', strftime('%Y-%m-%d %H:%M:%f000', 'now')),
('projects', '0006_owner_stage_index', strftime('%Y-%m-%d %H:%M:%f000', 'now')),
('projects', '0007_accepted_requests', strftime('%Y-%m-%d %H:%M:%f000', 'now')),
('projects', '0008_maintenance_indexes', strftime('%Y-%m-%d %H:%M:%f000', 'now')),
('projects', '0009_listing_currency_notes_trademarks', strftime('%Y-%m-%d %H:%M:%f000', 'now')),
('projects', '0010_upload_warning', strftime('%Y-%m-%d %H:%M:%f000', 'now')),
('projects', '0011_storyboard', strftime('%Y-%m-%d %H:%M:%f000', 'now')),
('projects', '0012_item_rounds', strftime('%Y-%m-%d %H:%M:%f000', 'now')),
('projects', '0013_batches', strftime('%Y-%m-%d %H:%M:%f000', 'now')),
('projects', '0014_buyer_trial', strftime('%Y-%m-%d %H:%M:%f000', 'now')),
('projects', '0015_pattern_product', strftime('%Y-%m-%d %H:%M:%f000', 'now')),
('projects', '0016_listing_video', strftime('%Y-%m-%d %H:%M:%f000', 'now')),
('projects', '0017_listing_titles', strftime('%Y-%m-%d %H:%M:%f000', 'now')),
('projects', '0018_listing_translations', strftime('%Y-%m-%d %H:%M:%f000', 'now')),
('projects', '0019_organizing', strftime('%Y-%m-%d %H:%M:%f000', 'now')),
('projects', '0020_file_source_type', strftime('%Y-%m-%d %H:%M:%f000', 'now')),
('projects', '0021_presets', strftime('%Y-%m-%d %H:%M:%f000', 'now')),
('projects', '0022_draft_plans', strftime('%Y-%m-%d %H:%M:%f000', 'now')),
('projects', '0023_planned_drafts', strftime('%Y-%m-%d %H:%M:%f000', 'now')),
('projects', '0024_requested_launches', strftime('%Y-%m-%d %H:%M:%f000', 'now')),
('projects', '0025_held_up_launches', strftime('%Y-%m-%d %H:%M:%f000', 'now')),
('projects', '0026_removed_uploads', strftime('%Y-%m-%d %H:%M:%f000', 'now')),
('projects', '0027_jobs_by_status_and_end', strftime('%Y-%m-%d %H:%M:%f000', 'now')),
('sessions', '0001_initial', strftime('%Y-%m-%d %H:%M:%f000', 'now')),
('socialaccount', '0001_initial', strftime('%Y-%m-%d %H:%M:%f000', 'now')),
('socialaccount', '0002_token_max_lengths', strftime('%Y-%m-%d %H:%M:%f000', 'now')),
('socialaccount', '0003_extra_data_default_dict', strftime('%Y-%m-%d %H:%M:%f000', 'now')),
('socialaccount', '0004_app_provider_id_settings', strftime('%Y-%m-%d %H:%M:%f000', 'now')),
('socialaccount', '0005_socialtoken_nullable_app', strftime('%Y-%m-%d %H:%M:%f000', 'now')),
('socialaccount', '0006_alter_socialaccount_extra_data', strftime('%Y-%m-%d %H:%M:%f000', 'now')),
('support', '0001_initial', strftime('%Y-%m-%d %H:%M:%f000', 'now')),
('support', '0002_acts_stay', strftime('%Y-%m-%d %H:%M:%f000', 'now')),
('support', '0003_entry_code', strftime('%Y-%m-%d %H:%M:%f000', 'now')),
('support', '0004_signing_in', strftime('%Y-%m-%d %H:%M:%f000', 'now')),
('support', '0005_help_requests', strftime('%Y-%m-%d %H:%M:%f000', 'now')),
('support', '0006_trial_once_per_person', strftime('%Y-%m-%d %H:%M:%f000', 'now')),
('support', '0007_words_of_an_erased_account', strftime('%Y-%m-%d %H:%M:%f000', 'now')),
('support', '0008_push_notifications', strftime('%Y-%m-%d %H:%M:%f000', 'now')),
('support', '0009_setup_checks', strftime('%Y-%m-%d %H:%M:%f000', 'now')),
('support', '0010_limit_actions', strftime('%Y-%m-%d %H:%M:%f000', 'now')),
('support', '0011_support_limits', strftime('%Y-%m-%d %H:%M:%f000', 'now')),
('support', '0012_bulk_actions', strftime('%Y-%m-%d %H:%M:%f000', 'now')),
('support', '0013_read_changes', strftime('%Y-%m-%d %H:%M:%f000', 'now')),
('usersessions', '0001_initial', strftime('%Y-%m-%d %H:%M:%f000', 'now'));
CREATE INDEX "account_emailaddress_email_03be32b2" ON "account_emailaddress" ("email");
CREATE INDEX "account_emailaddress_user_id_2c513194" ON "account_emailaddress" ("user_id");
CREATE UNIQUE INDEX "account_emailaddress_user_id_email_987c8728_uniq" ON "account_emailaddress" ("user_id", "email");
CREATE INDEX "account_emailconfirmation_email_address_id_5b7f8c58" ON "account_emailconfirmation" ("email_address_id");
CREATE INDEX "accounts_apikey_user_id_bd902026" ON "accounts_apikey" ("user_id");
CREATE INDEX "accounts_apikeyday_key_id_a8914651" ON "accounts_apikeyday" ("key_id");
CREATE INDEX "accounts_dataexport_owner_id_cd0a876e" ON "accounts_dataexport" ("owner_id");
CREATE INDEX "accounts_erasure_owner_id_14bd536f" ON "accounts_erasure" ("owner_id");
CREATE INDEX "accounts_signinlink_user_id_a6b02f6b" ON "accounts_signinlink" ("user_id");
CREATE INDEX "accounts_user_groups_group_id_bd11a704" ON "accounts_user_groups" ("group_id");
CREATE INDEX "accounts_user_groups_user_id_52b62117" ON "accounts_user_groups" ("user_id");
CREATE UNIQUE INDEX "accounts_user_groups_user_id_group_id_59c0b32f_uniq" ON "accounts_user_groups" ("user_id", "group_id");
CREATE INDEX "accounts_user_user_permissions_permission_id_113bb443" ON "accounts_user_user_permissions" ("permission_id");
CREATE INDEX "accounts_user_user_permissions_user_id_e4f0a161" ON "accounts_user_user_permissions" ("user_id");
CREATE UNIQUE INDEX "accounts_user_user_permissions_user_id_permission_id_2ab516c2_uniq" ON "accounts_user_user_permissions" ("user_id", "permission_id");
CREATE INDEX "api_webhookattempt_delivery_id_c4c9902f" ON "api_webhookattempt" ("delivery_id");
CREATE INDEX "api_webhookdelivery_endpoint_id_0a262f46" ON "api_webhookdelivery" ("endpoint_id");
CREATE INDEX "api_webhookendpoint_owner_id_1d90e473" ON "api_webhookendpoint" ("owner_id");
CREATE UNIQUE INDEX "attempt_once" ON "pipeline_attempt" ("job_id", "stage", "item", "round", "number", "wait") WHERE NOT "note";
CREATE INDEX "attempt_open" ON "pipeline_attempt" ("job_id") WHERE "ended_at" IS NULL;
CREATE INDEX "attempt_operator_failures" ON "pipeline_attempt" ("stage", "ended_at") WHERE "outcome" = 'operator';
CREATE INDEX "auth_group_permissions_group_id_b120cbf9" ON "auth_group_permissions" ("group_id");
CREATE UNIQUE INDEX "auth_group_permissions_group_id_permission_id_0cd325b0_uniq" ON "auth_group_permissions" ("group_id", "permission_id");
CREATE INDEX "auth_group_permissions_permission_id_84c5c92e" ON "auth_group_permissions" ("permission_id");
CREATE INDEX "auth_permission_content_type_id_2f476e4b" ON "auth_permission" ("content_type_id");
CREATE UNIQUE INDEX "auth_permission_content_type_id_codename_01ab375a_uniq" ON "auth_permission" ("content_type_id", "codename");
CREATE INDEX "batch_owner_newest" ON "projects_batch" ("owner_id", "public_id" DESC);
CREATE UNIQUE INDEX "brand_kit_name_once" ON "projects_brandkit" ("owner_id", "folded") WHERE "deleted_at" IS NULL;
CREATE UNIQUE INDEX "brand_kit_one_default" ON "projects_brandkit" ("owner_id") WHERE ("deleted_at" IS NULL AND "is_default");
CREATE INDEX "credit_entry_grant" ON "credits_creditentry" ("grant_id", "amount");
CREATE INDEX "credit_grant_burn_order" ON "credits_creditgrant" ("account_id", "expires_at", "id");
CREATE INDEX "credit_transaction_of_job" ON "credits_credittransaction" ("job");
CREATE INDEX "credit_transaction_of_project" ON "credits_credittransaction" ("project");
CREATE INDEX "credits_creditentry_transaction_id_2e6c6827" ON "credits_creditentry" ("transaction_id");
CREATE INDEX "credits_quote_owner_id_42b67510" ON "credits_quote" ("owner_id");
CREATE UNIQUE INDEX "data_export_one_open" ON "accounts_dataexport" ("owner_id") WHERE "state" = 'pending';
CREATE INDEX "delivery_drivecopy_owner_id_bcb4ffd7" ON "delivery_drivecopy" ("owner_id");
CREATE INDEX "delivery_driveupload_copy_id_0610f01f" ON "delivery_driveupload" ("copy_id");
CREATE INDEX "delivery_printdraft_owner_id_8d84e2dd" ON "delivery_printdraft" ("owner_id");
CREATE INDEX "django_admin_log_content_type_id_c4bce8eb" ON "django_admin_log" ("content_type_id");
CREATE INDEX "django_admin_log_user_id_c564eba6" ON "django_admin_log" ("user_id");
CREATE UNIQUE INDEX "django_content_type_app_label_model_76bd3d3b_uniq" ON "django_content_type" ("app_label", "model");
CREATE INDEX "django_session_expire_date_a5c62663" ON "django_session" ("expire_date");
CREATE INDEX "draft_planned" ON "projects_draftplan" ("shop") WHERE "planned";
CREATE INDEX "draft_released" ON "projects_draftplan" ("shop", "released_on") WHERE "released_on" IS NOT NULL;
CREATE INDEX "drive_copy_by_state" ON "delivery_drivecopy" ("state");
CREATE INDEX "elistit_cache_expires" ON "elistit_cache" ("expires");
CREATE UNIQUE INDEX "erasure_one_open" ON "accounts_erasure" ("owner_id") WHERE ("ended_at" IS NULL AND "withdrawn_at" IS NULL);
CREATE INDEX "erasure_open" ON "accounts_erasure" ("due_at") WHERE ("ended_at" IS NULL AND "withdrawn_at" IS NULL);
CREATE UNIQUE INDEX "etsy_shop_one_default" ON "listings_etsyshop" ("owner_id") WHERE "is_default";
CREATE UNIQUE INDEX "files_again_one_open" ON "delivery_filesagain" ("project") WHERE "state" = 'pending';
CREATE UNIQUE INDEX "form_template_once" ON "projects_formtemplate" ("owner_id", "folded") WHERE "deleted_at" IS NULL;
CREATE INDEX "help_request_waiting" ON "support_helprequest" ("at") WHERE "answered_at" IS NULL;
CREATE INDEX "job_active_by_change" ON "projects_job" ("status", "changed_at") WHERE "ended_at" IS NULL;
CREATE INDEX "job_by_end" ON "projects_job" ("ended_at") WHERE "ended_at" IS NOT NULL;
CREATE INDEX "job_by_status_and_end" ON "projects_job" ("status", "ended_at");
CREATE INDEX "keyword_most_searched" ON "listings_sellerkeyword" ("owner_id", "volume" DESC);
CREATE INDEX "listing_draft_pending" ON "projects_listing" ("draft") WHERE "draft" = 'pending';
CREATE INDEX "listing_needs_seller" ON "projects_listing" ("project_id") WHERE ("draft" = 'failed' OR "text" = 'failed');
CREATE INDEX "listings_etsyshop_owner_id_71bed8a1" ON "listings_etsyshop" ("owner_id");
CREATE INDEX "listings_listingtemplate_owner_id_228d66ca" ON "listings_listingtemplate" ("owner_id");
CREATE INDEX "listings_sellerkeyword_owner_id_0e28937e" ON "listings_sellerkeyword" ("owner_id");
CREATE INDEX "listings_shopschedule_owner_id_d51986cd" ON "listings_shopschedule" ("owner_id");
CREATE INDEX "mfa_authenticator_user_id_0c3a50c0" ON "mfa_authenticator" ("user_id");
CREATE UNIQUE INDEX "payment_form_once" ON "payments_payment" ("owner_id", "form_key") WHERE NOT ("form_key" = '');
CREATE INDEX "payment_open" ON "payments_payment" ("state", "created_at");
CREATE INDEX "payments_payment_owner_id_b5583d3c" ON "payments_payment" ("owner_id");
CREATE INDEX "payments_subscription_owner_id_b2a55304" ON "payments_subscription" ("owner_id");
CREATE INDEX "payments_unreadmessage_owner_id_3bcf8242" ON "payments_unreadmessage" ("owner_id");
CREATE INDEX "pipeline_attempt_job_id_d8662dd8" ON "pipeline_attempt" ("job_id");
CREATE INDEX "pipeline_providercall_job_id_a0d8327f" ON "pipeline_providercall" ("job_id");
CREATE INDEX "print_draft_by_owner" ON "delivery_printdraft" ("owner_id", "state");
CREATE INDEX "print_draft_by_project" ON "delivery_printdraft" ("project");
CREATE INDEX "project_archived" ON "projects_project" ("owner_id", "public_id" DESC) WHERE "archived_at" IS NOT NULL;
CREATE INDEX "project_by_age" ON "projects_project" ("stage", "stage_since") WHERE "files_deleted_at" IS NULL;
CREATE INDEX "project_favorite" ON "projects_project" ("owner_id", "public_id" DESC) WHERE "favorite_at" IS NOT NULL;
CREATE INDEX "project_files_to_delete" ON "projects_project" ("deleted_at") WHERE ("deleted_at" IS NOT NULL AND "files_deleted_at" IS NULL);
CREATE INDEX "project_listed_changed" ON "projects_project" ("owner_id", "stage_since" DESC, "public_id" DESC) WHERE "archived_at" IS NULL;
CREATE INDEX "project_listed_name" ON "projects_project" ("owner_id", (LOWER("name"))) WHERE "archived_at" IS NULL;
CREATE INDEX "project_listed_newest" ON "projects_project" ("owner_id", "public_id" DESC) WHERE "archived_at" IS NULL;
CREATE INDEX "project_listed_stage" ON "projects_project" ("owner_id", "stage", "public_id" DESC) WHERE "archived_at" IS NULL;
CREATE INDEX "project_owner_newest" ON "projects_project" ("owner_id", "public_id" DESC);
CREATE INDEX "project_owner_stage" ON "projects_project" ("owner_id", "stage");
CREATE INDEX "project_unsearchable" ON "projects_project" ("owner_id", "public_id") WHERE "searchable_at" IS NULL;
CREATE INDEX "projects_acceptedcharge_request_id_e8e30d44" ON "projects_acceptedcharge" ("request_id");
CREATE INDEX "projects_acceptedrequest_owner_id_4981bdf0" ON "projects_acceptedrequest" ("owner_id");
CREATE INDEX "projects_batch_owner_id_41d229f7" ON "projects_batch" ("owner_id");
CREATE INDEX "projects_batchlaunch_row_id_e8ead376" ON "projects_batchlaunch" ("row_id");
CREATE INDEX "projects_batchrow_batch_id_5d1eeeac" ON "projects_batchrow" ("batch_id");
CREATE INDEX "projects_batchrow_quote_id_4469993d" ON "projects_batchrow" ("quote_id");
CREATE INDEX "projects_brandkit_owner_id_21ded547" ON "projects_brandkit" ("owner_id");
CREATE INDEX "projects_buyertrial_job_id_71269515" ON "projects_buyertrial" ("job_id");
CREATE INDEX "projects_formtemplate_owner_id_ce6637f8" ON "projects_formtemplate" ("owner_id");
CREATE INDEX "projects_item_job_id_a2184c84" ON "projects_item" ("job_id");
CREATE INDEX "projects_itemround_item_id_ca3b3a2d" ON "projects_itemround" ("item_id");
CREATE INDEX "projects_job_project_id_f3780fa1" ON "projects_job" ("project_id");
CREATE INDEX "projects_job_quote_id_ad769685" ON "projects_job" ("quote_id");
CREATE INDEX "projects_label_owner_id_e2c63459" ON "projects_label" ("owner_id");
CREATE INDEX "projects_listingtitle_project_id_cbe2cec4" ON "projects_listingtitle" ("project_id");
CREATE INDEX "projects_listingtranslation_project_id_e180bea1" ON "projects_listingtranslation" ("project_id");
CREATE INDEX "projects_project_owner_id_b940de39" ON "projects_project" ("owner_id");
CREATE INDEX "projects_project_scene_id_6137fa22" ON "projects_project" ("scene_id");
CREATE INDEX "projects_project_series_id_07183d95" ON "projects_project" ("series_id");
CREATE INDEX "projects_projectfile_job_id_cb127103" ON "projects_projectfile" ("job_id");
CREATE INDEX "projects_projectfile_project_id_a623fca3" ON "projects_projectfile" ("project_id");
CREATE INDEX "projects_projectlabel_label_id_1502be71" ON "projects_projectlabel" ("label_id");
CREATE INDEX "projects_projectlabel_project_id_9f9aa4e5" ON "projects_projectlabel" ("project_id");
CREATE INDEX "projects_requestedlaunch_api_key_id_90496dce" ON "projects_requestedlaunch" ("api_key_id");
CREATE INDEX "projects_savedfilter_owner_id_fd5755be" ON "projects_savedfilter" ("owner_id");
CREATE INDEX "projects_scene_owner_id_280941c1" ON "projects_scene" ("owner_id");
CREATE INDEX "projects_searchword_project_id_025997fa" ON "projects_searchword" ("project_id");
CREATE INDEX "projects_series_owner_id_1b6c6d0a" ON "projects_series" ("owner_id");
CREATE INDEX "projects_upload_owner_id_7f115236" ON "projects_upload" ("owner_id");
CREATE INDEX "projects_upload_project_id_43ff4ce6" ON "projects_upload" ("project_id");
CREATE UNIQUE INDEX "proof_key_one_signs" ON "accounts_proofkey" ("algorithm") WHERE "retired_at" IS NULL;
CREATE INDEX "provider_call_newest" ON "pipeline_providercall" ("sent_at" DESC);
CREATE INDEX "provider_call_paid_unkept" ON "pipeline_providercall" ("sent_at" DESC) WHERE ("outcome" = 'not_kept' OR ("cost_micros" > 0 AND "state" = 'unknown'));
CREATE INDEX "requested_launch_refused" ON "projects_requestedlaunch" ("ended_at") WHERE "state" = 'not_launched';
CREATE INDEX "requested_launch_waiting" ON "projects_requestedlaunch" ("created_at") WHERE "state" = 'waiting';
CREATE INDEX "search_word_of_owner" ON "projects_searchword" ("owner_id", "word", "project_id");
CREATE INDEX "sent_mail_by_state" ON "support_sentmail" ("state");
CREATE INDEX "sent_push_by_time" ON "support_sentpush" ("at");
CREATE UNIQUE INDEX "socialaccount_socialaccount_provider_uid_fc810c6e_uniq" ON "socialaccount_socialaccount" ("provider", "uid");
CREATE INDEX "socialaccount_socialaccount_user_id_8146e70c" ON "socialaccount_socialaccount" ("user_id");
CREATE INDEX "socialaccount_socialtoken_account_id_951f210e" ON "socialaccount_socialtoken" ("account_id");
CREATE INDEX "socialaccount_socialtoken_app_id_636a42d7" ON "socialaccount_socialtoken" ("app_id");
CREATE UNIQUE INDEX "socialaccount_socialtoken_app_id_account_id_fca4e0ac_uniq" ON "socialaccount_socialtoken" ("app_id", "account_id");
CREATE INDEX "support_bulkplan_actor_id_de55e0ec" ON "support_bulkplan" ("actor_id");
CREATE INDEX "support_bulkrow_person_id_610c2ddc" ON "support_bulkrow" ("person_id");
CREATE INDEX "support_bulkrow_plan_id_8e95d876" ON "support_bulkrow" ("plan_id");
CREATE INDEX "support_helprequest_person_id_fee18c96" ON "support_helprequest" ("person_id");
CREATE INDEX "support_helprequest_project_793d354c" ON "support_helprequest" ("project");
CREATE INDEX "support_operatoract_actor_id_ede9af8f" ON "support_operatoract" ("actor_id");
CREATE INDEX "support_operatoract_person_id_b960111b" ON "support_operatoract" ("person_id");
CREATE INDEX "support_operatoract_project_980d891c" ON "support_operatoract" ("project");
CREATE INDEX "support_pushsubscription_person_id_d1f771f3" ON "support_pushsubscription" ("person_id");
CREATE INDEX "support_sentmail_person_id_8d85970a" ON "support_sentmail" ("person_id");
CREATE INDEX "support_sentpush_subscription_id_e8822a74" ON "support_sentpush" ("subscription_id");
CREATE INDEX "translation_due" ON "projects_listingtranslation" ("state", "next_try_at");
CREATE UNIQUE INDEX "unique_authenticator_type" ON "mfa_authenticator" ("user_id", "type") WHERE "type" IN ('totp', 'recovery_codes');
CREATE UNIQUE INDEX "unique_primary_email" ON "account_emailaddress" ("user_id", "primary") WHERE "primary";
CREATE UNIQUE INDEX "unique_verified_email" ON "account_emailaddress" ("email") WHERE "verified";
CREATE INDEX "unread_message_last" ON "payments_unreadmessage" ("last_at");
CREATE INDEX "upload_waiting" ON "projects_upload" ("owner_id", "project_id");
CREATE INDEX "usersessions_usersession_user_id_af5e0a6d" ON "usersessions_usersession" ("user_id");
CREATE INDEX "webhook_delivery_age" ON "api_webhookdelivery" ("created_at");
CREATE INDEX "webhook_delivery_due" ON "api_webhookdelivery" ("next_try_at") WHERE "state" = 'pending';
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
BEGIN SELECT RAISE(ABORT, 'an account moves only by a posted transaction'); END;
CREATE TRIGGER credits_account_opens BEFORE INSERT ON credits_creditaccount
WHEN NEW.balance <> 0 OR NEW.seq <> 0 OR NEW.head_hash <> ''
  OR EXISTS (SELECT 1 FROM credits_creditaccount WHERE id = NEW.id OR owner_id = NEW.owner_id)
BEGIN SELECT RAISE(ABORT, 'an account opens once and at zero'); END;
CREATE TRIGGER credits_account_stays BEFORE DELETE ON credits_creditaccount
BEGIN SELECT RAISE(ABORT, 'the books are append-only: DELETE of credits_creditaccount refused'); END;
CREATE TRIGGER credits_entry_keeps BEFORE DELETE ON credits_creditentry
BEGIN SELECT RAISE(ABORT, 'the books are append-only: DELETE of credits_creditentry refused'); END;
CREATE TRIGGER credits_entry_once BEFORE INSERT ON credits_creditentry
WHEN EXISTS (SELECT 1 FROM credits_creditentry WHERE id = NEW.id)
BEGIN SELECT RAISE(ABORT, 'the books already hold this entry'); END;
CREATE TRIGGER credits_entry_posts AFTER INSERT ON credits_creditentry
BEGIN
  UPDATE credits_creditgrant SET remaining = remaining + NEW.amount
   WHERE id = NEW.grant_id AND account_id = (
     SELECT t.account_id FROM credits_credittransaction t JOIN credits_creditaccount a ON a.id = t.account_id
      WHERE t.id = NEW.transaction_id AND a.seq = t.seq);
  SELECT RAISE(ABORT, 'the entry does not belong to the newest transaction of its account') WHERE changes() = 0;
END;
CREATE TRIGGER credits_entry_stays BEFORE UPDATE ON credits_creditentry
BEGIN SELECT RAISE(ABORT, 'the books are append-only: UPDATE of credits_creditentry refused'); END;
CREATE TRIGGER credits_grant_moves BEFORE UPDATE ON credits_creditgrant
WHEN NEW.id <> OLD.id OR NEW.account_id <> OLD.account_id OR NEW.amount <> OLD.amount OR NEW.source <> OLD.source
  OR NEW.expires_at IS NOT OLD.expires_at OR NEW.created_at <> OLD.created_at
  OR NEW.remaining <> (SELECT COALESCE(SUM(e.amount), 0) FROM credits_creditentry e WHERE e.grant_id = NEW.id)
BEGIN SELECT RAISE(ABORT, 'a grant moves only by an entry'); END;
CREATE TRIGGER credits_grant_opens BEFORE INSERT ON credits_creditgrant
WHEN NEW.remaining <> 0 OR NEW.amount <= 0 OR EXISTS (SELECT 1 FROM credits_creditgrant WHERE id = NEW.id)
BEGIN SELECT RAISE(ABORT, 'a grant opens once and empty'); END;
CREATE TRIGGER credits_grant_stays BEFORE DELETE ON credits_creditgrant
BEGIN SELECT RAISE(ABORT, 'the books are append-only: DELETE of credits_creditgrant refused'); END;
CREATE TRIGGER credits_quote_keeps BEFORE DELETE ON credits_quote
WHEN OLD.created_at >= datetime((SELECT q.created_at FROM credits_quote q ORDER BY q.id DESC LIMIT 1), '-7 days')
  OR EXISTS (SELECT 1 FROM projects_job j WHERE j.quote_id = OLD.id)
  OR EXISTS (SELECT 1 FROM projects_batchrow r WHERE r.quote_id = OLD.id)
BEGIN SELECT RAISE(ABORT, 'the books are append-only: DELETE of credits_quote refused'); END;
CREATE TRIGGER credits_quote_once BEFORE INSERT ON credits_quote
WHEN EXISTS (SELECT 1 FROM credits_quote WHERE id = NEW.id)
BEGIN SELECT RAISE(ABORT, 'the books already hold this quote'); END;
CREATE TRIGGER credits_quote_stays BEFORE UPDATE ON credits_quote
BEGIN SELECT RAISE(ABORT, 'the books are append-only: UPDATE of credits_quote refused'); END;
CREATE TRIGGER credits_refund_checks BEFORE INSERT ON credits_credittransaction
WHEN NEW.type = 'REFUND_CREDIT' AND (
  SELECT COALESCE(SUM(amount), 1) + NEW.amount > 0 FROM credits_credittransaction
   WHERE job = NEW.job AND job <> '' AND account_id = NEW.account_id AND type IN ('SPEND_CREDIT', 'REFUND_CREDIT'))
BEGIN SELECT RAISE(ABORT, 'the refund is more than the job was charged'); END;
CREATE TRIGGER credits_transaction_keeps BEFORE DELETE ON credits_credittransaction
BEGIN SELECT RAISE(ABORT, 'the books are append-only: DELETE of credits_credittransaction refused'); END;
CREATE TRIGGER credits_transaction_lawful BEFORE INSERT ON credits_credittransaction
WHEN NOT CASE NEW.type
  WHEN 'SPEND_CREDIT' THEN NEW.amount <= 0 AND NEW.contra = 'revenue' AND NEW.job <> ''
  WHEN 'REFUND_CREDIT' THEN NEW.amount >= 0 AND NEW.contra = 'revenue' AND NEW.job <> ''
  WHEN 'GRANT_CREDIT' THEN NEW.amount > 0 AND NEW.contra = 'promo'
  WHEN 'PURCHASE_CREDIT' THEN NEW.amount > 0 AND NEW.contra = 'cash'
  WHEN 'EXPIRE_CREDIT' THEN NEW.amount < 0 AND NEW.contra = 'breakage'
  WHEN 'ADJUST_CREDIT' THEN NEW.amount <> 0 AND NEW.contra = 'correction' AND NEW.reason <> ''
  ELSE FALSE END
BEGIN SELECT RAISE(ABORT, 'no lawful transaction'); END;
CREATE TRIGGER credits_transaction_once BEFORE INSERT ON credits_credittransaction
WHEN EXISTS (SELECT 1 FROM credits_credittransaction WHERE id = NEW.id)
  OR EXISTS (SELECT 1 FROM credits_credittransaction WHERE idempotency_key = NEW.idempotency_key)
  OR EXISTS (SELECT 1 FROM credits_credittransaction WHERE account_id = NEW.account_id AND seq = NEW.seq)
BEGIN SELECT RAISE(ABORT, 'the books already hold this transaction, key or seq'); END;
CREATE TRIGGER credits_transaction_posts AFTER INSERT ON credits_credittransaction
BEGIN
  UPDATE credits_creditaccount SET balance = NEW.balance_after, seq = NEW.seq, head_hash = NEW.hash
   WHERE id = NEW.account_id AND seq = NEW.seq - 1 AND balance = NEW.balance_after - NEW.amount
     AND head_hash = NEW.previous_hash;
  SELECT RAISE(ABORT, 'the transaction does not follow its account') WHERE changes() = 0;
END;
CREATE TRIGGER credits_transaction_stays BEFORE UPDATE ON credits_credittransaction
WHEN NOT (
  NEW.id IS OLD.id AND NEW.account_id IS OLD.account_id AND NEW.seq IS OLD.seq AND NEW.type IS OLD.type
  AND NEW.contra IS OLD.contra AND NEW.amount IS OLD.amount AND NEW.balance_after IS OLD.balance_after
  AND NEW.job IS OLD.job AND NEW.project IS OLD.project AND NEW.item IS OLD.item
  AND NEW.idempotency_key IS OLD.idempotency_key AND NEW.request_digest IS OLD.request_digest
  AND NEW.created_at IS OLD.created_at AND EXISTS (
    SELECT 1 FROM accounts_erasure e JOIN credits_creditaccount a ON a.owner_id = e.owner_id
     WHERE a.id = OLD.account_id AND e.started_at IS NOT NULL AND e.ended_at IS NULL))
BEGIN SELECT RAISE(ABORT, 'the books are append-only: UPDATE of credits_credittransaction refused'); END;
CREATE TRIGGER job_status_guard BEFORE UPDATE OF status ON projects_job WHEN NOT (OLD.status = NEW.status OR (OLD.status = 'QUEUED' AND NEW.status IN ('CANCELLED', 'FAILED', 'RUNNING')) OR (OLD.status = 'RUNNING' AND NEW.status IN ('CANCELLED', 'FAILED', 'SUCCEEDED', 'WAITING')) OR (OLD.status = 'WAITING' AND NEW.status IN ('CANCELLED', 'FAILED', 'RUNNING'))) BEGIN SELECT RAISE(ABORT, 'projects_job.status may not change that way'); END;
CREATE TRIGGER project_stage_guard BEFORE UPDATE OF stage ON projects_project WHEN NOT (OLD.stage = NEW.stage OR (OLD.stage = 'queued' AND NEW.stage IN ('briefing', 'deleted', 'failed')) OR (OLD.stage = 'briefing' AND NEW.stage IN ('deleted', 'failed', 'generating', 'processing')) OR (OLD.stage = 'generating' AND NEW.stage IN ('awaiting_approval', 'deleted', 'design_ready', 'failed', 'processing')) OR (OLD.stage = 'awaiting_approval' AND NEW.stage IN ('deleted', 'failed', 'generating', 'processing')) OR (OLD.stage = 'design_ready' AND NEW.stage IN ('deleted', 'processing')) OR (OLD.stage = 'processing' AND NEW.stage IN ('deleted', 'delivering', 'design_ready', 'failed')) OR (OLD.stage = 'delivering' AND NEW.stage IN ('deleted', 'design_ready', 'failed', 'listing')) OR (OLD.stage = 'listing' AND NEW.stage IN ('completed', 'deleted', 'drafting')) OR (OLD.stage = 'drafting' AND NEW.stage IN ('completed', 'deleted')) OR (OLD.stage = 'completed' AND NEW.stage IN ('deleted', 'listing')) OR (OLD.stage = 'failed' AND NEW.stage IN ('deleted'))) BEGIN SELECT RAISE(ABORT, 'projects_project.stage may not change that way'); END;
CREATE TRIGGER support_act_keeps BEFORE DELETE ON support_operatoract BEGIN SELECT RAISE(ABORT, 'operator acts are append-only: DELETE refused'); END;
CREATE TRIGGER support_act_once BEFORE INSERT ON support_operatoract WHEN EXISTS (SELECT 1 FROM support_operatoract WHERE id = NEW.id) OR EXISTS (SELECT 1 FROM support_operatoract WHERE answers_id = NEW.answers_id) BEGIN SELECT RAISE(ABORT, 'this operator act is recorded already'); END;
CREATE TRIGGER support_act_stays BEFORE UPDATE ON support_operatoract WHEN NOT (NEW.id IS OLD.id AND NEW.actor_id IS OLD.actor_id AND NEW.act IS OLD.act AND NEW.project IS OLD.project AND NEW.person_id IS OLD.person_id AND NEW.answers_id IS OLD.answers_id AND NEW.at IS OLD.at AND EXISTS (SELECT 1 FROM accounts_erasure e WHERE e.started_at IS NOT NULL AND e.ended_at IS NULL AND (e.owner_id = OLD.person_id OR e.owner_id = OLD.actor_id OR e.owner_id = (SELECT p.owner_id FROM projects_project p WHERE p.public_id = OLD.project)))) BEGIN SELECT RAISE(ABORT, 'operator acts are append-only: UPDATE refused'); END;
CREATE VIEW credits_house AS
  SELECT contra AS house, -SUM(amount) AS balance, COUNT(*) AS transactions FROM credits_credittransaction GROUP BY contra;
CREATE VIEW credits_leg AS
  SELECT id AS transaction_id, 'account' AS side, account_id, '' AS house, amount FROM credits_credittransaction
  UNION ALL SELECT id, 'house', account_id, contra, -amount FROM credits_credittransaction;
