"""Google's addresses and our OAuth client, from the configuration (`docs/operations/configuration.md` lists the names).

The client secret is a `Secret` and must never be printed. The only scope requested is `drive.file`, with which a
program sees only the files it created.
"""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlsplit

from elistit import config
from elistit.accounts.vault import Secret, Vault

API = "https://www.googleapis.com"
AUTH = "https://accounts.google.com/o/oauth2/v2/auth"
TOKEN = "https://oauth2.googleapis.com/token"
SCOPE = "https://www.googleapis.com/auth/drive.file"

VAULT = Vault("elistit google drive v1", "Google Drive token")


@dataclass(frozen=True)
class GoogleConfig:
    """One Google to talk to. `api_url` is the server alone, the other two are whole addresses."""

    api_url: str
    auth_url: str
    token_url: str
    client_id: str
    secret: Secret

    @property
    def ready(self) -> bool:
        """Whether the operator has entered the client id and the client secret."""
        return bool(self.client_id and self.secret)

    @property
    def revoke_url(self) -> str:
        """The address at which tokens are revoked: beside the one that issues them."""
        return self.token_url.rsplit("/", 1)[0] + "/revoke"

    def is_theirs(self, url: str) -> bool:
        """Whether an address Google gave us is one of Google's: nothing is ever sent anywhere else."""
        given, own = urlsplit(url), urlsplit(self.api_url)
        if (given.scheme, given.netloc) == (own.scheme, own.netloc):
            return True
        host = given.hostname or ""
        return self.api_url == API and given.scheme == "https" and host.endswith(".googleapis.com")

    @classmethod
    def from_environment(cls) -> GoogleConfig:
        """The Google of this installation's settings."""
        ours = config.current().google
        return cls(
            (ours.api_url or API).rstrip("/"),
            ours.auth_url or AUTH,
            ours.token_url or TOKEN,
            ours.client_id,
            Secret(ours.client_secret.get_secret_value()),
        )
