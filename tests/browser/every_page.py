"""Every page of the program, by the name of its address: what a walk over all of them visits, and what is no page.

`test_every_page` fails when an address is in neither list, so that a new page cannot be forgotten.
"""

from __future__ import annotations

# Anybody sees these.
OPEN = {
    "door": "/enter/", "prices": "/prices/", "help": "/help/", "help-credits": "/help/credits/",
    "help-tools": "/help/tools/", "help-article": "/help/failed/",
    "account_login": "/account/login/", "account_signup": "/account/signup/",
    "account_request_login_code": "/account/login/code/", "account_reset_password": "/account/password/reset/",
    "account_reset_password_done": "/account/password/reset/done/", "account_inactive": "/account/inactive/",
    "account_reset_password_from_key": "/account/password/reset/key/1-old-link/",
    "account_reset_password_from_key_done": "/account/password/reset/key/done/",
}  # fmt: skip

# A seller's own, without a project.
SELLER = {
    "projects": "/", "new": "/new/", "batches": "/batches/", "batch-new": "/batches/new/",
    "billing": "/settings/billing/", "plans": "/settings/plans/",
    "integrations": "/settings/integrations/", "scenes": "/settings/scenes/", "keywords": "/settings/keywords/",
    "brand-kits": "/settings/brand-kits/", "brand-kit-new": "/settings/brand-kits/new/", "templates": "/settings/templates/",
    "calendar": "/settings/calendar/", "keys": "/settings/keys/",
    "webhooks": "/settings/webhooks/", "notifications": "/settings/notifications/", "own-data": "/settings/data/",
    "mfa_index": "/account/security/", "usersessions_list": "/account/sessions/", "account_email": "/account/email/",
    "account_set_password": "/account/password/set/", "mfa_add_webauthn": "/account/security/webauthn/add/",
    "mfa_list_webauthn": "/account/security/webauthn/", "mfa_activate_totp": "/account/security/totp/activate/",
    "account_logout": "/account/logout/",
}  # fmt: skip
VARIANTS = (
    "/new/?product=custom", "/new/?product=wall_art", "/new/?product=greeting_card", "/settings/billing/?by=project",
    "/?q=nothing", "/?archived=1", "/?state=needs&sort=name", "/nowhere/", "/help/?q=refund", "/help/?q=zeppelin", "/help/ratios/",
    "/help/approval/", "/help/files/",
)  # fmt: skip

# One project's: the end of its address.
PROJECT = {
    "project": "", "project-downloads": "downloads/", "project-listing": "listing/", "project-activity": "activity/",
    "project-delete": "delete/", "project-help": "help/", "gate": "approve/", "listing-edit": "listing/edit/",
}  # fmt: skip

CONSOLE = {
    "console": "/console/", "console-record": "/console/record/", "console-margin": "/console/margin/",
    "console-setup": "/console/setup/", "console-team": "/console/team/", "console-bulk": "/console/bulk/",
    "console-updates": "/console/updates/"}  # fmt: skip

# What these need first is made by a test that then looks at them.
MADE_FIRST = {
    "brand-kit", "print", "print-draft",
    "print-ready", "fairness", "batch", "bulk", "remake-flagged", "scene", "shop-template", "console-project", "console-person",
    "own-data-erase", "webhook",
    "account_email_verification_sent",
    "account_confirm_login_code", "account_change_password", "account_reauthenticate",
    "mfa_authenticate", "mfa_deactivate_totp", "mfa_view_recovery_codes", "mfa_generate_recovery_codes",
}  # fmt: skip

# Steps in between that only a lost password, a link in a mail or a second factor leads to. Their rules are tried in
# tests/support/test_entering.py and tests/studio/test_entering.py; they are made of the parts the others are made of.
IN_BETWEEN = {
    "buyer", "enter", "mail-off", "mfa_reauthenticate", "mfa_reauthenticate_webauthn", "mfa_remove_webauthn", "mfa_edit_webauthn",
}  # fmt: skip

# Forms that are only sent, parts of pages, files, and what machines ask.
NO_PAGE = {
    "brand-kit-default", "brand-kit-delete", "template", "template-save", "project-duplicate",
    "undo", "filters", "organize", "judge", "print-refresh", "print-delete", "print-file",
    "batch-template", "batch-planning", "batch-live", "batch-row", "batch-discard", "batch-launch", "batch-pause", "batch-resume", "batch-review",
    "leave", "new-price", "new-uploads", "own-picture", "project-live", "listing-check", "retry-draft", "skip-draft",
    "write-again", "plate", "keep", "drop", "remake", "choose", "sketch", "buyer-download",
    "file", "file-named", "picture", "billing-csv", "billing-json",
    "plans-buy", "plans-change", "plans-end", "plans-portal", "plans-back", "stripe-hook", "replicate-hook", "etsy-connect",
    "etsy-disconnect", "shop-change", "shop-schedule", "draft-shop", "draft-plan", "etsy-back", "scene-remove", "scene-picture",
    "drive-connect", "drive-disconnect", "drive-back",
    "retry-drive", "files-again", "upload-kit", "kit-shopify", "kit-gumroad", "key-revoke", "launch-sample", "webhook-resend", "webhook-delete",
    "project-help-text", "console-live", "console-recover", "console-fail", "console-retry-draft", "console-goodwill",
    "console-answer", "console-answer-help", "console-pause", "console-resume", "healthz", "readyz", "metrics",
    "mfa_login_webauthn", "mfa_download_recovery_codes", "keywords-delete", "title-add", "title-use", "title-remove", "translate",
    "translation-retry", "proof-of-making", "proof-keys", "own-data-export", "own-data-download", "own-data-withdraw",
    "push-subscribe", "push-remove", "push-worker",
    "console-margin-csv", "console-setup-test", "console-limits", "console-role",
    "console-bulk-preview", "console-bulk-plan", "console-bulk-confirm", "console-support-limits", "console-updates-read",
    "identity-login", "identity-callback",
}  # fmt: skip
