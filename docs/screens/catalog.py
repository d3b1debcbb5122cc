"""Which pages are photographed, which of the images the documents keep, and which addresses have no image, with the reason.

Plain data, so that a test can hold it against the program's addresses without starting anything. It must never import the
studio or a browser.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

SELLER, NEWCOMER, OPERATOR = "seller@example.com", "newcomer@example.com", "operator@example.com"
COLLEAGUE = "colleague@example.com"
DEVICES = {"phone": (360, 800, 2600), "tablet": (820, 1180, 2600), "desktop": (1600, 900, 2400)}
"""Width and height of the window, and where a long page is cut off, in CSS pixels."""
SCHEMES = ("light", "dark")
BYTES_MAX = 150_000


@dataclass(frozen=True)
class Kept:
    """An image that a document shows: the page it is of, how much of it in CSS pixels, and what it explains."""

    page: str
    height: int
    explains: str


WIDTH_KEPT = 1200
COVER = "cover"
KEPT: dict[str, Kept] = {
    COVER: Kept("", 0, "What the product makes: the first mockup of a clipart project, as the worker wrote it."),
    "launch": Kept(
        "new", 1340, "Product types, idea, styles and the exact price on one page, before anything is charged."
    ),
    "running": Kept("project-running", 900, "What a seller sees while the work runs."),
    "review": Kept("gate", 1000, "The approval gate: keep, drop or remake each image."),
    "downloads": Kept("downloads", 1100, "What a finished project delivers, with the buyer's trial."),
    "listing": Kept("listing", 1100, "The listing text and the state of the Etsy draft."),
    "failed": Kept("project-failed", 900, "A failure page: what happened, the cause, the refund."),
    "transactions": Kept("billing", 1560, "The ledger as sellers see it: charge and refund are separate rows."),
    "batch": Kept("batch-draft", 1100, "A batch before its launch: one row per project, one total."),
    "report": Kept("console-project", 1200, "The operator's diagnostic report of one project."),
}
"""By the name of the file in docs/images. Ten, each for one thing that words explain worse."""


def pages(made: Mapping[str, str], sign_in_link: str) -> list[tuple[str, str, str]]:
    """Every page: its file name, who looks at it (nobody when empty), its address.

    `made` has the public ids of what `make.py` prepared; `sign_in_link` is an unused sign-in link's address.
    """

    def own(name: str) -> str:
        return f"/projects/{made[name]}/"

    return [
        ("project-running", SELLER, own("running")),
        ("sign-in", "", "/enter/"),
        ("sign-up", "", "/account/signup/"),
        ("sign-in-password", "", "/account/login/"),
        ("sign-in-code", "", "/account/login/code/"),
        ("password-reset", "", "/account/password/reset/"),
        ("password-reset-sent", "", "/account/password/reset/done/"),
        ("password-reset-done", "", "/account/password/reset/key/done/"),
        ("password-reset-stale", "", "/account/password/reset/key/1-old-link/"),
        ("account-inactive", "", "/account/inactive/"),
        ("sign-in-link", "", sign_in_link),
        ("sign-in-stale", "", "/enter/this-link-was-used/"),
        ("not-there", "", "/nowhere/"),
        ("refused", "", "/account/login/code/"),
        ("first-visit", NEWCOMER, "/"),
        ("projects", SELLER, "/"),
        ("new", SELLER, "/new/"),
        ("new-own-images", SELLER, "/new/?product=custom"),
        ("new-card", SELLER, "/new/?product=greeting_card"),
        ("batches", SELLER, "/batches/"),
        ("batch-new", SELLER, "/batches/new/"),
        ("batch-draft", SELLER, f"/batches/{made['batch-draft']}/"),
        ("batch", SELLER, f"/batches/{made['batch']}/"),
        ("project-failed", SELLER, own("failed")),
        ("project-waiting", SELLER, own("gate")),
        ("gate", SELLER, own("gate") + "approve/"),
        ("project-finished", SELLER, own("finished")),
        ("downloads", SELLER, own("finished") + "downloads/"),
        ("listing", SELLER, own("finished") + "listing/"),
        ("listing-edit", SELLER, own("unlisted") + "listing/edit/"),
        ("poster", SELLER, own("poster") + "print-ready/"),
        ("activity", SELLER, own("failed") + "activity/"),
        ("help", SELLER, own("failed") + "help/"),
        ("delete", SELLER, own("gate") + "delete/"),
        ("billing", SELLER, "/settings/billing/"),
        ("billing-by-project", SELLER, "/settings/billing/?by=project"),
        ("plans", SELLER, "/settings/plans/"),
        ("scenes", SELLER, "/settings/scenes/"),
        ("scene", SELLER, f"/settings/scenes/{made['scene']}/"),
        ("integrations", SELLER, "/settings/integrations/"),
        ("notifications", SELLER, "/settings/notifications/"),
        ("own-data", SELLER, "/settings/data/"),
        ("erase", SELLER, "/settings/data/erase/"),
        ("keys", SELLER, "/settings/keys/"),
        ("webhooks", SELLER, "/settings/webhooks/"),
        ("webhook", SELLER, f"/settings/webhooks/{made['webhook']}/"),
        ("account", SELLER, "/account/security/"),
        ("account-email", SELLER, "/account/email/"),
        ("account-password", SELLER, "/account/password/set/"),
        ("authenticator-app", SELLER, "/account/security/totp/activate/"),
        ("passkeys", SELLER, "/account/security/webauthn/"),
        ("passkey-add", SELLER, "/account/security/webauthn/add/"),
        ("sign-out", SELLER, "/account/logout/"),
        ("sessions", SELLER, "/account/sessions/"),
        ("prices", SELLER, "/prices/"),
        ("help-index", SELLER, "/help/"),
        ("help-article", SELLER, "/help/failed/"),
        ("keywords", SELLER, "/settings/keywords/"),
        ("calendar", SELLER, "/settings/calendar/"),
        ("brand-kits", SELLER, "/settings/brand-kits/"),
        ("brand-kit-new", SELLER, "/settings/brand-kits/new/"),
        ("templates", SELLER, "/settings/templates/"),
        ("help-credits", SELLER, "/help/credits/"),
        ("help-tools", SELLER, "/help/tools/"),
        ("console", OPERATOR, "/console/"),
        ("console-project", OPERATOR, "/console" + own("failed")),
        ("console-person", OPERATOR, f"/console/people/{made['seller']}/"),
        ("console-record", OPERATOR, "/console/record/"),
        ("console-margin", OPERATOR, "/console/margin/"),
        ("console-setup", OPERATOR, "/console/setup/"),
        ("console-bulk", OPERATOR, "/console/bulk/"),
        ("console-team", OPERATOR, "/console/team/"),
        ("console-updates", OPERATOR, "/console/updates/"),
        ("tables", OPERATOR, "/console/tables/"),
    ]


NOT_SHOT = {
    "print": "Needs a Gelato account; tests/browser/test_prints.py looks at it in every size.",
    "print-draft": "Needs a Gelato account; tests/browser/test_prints.py looks at it in every size.",
    "brand-kit": "the form of brand-kit-new, filled in",
    "bulk": "asks about projects that were just selected; tests/studio/test_organizing.py reads it",
    "remake-flagged": "needs several flagged images; tests/studio/test_gate_many.py reads it",
    "fairness": "only where the operator has opened it; tests/browser/test_help_and_design.py visits it",
    "shop-template": "names a shop by its number; tests/browser/test_shops.py visits it",
    "buyer": "shown for a delivery larger than Etsy takes only; tests/uploads/test_download_link.py reads it",
    "mail-off": "behind a link in a mail",
    "account_email_verification_sent": "between two steps of signing up",
    "account_confirm_login_code": "asks for the code of a mail that was just sent",
    "account_change_password": "the form of account-password, for people who have one",
    "account_reauthenticate": "asks for the password again",
    "mfa_authenticate": "the second step of signing in",
    "mfa_reauthenticate": "asks for the second factor again",
    "mfa_reauthenticate_webauthn": "asks for the passkey again",
    "mfa_deactivate_totp": "needs an authenticator app",
    "mfa_view_recovery_codes": "needs an authenticator app",
    "mfa_generate_recovery_codes": "needs an authenticator app",
    "mfa_remove_webauthn": "needs a passkey",
    "mfa_edit_webauthn": "needs a passkey",
}
"""Pages by the name of their address that have no image; tests/browser checks them for accessibility all the same."""
