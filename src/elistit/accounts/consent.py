"""OAuth 2 with PKCE (S256), as far as it is the same for every service: a started consent, and the tokens it leads to.

No HTTP and no database. Verifiers and tokens must never be logged; they do not show in any text form.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
from dataclasses import asdict, dataclass
from urllib.parse import urlencode

from elistit.accounts.vault import Secret


@dataclass(frozen=True)
class Authorization:
    """One started consent. `url` is where the seller goes; the rest is kept on our side, where the browser cannot read it,
    until they come back. `as_dict` is JSON-safe."""

    url: str
    state: str
    verifier: str
    redirect_uri: str

    def as_dict(self) -> dict[str, str]:
        return asdict(self)

    def is_answered_by(self, state: str) -> bool:
        """Whether a returning browser belongs to this consent (forgery check, in constant time)."""
        return bool(state) and hmac.compare_digest(state.encode(), self.state.encode())

    def __repr__(self) -> str:
        return "Authorization(…)"


@dataclass(frozen=True)
class Tokens:
    """`refresh` is empty when the service keeps the one we have. `seconds` is how long the access token is good for."""

    access: Secret
    refresh: Secret
    seconds: int


def challenge(verifier: str) -> str:
    """The S256 challenge of a verifier (RFC 7636)."""
    return base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()


def started(auth_url: str, client_id: str, redirect_uri: str, scope: str, **more: str) -> Authorization:
    """A new consent, asking for `scope` and nothing more; `more` are the service's own parameters."""
    state, verifier = secrets.token_urlsafe(24), secrets.token_urlsafe(48)
    asked = {
        "response_type": "code",
        "client_id": client_id,
        "redirect_uri": redirect_uri,
        "scope": scope,
        "state": state,
        "code_challenge": challenge(verifier),
        "code_challenge_method": "S256",
        **more,
    }
    return Authorization(f"{auth_url}?{urlencode(asked)}", state, verifier, redirect_uri)
