"""The sandbox's OAuth 2: consent that gives itself, codes with PKCE, refresh tokens that rotate.

As strict as the real service where it matters to a client: S256 only, a code works once and for its own redirect
address and verifier, a used refresh token is dead. It never asks a person anything.
"""

from __future__ import annotations

import base64
import hashlib
import re
from urllib.parse import urlencode

from elistit.listings.etsy.sandbox.requests import Refused, Reply, Request
from elistit.listings.etsy.sandbox.world import World
from elistit.listings.etsy.terms import SCOPES

_KNOWN_SCOPES = {
    *SCOPES, "listings_d", "address_r", "address_w", "email_r", "profile_r", "profile_w", "shops_w",
    "transactions_r", "transactions_w",
}  # fmt: skip


def authorize(world: World, request: Request, keystring: str) -> Reply:
    """Send the browser straight back with a code. `sandbox_user` in the query chooses whose shop it is."""
    asked = request.query
    back = asked.get("redirect_uri", "")
    if not asked.get("client_id") or (keystring and asked["client_id"] != keystring):
        raise Refused(400, "client_id is not known")
    if not re.match(r"https://[^\s]+$|http://(localhost|127\.0\.0\.1)[:/]", back):
        raise Refused(400, "redirect_uri is not registered")
    scopes = asked.get("scope", "").split()
    error = ""
    if asked.get("response_type") != "code":
        error = "unsupported_response_type"
    elif not scopes or set(scopes) - _KNOWN_SCOPES:
        error = "invalid_scope"
    elif asked.get("code_challenge_method") != "S256" or not asked.get("code_challenge") or not asked.get("state"):
        error = "invalid_request"
    answer = {"state": asked.get("state", "")}
    if error:
        answer["error"] = error
    else:
        answer["code"] = world.new_code(
            user=asked.get("sandbox_user", "seller")[:80],
            client_id=asked["client_id"],
            redirect_uri=back,
            challenge=asked["code_challenge"],
            scopes=scopes,
        )
    return Reply(302, headers={"location": f"{back}{'&' if '?' in back else '?'}{urlencode(answer)}"})


def token(world: World, request: Request) -> Reply:
    """First tokens for a code, or the next pair for a refresh token."""
    form = request.form()
    grant = form.get("grant_type", "")
    if grant == "authorization_code":
        return _exchange(world, form)
    if grant == "refresh_token":
        return _renew(world, form)
    raise _error("unsupported_grant_type", "grant_type is not supported")


def _exchange(world: World, form: dict[str, str]) -> Reply:
    with world.lock:
        granted = world.codes.pop(form.get("code", ""), None)
        if granted is None or granted["until"] < world.clock():
            raise _error("invalid_grant", "code is invalid or expired")
        if form.get("client_id") != granted["client_id"]:
            raise _error("invalid_client", "client_id does not match")
        if form.get("redirect_uri") != granted["redirect_uri"]:
            raise _error("invalid_grant", "redirect_uri does not match")
        verifier = form.get("code_verifier", "")
        digest = base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()
        if not 43 <= len(verifier) <= 128 or digest != granted["challenge"]:
            raise _error("invalid_grant", "code_verifier is invalid")
        user = world.user(granted["user"])
        return Reply(200, world.new_tokens(user["user_id"], granted["client_id"], granted["scopes"]))


def _renew(world: World, form: dict[str, str]) -> Reply:
    with world.lock:
        granted = world.refresh.get(form.get("refresh_token", ""))
        if granted is None:
            raise _error("invalid_grant", "refresh_token is revoked")
        if form.get("client_id") != granted["client_id"]:
            raise _error("invalid_client", "client_id does not match")
        del world.refresh[form["refresh_token"]]
        return Reply(200, world.new_tokens(granted["user_id"], granted["client_id"], granted["scopes"]))


def _error(code: str, words: str) -> Refused:
    return Refused(400, {"error": code, "error_description": words})
