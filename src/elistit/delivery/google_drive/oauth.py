"""Google's OAuth 2: the consent link with PKCE (S256) and state, the exchange of a code, renewal and revocation. HTTP only.

Codes, verifiers, tokens and the client secret must never be logged; Google's responses about them are returned as data.
"""

from __future__ import annotations

from elistit.accounts import consent
from elistit.accounts.consent import Authorization, Tokens
from elistit.accounts.vault import Secret
from elistit.delivery.google_drive import outcomes
from elistit.delivery.google_drive.config import SCOPE, GoogleConfig
from elistit.delivery.google_drive.wire import Answer, Doing, Met, send
from elistit.network.call import Timeouts
from elistit.ports import Failure, Kind

# Renewing is quick; a stalled renewal must end well before its lease does (`access.LEASE_SECONDS`).
TOKEN_TIMEOUTS = Timeouts(connect=5, read=15, write=10, whole=20)


def authorization(config: GoogleConfig, redirect_uri: str) -> Authorization:
    """A new consent link for the one scope that a copy needs. With `prompt=consent` Google issues a refresh token every
    time."""
    more = {"access_type": "offline", "prompt": "consent"}
    return consent.started(config.auth_url, config.client_id, redirect_uri, SCOPE, **more)


def exchange(config: GoogleConfig, started: Authorization, code: str) -> Tokens | Failure:
    """The first tokens, for the code that Google gave the seller's browser. A failure when the seller left the checkbox
    for Drive unchecked, because the connection would be useless."""
    fields = {
        "grant_type": "authorization_code",
        "redirect_uri": started.redirect_uri,
        "code": code,
        "code_verifier": started.verifier,
    }
    answer = _ask(config, Doing.EXCHANGE, fields, (code, started.verifier))
    tokens = _tokens(answer)
    if isinstance(tokens, Tokens):
        if SCOPE not in str((answer.data or {}).get("scope", "")).split():
            return Failure(
                Kind.REJECTED,
                "You didn't allow files to be added to your Drive, so nothing was connected. Connect again and leave that box ticked.",
            )
        if not tokens.refresh:
            return outcomes.failure(Answer(Doing.EXCHANGE, Met.NO_ANSWER, answer.status, problem="no refresh token"))
    return tokens


def renew(config: GoogleConfig, refresh: Secret) -> tuple[Tokens | Failure, bool]:
    """A new access token for a refresh token, and whether the seller has to connect again."""
    answer = _ask(
        config, Doing.TOKEN, {"grant_type": "refresh_token", "refresh_token": refresh.reveal()}, (refresh.reveal(),)
    )
    tokens = _tokens(answer)
    return tokens, isinstance(tokens, Failure) and not answer.good and outcomes.row_for(answer).reconnect


def give_back(config: GoogleConfig, refresh: Secret) -> bool:
    """Revoke the access at Google. False when that failed; the seller may do it there as well."""
    answer = send(
        Doing.DELETE, "POST", config.revoke_url, timeouts=TOKEN_TIMEOUTS, data={"token": refresh.reveal()},
        secrets=(refresh.reveal(),),
    )  # fmt: skip
    return answer.met is Met.ANSWER and answer.status == 200


def _ask(config: GoogleConfig, doing: Doing, fields: dict[str, str], kept_out: tuple[str, ...]) -> Answer:
    whole = {**fields, "client_id": config.client_id, "client_secret": config.secret.reveal()}
    secret = (*kept_out, config.secret.reveal())
    return send(doing, "POST", config.token_url, timeouts=TOKEN_TIMEOUTS, data=whole, secrets=secret)


def _tokens(answer: Answer) -> Tokens | Failure:
    if not answer.good:
        return outcomes.failure(answer)
    data = answer.data or {}
    access, refresh, seconds = data.get("access_token"), data.get("refresh_token"), data.get("expires_in")
    if not (isinstance(access, str) and access):
        return outcomes.failure(Answer(answer.doing, Met.NO_ANSWER, status=answer.status, problem="no token in answer"))
    kept = Secret(refresh if isinstance(refresh, str) else "")
    return Tokens(Secret(access), kept, seconds if isinstance(seconds, int) and seconds > 0 else 3600)
