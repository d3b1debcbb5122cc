"""Sellers' connections to Etsy shops, and what all of them share: the app's budget of requests and Etsy's categories.

Tokens are stored encrypted; nothing here is ever shown or logged."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from elistit import ports


class EtsyShop(models.Model):
    """One connected shop; a seller may have several. `label` is what the seller calls it, and `is_default` marks the one that new
    projects go to (`listings.etsy.shops.default`; without a mark, the one connected first). `disconnected_reason` is set, in plain
    words, when Etsy no longer accepts the connection.

    `sandbox_url` is set for a shop of the bundled sandbox: the server it lives on. `refresh_lease` names who is
    renewing the tokens right now, until `refresh_lease_until`; see `listings.etsy.access`. `app` is the studio's own Etsy app
    that the tokens were given to (`EtsyConfig.app`); empty for a shop connected before that was kept. `currency` is the code
    Etsy gave at `currency_read_at`; empty until it has been read (`listings.etsy.shops`).
    """

    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="etsy_shops")
    shop_id = models.BigIntegerField()
    shop_name = models.CharField(max_length=80, default="", blank=True)
    access_token = models.BinaryField()
    refresh_token = models.BinaryField()
    expires_at = models.DateTimeField()
    connected_at = models.DateTimeField(default=ports.now)
    disconnected_reason = models.CharField(max_length=300, default="", blank=True)
    sandbox_url = models.CharField(max_length=200, default="", blank=True)
    app = models.CharField(max_length=64, default="", db_default="", blank=True)
    currency = models.CharField(max_length=3, default="", db_default="", blank=True)
    currency_read_at = models.DateTimeField(null=True, blank=True)
    refresh_lease = models.CharField(max_length=26, default="", blank=True)
    refresh_lease_until = models.DateTimeField(null=True, blank=True)
    label = models.CharField(max_length=60, default="", db_default="", blank=True)
    is_default = models.BooleanField(default=False, db_default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["owner", "shop_id"], name="etsy_shop_once"),
            models.UniqueConstraint(
                fields=["owner"], condition=models.Q(is_default=True), name="etsy_shop_one_default"
            ),
        ]

    def __str__(self) -> str:
        return self.label or self.shop_name or str(self.shop_id)


class ShopSchedule(models.Model):
    """When the drafts of one shop go out: at most `per_day` a day, from `at` on by the clock of `zone` (an IANA name). `enabled`: new
    drafts wait for it. Kept by Etsy's number of the shop, so that a shop connected again has its schedule; read through
    `listings.schedule`."""

    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="shop_schedules")
    shop_id = models.BigIntegerField()
    enabled = models.BooleanField(default=False)
    per_day = models.IntegerField()
    at = models.TimeField()
    zone = models.CharField(max_length=64)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["owner", "shop_id"], name="shop_schedule_once")]

    def __str__(self) -> str:
        return f"{self.per_day} a day at {self.at:%H:%M} {self.zone}"


class ListingTemplate(models.Model):
    """What every listing of one shop has: words before and after title and description, tags, and what Etsy's form asks for. Kept by
    Etsy's number of the shop; read and applied by `listings.templates`. `section` is Etsy's number of a shop section, 0 for none."""

    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="listing_templates")
    shop_id = models.BigIntegerField()
    title_opening = models.CharField(max_length=60, default="", blank=True)
    title_closing = models.CharField(max_length=60, default="", blank=True)
    opening = models.TextField(default="", blank=True)
    closing = models.TextField(default="", blank=True)
    tags = models.JSONField(default=list, blank=True)
    section = models.BigIntegerField(default=0)
    who_made = models.CharField(max_length=12, default="i_did")
    renews = models.BooleanField(default=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["owner", "shop_id"], name="listing_template_once")]

    def __str__(self) -> str:
        return f"template of shop {self.shop_id}"


class EtsyBudget(models.Model):
    """How many requests an app may make, over all its shops; see `listings.etsy.budget`. Moments are microseconds since
    1970: `next_at` is the next free one, and before `held_until` nothing is sent at all."""

    app = models.CharField(primary_key=True, max_length=64)
    next_at = models.BigIntegerField()
    per_second = models.IntegerField()
    held_until = models.BigIntegerField(default=0)
    day_is_spent = models.BooleanField(default=False)

    def __str__(self) -> str:
        return f"{self.per_second} requests a second"


class EtsyCategories(models.Model):
    """The numbers of every category an Etsy has, as it said at `read_at`; see `listings.etsy.taxonomy`."""

    api_url = models.CharField(primary_key=True, max_length=200)
    numbers = models.JSONField()
    read_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{len(self.numbers)} categories"


class SellerKeyword(models.Model):
    """A search term a seller imported, with its monthly searches (0: unknown). `key` is what makes two terms one
    (`listings.keywords.key`)."""

    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="keywords")
    term = models.CharField(max_length=100)
    key = models.CharField(max_length=200)
    volume = models.BigIntegerField(default=0)
    imported_at = models.DateTimeField(default=ports.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["owner", "key"], name="keyword_once")]
        indexes = [models.Index(fields=["owner", "-volume"], name="keyword_most_searched")]

    def __str__(self) -> str:
        return f"{self.term} ({self.volume})"
