"""People and how they get in: sellers, support, owners, API keys and one-time sign-in links.

Secrets are stored only as SHA-256 digests; what is shown once at creation can never be read back.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Iterable
from typing import Any, ClassVar

from allauth.account.models import EmailAddress
from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.db import models

from elistit import ports
from elistit.accounts import data_models, limit_models  # noqa: F401 - their tables belong to this app, too
from elistit.accounts.roles import Role
from elistit.prepared import prepared


class UserManager(BaseUserManager["User"]):
    def get(self, *conditions: Any, **named: Any) -> User:
        """As every manager's. A person's number alone is what each page of somebody who is signed in asks for."""
        if conditions or self._db is not None or list(named) != ["pk"] or type(named["pk"]) is not int:
            return super().get(*conditions, **named)
        if (found := _by_number.first(named["pk"])) is None:
            raise self.model.DoesNotExist("User matching query does not exist.")
        return found

    def create_user(self, email: str, password: str | None = None, **extra: object) -> User:
        """A person an operator vouches for: their address counts as confirmed. It is the only name, in lower case."""
        user = self.model(email=email.strip().lower(), **extra)
        user.set_password(password) if password else user.set_unusable_password()
        user.save(using=self._db)
        EmailAddress.objects.using(self._db).create(user=user, email=user.email, verified=True, primary=True)
        return user

    def create_superuser(self, email: str, password: str | None = None, **extra: object) -> User:
        return self.create_user(email, password, is_staff=True, is_superuser=True, **extra)


class User(AbstractBaseUser, PermissionsMixin):
    email = models.EmailField(unique=True)
    is_active = models.BooleanField(default=True)
    is_staff = models.BooleanField(default=False)
    is_support = models.BooleanField(default=False, db_default=False)
    created_at = models.DateTimeField(default=ports.now)

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []
    objects = UserManager()

    def __str__(self) -> str:
        return self.email

    @property
    def role(self) -> Role:
        """What this person is to the studio, as read with the row."""
        if self.is_staff:
            return Role.OWNER
        return Role.SUPPORT if self.is_support else Role.SELLER

    @property
    def is_owner(self) -> bool:
        return self.role == Role.OWNER

    @property
    def sees_console(self) -> bool:
        return self.is_active and self.role.covers(Role.SUPPORT)

    @property
    def reference(self) -> str:
        """What the books call this person: a number that names nobody once the account is erased."""
        return f"account {self.pk}"


@prepared
def _by_number(pk: int) -> models.QuerySet[User]:
    return User.objects.filter(pk=pk)[:1]


def digest(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()


class ApiKey(models.Model):
    """A bearer key of one seller. The secret is shown once; only its digest is kept.

    `scope` says whether it may change anything, `actions` (codes of `Action` with commas, empty for all) what, and `daily_cap` how
    many credits it may spend a day (`accounts.spending`), null for any number."""

    class Scope(models.TextChoices):
        FULL = "full", "Everything"
        READ = "read", "Only read"

    class Action(models.TextChoices):
        LAUNCH = "launch", "Launch projects and batches"
        REMAKE = "remake", "Remake images"
        REVIEW = "review", "Keep, drop and approve"
        LISTING = "listing", "Edit listings and drafts"
        FILES = "files", "Upload images and rebuild files"
        WEBHOOKS = "webhooks", "Change webhooks"
        DELETE = "delete", "Delete projects"
        ORGANIZE = "organize", "Rename, label and archive projects"

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="api_keys")
    name = models.CharField(max_length=80, default="")
    hint = models.CharField(max_length=12)
    digest = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField(default=ports.now)
    revoked_at = models.DateTimeField(null=True, blank=True)
    scope = models.CharField(max_length=8, choices=Scope.choices, default=Scope.FULL)
    actions = models.CharField(max_length=120, default="", db_default="", blank=True)
    daily_cap = models.BigIntegerField(null=True, blank=True)

    def __str__(self) -> str:
        return f"{self.hint}… of {self.user}"

    def may(self, action: str) -> bool:
        """Whether the key may do an action that changes something. An action nobody has named is for keys that may do all."""
        return self.scope == self.Scope.FULL and (not self.actions or action in self.actions.split(","))

    @property
    def action_words(self) -> list[str]:
        """What the key is limited to, in words; empty for one that may do everything its scope allows."""
        return [self.Action(code).label for code in self.actions.split(",") if code in self.Action.values]

    @classmethod
    def issue(
        cls,
        user: User,
        name: str = "",
        scope: str = Scope.FULL,
        *,
        actions: Iterable[str] = (),
        daily_cap: int | None = None,
    ) -> str:
        """Make a key and return its secret, which cannot be read again. Raises ValueError for an action that doesn't exist."""
        secret, named = (
            "elk_" + secrets.token_urlsafe(32),
            ",".join(dict.fromkeys(cls.Action(code).value for code in actions)),
        )
        cls.objects.create(
            user=user,
            name=name,
            hint=secret[:10],
            digest=digest(secret),
            scope=scope,
            actions=named,
            daily_cap=daily_cap,
        )
        return secret

    @classmethod
    def revoke(cls, user: User, key_id: int) -> bool:
        """Make one of the user's keys useless from now on. False when it is not theirs or was revoked before."""
        return bool(cls.objects.filter(user=user, pk=key_id, revoked_at=None).update(revoked_at=ports.now()))


class ApiKeyDay(models.Model):
    """What one key with a daily cap has spent on one day (UTC). Written only by `accounts.spending`."""

    key = models.ForeignKey(ApiKey, on_delete=models.CASCADE, related_name="days")
    day = models.DateField()
    spent = models.BigIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["key", "day"], name="api_key_day_once")]

    def __str__(self) -> str:
        return f"{self.key_id} on {self.day}: {self.spent}"


class SignInLink(models.Model):
    """A link that signs one person in once, before it expires."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="sign_in_links")
    digest = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField(default=ports.now)
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"sign-in link of {self.user}"


class ProofKey(models.Model):
    """A key this studio signs proofs of making with. `id` is the SHA-256 of the public key; `sealed` is the private key in the
    vault (`accounts.proof_keys`). Never deleted: what it signed is verified with its public key, also once it is retired."""

    id = models.CharField(primary_key=True, max_length=64)
    algorithm = models.CharField(max_length=20, default="Ed25519")
    public_key = models.CharField(max_length=64)
    sealed = models.BinaryField()
    created_at = models.DateTimeField(default=ports.now)
    retired_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            # One key signs at a time, whatever two processes do at once.
            models.UniqueConstraint(
                fields=["algorithm"], condition=models.Q(retired_at__isnull=True), name="proof_key_one_signs"
            )
        ]

    def __str__(self) -> str:
        return f"{self.id[:12]}{' (retired)' if self.retired_at else ''}"
