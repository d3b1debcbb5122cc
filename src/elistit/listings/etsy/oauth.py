"""Etsy's OAuth 2: the consent link with PKCE (S256), the exchange of a code, and the renewal of tokens. HTTP only.

No database here. Codes, verifiers and tokens must never be logged; what Etsy answers about them is returned as data.
"""

from __future__ import annotations

from elistit.accounts import consent
from elistit.accounts.consent import Authorization, Tokens
from elistit.listings.etsy import outcomes
from elistit.listings.etsy.answers import Answer, Doing, Met
from elistit.listings.etsy.config import EtsyConfig
from elistit.listings.etsy.terms import SCOPES
from elistit.listings.etsy.wire import Timeouts, send
from elistit.listings.tokens import Secret
from elistit.ports import Failure

# Renewing is quick; a stalled renewal must end well before its lease does (`access.LEASE_SECONDS`).
TOKEN_TIMEOUTS = Timeouts(connect=5, read=15, write=10, whole=20)


def authorization(config: EtsyConfig, redirect_uri: str) -> Authorization:
    """A new consent link for the scopes a draft needs, and nothing more."""
    return consent.started(config.auth_url, config.keystring, redirect_uri, " ".join(SCOPES))


def exchange(config: EtsyConfig, started: Authorization, code: str) -> Tokens | Failure:
    """The first tokens, for the code Etsy gave the seller's browser. A code works once."""
    fields = {
        "grant_type": "authorization_code",
        "client_id": config.keystring,
        "redirect_uri": started.redirect_uri,
        "code": code,
        "code_verifier": started.verifier,
    }
    return _tokens(_ask(config, Doing.EXCHANGE, fields, (code, started.verifier)))


def renew(config: EtsyConfig, refresh: Secret) -> tuple[Tokens | Failure, bool]:
    """New tokens for a refresh token, and whether the seller has to connect again. The old refresh token is dead
    afterwards, so callers hold the lease of `access` while they ask."""
    fields = {"grant_type": "refresh_token", "client_id": config.keystring, "refresh_token": refresh.reveal()}
    answer = _ask(config, Doing.TOKEN, fields, (refresh.reveal(),))
    tokens = _tokens(answer)
    return tokens, isinstance(tokens, Failure) and not answer.good and outcomes.row_for(answer).reconnect


def _ask(config: EtsyConfig, doing: Doing, fields: dict[str, str], kept_out: tuple[str, ...]) -> Answer:
    return send(doing, "POST", config.token_url, timeouts=TOKEN_TIMEOUTS, data=fields, secrets=kept_out)


def _tokens(answer: Answer) -> Tokens | Failure:
    if not answer.good:
        return outcomes.failure(answer)
    data = answer.data or {}
    access, refresh, seconds = data.get("access_token"), data.get("refresh_token"), data.get("expires_in")
    if not (isinstance(access, str) and access and isinstance(refresh, str) and refresh):
        return outcomes.failure(
            Answer(answer.doing, Met.NO_ANSWER, status=answer.status, problem="no tokens in answer")
        )
    return Tokens(Secret(access), Secret(refresh), seconds if isinstance(seconds, int) and seconds > 0 else 3600)
