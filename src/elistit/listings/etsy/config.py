"""Where Etsy is and who we are to it, from the environment (`docs/operations/configuration.md` lists the names).

An URL that names only a server gets Etsy's own path, so that pointing a client at a sandbox or a proxy takes one
address. The shared secret is held as a `Secret` and must never be printed.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from dataclasses import dataclass
from urllib.parse import urlsplit

from elistit import config
from elistit.listings.etsy.terms import API_PATH, AUTH_PATH, TOKEN_PATH
from elistit.listings.models import EtsyShop
from elistit.listings.tokens import Secret

_ETSY = (
    "https://openapi.etsy.com" + API_PATH,
    "https://www.etsy.com" + AUTH_PATH,
    "https://api.etsy.com" + TOKEN_PATH,
)
SANDBOX_KEYSTRING = "sandbox-keystring"
SANDBOX_SECRET = "sandbox-shared-secret"


@dataclass(frozen=True)
class EtsyConfig:
    """One Etsy to talk to. `sandbox` says it is not the real one."""

    api_url: str
    auth_url: str
    token_url: str
    keystring: str
    secret: Secret
    sandbox: bool = False

    @property
    def ready(self) -> bool:
        """Whether the operator has entered the keystring and the shared secret."""
        return bool(self.keystring and self.secret)

    @property
    def app(self) -> str:
        """The studio's app at Etsy, which tokens are given to, without showing its key; wherever Etsy is reached."""
        return hashlib.sha256(self.keystring.encode()).hexdigest()

    @classmethod
    def from_environment(cls, sandbox_url: str = "") -> EtsyConfig:
        """The Etsy of the environment. `sandbox_url` stands in for every URL the environment does not set."""
        ours = config.current().etsy
        paths = (API_PATH, AUTH_PATH, TOKEN_PATH)
        urls = []
        for own, path, etsy in zip((ours.api_url, ours.auth_url, ours.token_url), paths, _ETSY, strict=True):
            value = own or sandbox_url
            urls.append(_with_path(value, path) if value else etsy)
        sandbox = bool(sandbox_url)
        keystring, secret = ours.keystring.get_secret_value(), ours.shared_secret.get_secret_value()
        if sandbox and not (keystring and secret):
            keystring, secret = SANDBOX_KEYSTRING, SANDBOX_SECRET
        return cls(urls[0], urls[1], urls[2], keystring, Secret(secret), sandbox)

    @classmethod
    def for_shop(cls, shop: EtsyShop) -> EtsyConfig:
        """The Etsy a shop belongs to: the environment's, or the sandbox it was connected on."""
        return cls.from_environment(shop.sandbox_url)


def _with_path(url: str, path: str) -> str:
    url = url.rstrip("/")
    return url if urlsplit(url).path else url + path


def when_made(now: dt.datetime) -> list[str]:
    """What to send as `when_made` for something made now, best guess first.

    Etsy's last range carries the current year ("2020_2026"), and around New Year the other year may be the accepted
    one. `ELISTIT_ETSY_WHEN_MADE` overrides the first guess.
    """
    ranges = [f"{year - year % 10}_{year}" for year in (now.year, now.year - 1)]
    override = config.current().etsy.when_made
    return list(dict.fromkeys([override, *ranges] if override else ranges))
