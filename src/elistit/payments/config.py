"""Stripe settings of this installation, from the environment.

Without a key nothing can be bought and the pages say so; without the webhook secret no message from outside is believed.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from elistit import config

STRIPE_API = "https://api.stripe.com"


@dataclass(frozen=True)
class StripeConfig:
    """`key` and `webhook_secret` are secrets and stay out of every text made from this object."""

    key: str = field(default="", repr=False)
    webhook_secret: str = field(default="", repr=False)
    api_url: str = STRIPE_API

    @property
    def ready(self) -> bool:
        """Whether credits can be bought here. Both secrets are needed: a payment no one hears of would be lost."""
        return bool(self.key and self.webhook_secret)

    @property
    def problem(self) -> str:
        """What is missing, in one sentence; empty when all is there or Stripe is not wanted."""
        if self.key and not self.webhook_secret:
            return "ELISTIT_STRIPE_KEY is set but ELISTIT_STRIPE_WEBHOOK_SECRET is not: set both, or nothing can be bought."
        if self.webhook_secret and not self.key:
            return "ELISTIT_STRIPE_WEBHOOK_SECRET is set but ELISTIT_STRIPE_KEY is not: set both, or nothing can be bought."
        return ""

    @classmethod
    def from_environment(cls) -> StripeConfig:
        ours = config.current().stripe
        return cls(
            key=ours.key.get_secret_value(),
            webhook_secret=ours.webhook_secret.get_secret_value(),
            api_url=ours.api_url.rstrip("/") or STRIPE_API,
        )
