"""The register of personal data: every table, and what an export and an erasure do with its rows (decision 0058).

Tables are named, not imported, so that this list covers packages above and below. A test fails for a table that isn't
listed. It must never read or write a row itself.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from django.apps import apps
from django.db.models import Model, Q, QuerySet

Replacement = Callable[[Any], Any]
BY_KEY = object()
"""For a field that must stay unique: it is replaced by a text made from the row's key."""
ADDRESS_END = "@erased.invalid"
"""The end of an erased account's address: no mail can be delivered there."""


class Fate(StrEnum):
    """What an erasure does with the rows of a person."""

    DELETED = "deleted"
    BLANKED = "blanked"
    """The row stays, because others or the ledger refer to it; its texts are replaced."""
    KEPT = "kept"
    """The row identifies no one."""


@dataclass(frozen=True)
class Table:
    """One table. `owner` is the path from a row to its person; with `by_project`, rows whose `project` is the public id
    of one of their projects are theirs, too.

    `file` is its name in an export, empty if it isn't exported; `secret` are fields that are never exported. `blank`
    are the fields replaced when the row stays: a value, `BY_KEY`, or a function of the old one. `why` tells the person
    why a row stays.
    """

    model: str
    owner: str
    fate: Fate
    file: str = ""
    secret: frozenset[str] = frozenset()
    blank: Mapping[str, Any] = field(default_factory=dict)
    why: str = ""
    by_project: bool = False

    @property
    def manager(self) -> Any:
        return _model(self.model)._default_manager

    def rows(self, owner_id: int) -> QuerySet[Any]:
        """The person's rows, in the order of their keys."""
        theirs = Q(**{self.owner: owner_id}) if self.owner else Q()
        if self.by_project:
            own = _model("projects.Project")._default_manager.filter(owner=owner_id).values("pk")
            theirs |= Q(project__in=own)
        return self.manager.filter(theirs).order_by("pk")  # type: ignore[no-any-return]

    def blanked(self, row: Any) -> dict[str, Any]:
        """What the fields of one row are replaced with."""
        fresh: dict[str, Any] = {}
        for name, value in self.blank.items():
            if value is BY_KEY:
                fresh[name] = f"erased-{row.pk}{ADDRESS_END}" if name == "email" else f"erased:{row.pk}"
            else:
                fresh[name] = value(getattr(row, name)) if callable(value) else value
        return fresh


def _model(label: str) -> type[Model]:
    return apps.get_model(label)


def only(*names: str) -> Replacement:
    """Keeps only the named members of a JSON object."""
    return lambda old: {name: old[name] for name in names if name in (old or {})}


def numbers(old: Any) -> dict[str, Any]:
    """Keeps only the members of a JSON object that are numbers or booleans."""
    return {name: value for name, value in (old or {}).items() if isinstance(value, int | float)}


def _secret(*names: str) -> frozenset[str]:
    return frozenset(names)


D, B, K = Fate.DELETED, Fate.BLANKED, Fate.KEPT
_BOOKS = "Bookkeeping: credits, purchases and refunds must stay provable."
_COSTS = "Bookkeeping: what was made and what it cost the studio."
_GONE = "Erased with the account"
_ART = only("made_round", "print_paid")
_ANSWER = only("project", "job", "jobs", "batch", "item", "round", "transaction", "payment", "act")

TABLES: tuple[Table, ...] = (
    # Ways in
    Table("account.EmailConfirmation", "email_address__user", D),
    Table("account.EmailAddress", "user", D, "email-addresses"),
    Table("socialaccount.SocialToken", "account__user", D, "", _secret("token", "token_secret")),
    Table("socialaccount.SocialAccount", "user", D, "identity-server"),
    Table("mfa.Authenticator", "user", D, "second-factors", _secret("data")),
    Table("usersessions.UserSession", "user", D, "sessions", _secret("session_key", "data")),
    Table("admin.LogEntry", "user", D, "administration"),
    Table("accounts.SellerLimit", "person", D, "daily-limits"),
    Table("accounts.SignInLink", "user", D, "sign-in-links", _secret("digest")),
    Table("accounts.ApiKeyDay", "key__user", D, "api-key-days"),
    Table("api.RateBucket", "key__user", D),
    Table("accounts.ApiKey", "user", D, "api-keys", _secret("digest")),
    Table("accounts.DataExport", "owner", D, "exports", _secret("path")),
    # Connections and webhooks
    Table("api.WebhookAttempt", "delivery__endpoint__owner", D),
    Table("api.WebhookDelivery", "endpoint__owner", D, "webhook-deliveries"),
    Table("api.WebhookEndpoint", "owner", D, "webhooks", _secret("secret")),
    Table("listings.EtsyShop", "owner", D, "etsy-shop", _secret("access_token", "refresh_token", "refresh_lease")),
    Table("delivery.DriveUpload", "copy__owner", D, "", _secret("session")),
    Table("delivery.DriveCopy", "owner", D, "drive-copies", _secret("lease")),
    Table("delivery.DriveAccount", "owner", D, "google-drive", _secret("access_token", "refresh_token", "refresh_lease")),
    Table("delivery.PrintDraft", "owner", D, "print-drafts"),
    Table("delivery.FilesAgain", "", D, "rebuilt-files", _secret("lease", "actor"), by_project=True),
    # What they wrote to us and we to them
    Table("support.HelpRequest", "person", D, "help-requests"),
    Table("support.SentMail", "person", D, "mails"),
    Table("support.BulkRow", "person", D),
    Table("support.SentPush", "subscription__person", D, "push-notifications"),
    Table("support.PushSubscription", "person", D, "push-subscriptions", _secret("endpoint", "digest", "p256dh", "auth")),
    Table("support.MailPreference", "person", D, "notification-settings"),
    Table("support.ReadChanges", "person", D, "read-changes"),
    Table("support.TrialRefusal", "person", D, "trial"),
    Table("payments.UnreadMessage", "owner", D),
    # How they keep their studio
    Table("listings.SellerKeyword", "owner", D, "keywords"),
    Table("listings.ShopSchedule", "owner", D, "shop-schedules"),
    Table("listings.ListingTemplate", "owner", D, "listing-templates"),
    Table("projects.SearchWord", "owner", D),
    Table("projects.ProjectLabel", "label__owner", D, "labeled-projects"),
    Table("projects.Label", "owner", D, "labels"),
    Table("projects.SavedFilter", "owner", D, "saved-filters"),
    Table("projects.FormTemplate", "owner", D, "form-templates"),
    Table("projects.BrandKit", "owner", D, "brand-kits"),
    Table("projects.Series", "owner", D, "series"),
    Table("projects.DraftPlan", "project__owner", D, "draft-plans"),
    # Projects
    Table("projects.BatchLaunch", "row__batch__owner", D, "batch-launches"),
    Table("projects.RequestedLaunch", "batch__owner", D, "requested-launches"),
    Table("projects.BatchRow", "batch__owner", D, "batch-rows"),
    Table("projects.Batch", "owner", D, "batches"),
    Table("projects.ListingTranslation", "project__owner", D, "translations", _secret("lease")),
    Table("projects.ListingTitle", "project__owner", D, "listing-titles"),
    Table("projects.BuyerTrial", "project__owner", D, "buyer-trials"),
    Table("projects.ProjectFile", "project__owner", D, "files", _secret("path")),
    Table("projects.Upload", "owner", D, "uploads", _secret("path", "drawing", "preview")),
    Table("projects.Storyboard", "quote__owner", D, "storyboards"),
    Table(
        "projects.Listing", "project__owner", B, "listings", blank={
            "title": "", "tags": [], "description": "", "notes": None, "text_reason": "", "draft_reason": "", "draft_url": "",
        }, why=_COSTS,
    ),
    Table(
        "projects.ItemRound", "item__job__project__owner", B, "item-versions",
        blank={"prompt": "", "subject": "", "art": {}}, why=_BOOKS,
    ),
    Table(
        "projects.Item", "job__project__owner", B, "items",
        blank={"prompt": "", "subject": "", "reason": "", "art": _ART}, why=_BOOKS,
    ),
    Table("pipeline.Attempt", "job__project__owner", B, "attempts", blank={"reason": "", "detail": ""}, why=_COSTS),
    Table(
        "pipeline.ProviderCall", "job__project__owner", B, "provider-calls", _secret("holder", "answer", "news"),
        {"detail": "", "answer": {}, "news": {}}, _COSTS,
    ),
    Table(
        "projects.AcceptedRequest", "owner", B, "orders",
        blank={"key": BY_KEY, "answer": _ANSWER}, why=_BOOKS,
    ),
    Table("projects.AcceptedCharge", "request__owner", K, why=_BOOKS),
    Table(
        "projects.Job", "project__owner", B, "jobs",
        blank={"idempotency_key": BY_KEY, "failure_reason": ""}, why=_BOOKS,
    ),
    Table(
        "projects.Project", "owner", B, "projects", blank={
            "name": "Erased project", "idea": "", "options": {}, "words": {}, "brief": {}, "trademarks": None, "scene": None, "brand": None,
        }, why=_BOOKS,
    ),
    Table("projects.Scene", "owner", D, "scenes", _secret("path", "preview")),
    # Money
    Table("payments.Payment", "owner", B, "purchases", blank={"session_url": "", "form_key": ""}, why=_BOOKS),
    Table("payments.Subscription", "owner", K, "subscriptions", why=_BOOKS),
    Table("payments.StripeCustomer", "owner", K, "stripe-customer", why="Refunds and disputes of your purchases need it."),
    Table("credits.Plan", "owner", K, "plan", why=_BOOKS),
    Table("credits.Quote", "owner", K, "quotes", why=_BOOKS),
    Table("credits.CreditAccount", "owner", K, "credit-account", why=_BOOKS),
    Table("credits.CreditGrant", "account__owner", K, "credit-grants", why=_BOOKS),
    Table("credits.CreditTransaction", "account__owner", B, why=_BOOKS),  # `credits.erasing`; exported as a statement
    Table("credits.CreditEntry", "transaction__account__owner", K, why=_BOOKS),
    Table(
        "support.OperatorAct", "person", B, "operator-actions", _secret("actor"),
        {"reason": _GONE, "detail": numbers}, "What the operator did stays on record, without the words.",
        by_project=True,
    ),
    Table("support.BulkPlan", "actor", K, why="What an owner did for many sellers at once stays on record, without a name."),
    Table("accounts.Erasure", "owner", K, "erasures", why="It says that and when an account was erased."),
    # The person, last: until then they can be named.
    Table(
        "accounts.User", "pk", B, "profile", _secret("password"), {
            "email": BY_KEY, "password": "!erased", "is_active": False, "last_login": None,
        }, why=_BOOKS,
    ),
)  # fmt: skip
"""Every table with rows of a person, in the order in which they can be deleted."""

ABOUT_NOBODY: dict[str, str] = {
    "auth.Permission": "the permissions there are", "auth.Group": "the groups there are", "auth.Group_permissions": "the same",
    "accounts.User_groups": "no groups are used", "accounts.User_user_permissions": "no permissions are given to one person",
    "contenttypes.ContentType": "the tables there are", "sessions.Session": "sealed; ended with the sign-in (`ending`)",
    "socialaccount.SocialApp": "not used: the identity server is in the settings",
    "accounts.ProofKey": "the studio's own keys", "projects.AcceptedSince": "a moment",
    "pipeline.Worker": "machines", "pipeline.ProviderPause": "swept (`ending`)", "pipeline.WriteProbe": "random letters",
    "pipeline.ClockMark": "the clock", "pipeline.Restore": "backups", "pipeline.RestoredRound": "ids of jobs",
    "maintenance.TaskState": "swept (`ending`)", "maintenance.RowFailure": "swept (`ending`)",
    "maintenance.CheckResult": "checks", "listings.EtsyBudget": "the studio's app", "listings.EtsyCategories": "Etsy's categories",
    "support.PushKey": "the studio's own key", "support.SupportLimit": "two numbers", "support.SetupCheck": "swept (`ending`)",
    "delivery.KeepRule": "a rule", "payments.StripeEvent": "Stripe's ids of messages", "payments.Cursor": "moments",
    "support.TrialAddress": "keyed digests: a trial comes once per person", "support.TrialPlace": "keyed digests of networks",
}  # fmt: skip
"""The other tables, and why an erasure doesn't change them."""

SWEPT = (
    ("pipeline.ProviderPause", "detail"),
    ("maintenance.TaskState", "last_error"),
    ("maintenance.RowFailure", "error"),
    ("support.SetupCheck", "seen"),
)
"""Texts of the studio's own in which a person's address may be quoted."""


def kept() -> list[tuple[str, str]]:
    """What remains of an erased account, in words for the person: the reason, and the names of what remains."""
    found: dict[str, list[str]] = {}
    for table in TABLES:
        if table.fate is not Fate.DELETED and table.file:
            found.setdefault(table.why, []).append(table.file.replace("-", " "))
    return [(why, ", ".join(names)) for why, names in found.items()]
