"""The sandbox is as strict as the real service, does wrong only what it is told, and keeps what it was given."""

from __future__ import annotations

import errno
import threading
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import httpx
import pytest

from elistit.accounts.consent import challenge
from elistit.listings.etsy.sandbox import BadOrder, Sandbox, serve
from elistit.listings.etsy.sandbox.faults import ANSWERS, OPERATIONS, WIRE
from elistit.listings.etsy.sandbox.world import World
from elistit.listings.etsy.terms import API_PATH, SCOPES
from tests.listings.conftest import PNG

BACK = "http://localhost/back"
VERIFIER = "v" * 50
KEY = {"x-api-key": "keystring:shared"}
GOOD = {
    "title": "Fox Clipart",
    "description": "Foxes.",
    "price": "4.99",
    "quantity": "999",
    "who_made": "i_did",
    "when_made": "2020_2026",
    "is_supply": "false",
    "taxonomy_id": "6844",
    "type": "download",
    "tags": "fox clipart,watercolor fox",
}


class Client:
    """A client that hides nothing: what it sends is what arrives."""

    def __init__(self, sandbox: Sandbox) -> None:
        self.sandbox = sandbox
        self.http = httpx.Client(base_url=sandbox.url, trust_env=False, timeout=5)
        # Frozen in the year the expected range carries.
        sandbox.world.clock = lambda: 1_795_000_000.0

    def authorize(self, **changes: str) -> dict[str, str]:
        asked = {
            "response_type": "code",
            "client_id": "keystring",
            "redirect_uri": BACK,
            "scope": " ".join(SCOPES),
            "state": "s",
            "code_challenge": challenge(VERIFIER),
            "code_challenge_method": "S256",
            **changes,
        }
        answer = self.http.get("/oauth/connect?" + urlencode(asked))
        location = answer.headers.get("location", "")
        return {k: v[0] for k, v in parse_qs(urlsplit(location).query).items()} if answer.status_code == 302 else {}

    def token(self, **fields: str) -> httpx.Response:
        return self.http.post("/v3/public/oauth/token", data={"client_id": "keystring", **fields})

    def exchange(self, code: str, /, **changes: str) -> httpx.Response:
        fields = {"grant_type": "authorization_code", "redirect_uri": BACK, "code": code, "code_verifier": VERIFIER}
        return self.token(**{**fields, **changes})

    def sign_in(self, **changes: str) -> None:
        tokens = self.exchange(self.authorize(**changes)["code"]).json()
        self.refresh = tokens["refresh_token"]
        self.http.headers.update({**KEY, "authorization": f"Bearer {tokens['access_token']}"})
        self.shop = self.http.get(f"{API_PATH}/users/me").json()["shop_id"]

    def create(self, **changes: str | None) -> httpx.Response:
        data = {k: v for k, v in {**GOOD, **changes}.items() if v is not None}
        return self.http.post(f"{API_PATH}/shops/{self.shop}/listings", data=data)

    def upload(self, listing: int, what: str, **more: Any) -> httpx.Response:
        return self.http.post(f"{API_PATH}/shops/{self.shop}/listings/{listing}/{what}", **more)


@pytest.fixture
def client(sandbox: Sandbox) -> Client:
    made = Client(sandbox)
    made.sign_in()
    return made


# --- consent ----------------------------------------------------------------------------------------------------------


def test_consent_gives_itself_and_brings_the_state_back(sandbox: Sandbox) -> None:
    back = Client(sandbox).authorize(state="mine")
    assert back["state"] == "mine" and back["code"]


@pytest.mark.parametrize(
    "changes",
    [{"response_type": "token"}, {"scope": "everything"}, {"scope": ""}, {"code_challenge_method": "plain"},
     {"code_challenge": ""}, {"state": ""}],
)  # fmt: skip
def test_a_consent_asked_for_wrongly_brings_an_error(sandbox: Sandbox, changes: dict[str, str]) -> None:
    back = Client(sandbox).authorize(**changes)
    assert back["error"] and "code" not in back


@pytest.mark.parametrize("changes", [{"redirect_uri": "http://evil.example/"}, {"redirect_uri": ""}, {"client_id": ""}])
def test_a_browser_is_never_sent_to_an_address_that_is_not_allowed(sandbox: Sandbox, changes: dict[str, str]) -> None:
    assert Client(sandbox).authorize(**changes) == {}


@pytest.mark.parametrize(
    "changes",
    [{"code_verifier": "w" * 50}, {"code_verifier": ""}, {"redirect_uri": BACK + "/other"}, {"client_id": "other"},
     {"code": "other"}],
)  # fmt: skip
def test_a_code_is_good_only_with_its_verifier_address_and_client(sandbox: Sandbox, changes: dict[str, str]) -> None:
    client = Client(sandbox)
    code = client.authorize()["code"]
    assert client.exchange(code, **changes).status_code == 400


def test_a_code_works_once(sandbox: Sandbox) -> None:
    client = Client(sandbox)
    code = client.authorize()["code"]
    assert client.exchange(code).status_code == 200
    assert client.exchange(code).json()["error"] == "invalid_grant"


def test_a_refresh_token_works_once_and_gives_the_next(client: Client) -> None:
    first = client.token(grant_type="refresh_token", refresh_token=client.refresh)
    again = client.token(grant_type="refresh_token", refresh_token=client.refresh)
    assert first.status_code == 200 and first.json()["refresh_token"] != client.refresh
    assert again.json() == {"error": "invalid_grant", "error_description": "refresh_token is revoked"}


# --- keys, tokens, shops ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("headers", "status"),
    [({"x-api-key": ""}, 401), ({"x-api-key": "keystring"}, 403), ({"authorization": ""}, 401),
     ({"authorization": "Bearer 1.wrong"}, 401)],
)  # fmt: skip
def test_key_and_token_are_checked(client: Client, headers: dict[str, str], status: int) -> None:
    assert client.http.get(f"{API_PATH}/users/me", headers=headers).status_code == status


def test_a_sandbox_with_keys_of_its_own_takes_no_others() -> None:
    with Sandbox(keystring="keystring", secret="shared") as sandbox:
        client = Client(sandbox)
        client.sign_in()
        wrong = client.http.get(f"{API_PATH}/users/me", headers={"x-api-key": "keystring:wrong"})
        assert wrong.status_code == 403
        assert client.authorize(client_id="other") == {}


def test_a_scope_that_was_not_given_is_missed(sandbox: Sandbox) -> None:
    client = Client(sandbox)
    client.sign_in(scope="listings_r shops_r")
    assert client.create().status_code == 403


def test_another_sellers_shop_and_drafts_are_out_of_reach(client: Client, sandbox: Sandbox) -> None:
    listing = client.create().json()["listing_id"]
    bob = Client(sandbox)
    bob.sign_in(sandbox_user="bob")
    assert bob.shop != client.shop
    assert bob.http.get(f"{API_PATH}/listings/{listing}").status_code == 404
    bob.shop = client.shop
    assert bob.create().status_code == 403
    assert bob.upload(listing, "images", files={"image": ("a.png", PNG)}).status_code == 403


def test_limit_headers_are_on_every_answer(client: Client) -> None:
    headers = client.http.get(f"{API_PATH}/users/me").headers
    assert headers["x-limit-per-second"] == "1000" and int(headers["x-remaining-today"]) < 10_000


# --- drafts -----------------------------------------------------------------------------------------------------------


def test_a_good_draft_is_made(client: Client, sandbox: Sandbox) -> None:
    answer = client.create()
    assert answer.status_code == 201
    assert answer.json()["tags"] == ["fox clipart", "watercolor fox"]
    assert sandbox.drafts()[0]["price_cents"] == 499


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"title": None}, "Missing required parameter: title"),
        ({"taxonomy_id": None}, "Missing required parameter: taxonomy_id"),
        ({"type": None}, "A shipping_profile_id is required for physical listings."),
        ({"is_supply": None}, "who_made, when_made and is_supply must be given together."),
        ({"who_made": "someone_else"}, "Oh dear, you cannot sell this item on Etsy."),
        ({"when_made": "2020_2019"}, "Invalid value for when_made."),
        ({"taxonomy_id": "1"}, "Invalid taxonomy_id."),
        ({"price": "0.1"}, "The price must be between 0.20 and 50000.00."),
        ({"price": "free"}, "Expected float value for 'price' (got string)"),
        ({"quantity": "0"}, "quantity must be between 1 and 999."),
        ({"is_digital": "true"}, "Invalid parameter: is_digital"),
    ],
)
def test_a_bad_draft_is_refused_in_words(client: Client, changes: dict[str, str | None], words: str) -> None:
    answer = client.create(**changes)
    assert (answer.status_code, answer.json()) == (400, {"error": words})


@pytest.mark.parametrize(
    ("changes", "path"),
    [
        ({"title": "Fox 🦊"}, "/title/4"),
        ({"title": "50% 60%"}, "/title"),
        ({"title": "a" * 141}, "/title"),
        ({"tags": "fox,fox"}, "/tags"),
        ({"tags": ",".join(f"t{n}" for n in range(14))}, "/tags"),
        ({"tags": "a" * 21}, "/tags/0"),
        ({"tags": "fox,c&d"}, "/tags/1"),
        ({"materials": ".png"}, "/materials/0"),
    ],
)
def test_texts_against_the_rules_are_refused_as_a_list_of_fields(
    client: Client, changes: dict[str, str], path: str
) -> None:
    answer = client.create(**changes)
    assert answer.status_code == 400
    assert answer.json()[0]["path"] == path


def test_a_json_body_is_not_taken_because_the_document_has_none(client: Client) -> None:
    answer = client.http.post(f"{API_PATH}/shops/{client.shop}/listings", json=GOOD)
    assert answer.status_code == 400


def test_publishing_is_not_possible(client: Client) -> None:
    listing = client.create().json()["listing_id"]
    answer = client.http.patch(f"{API_PATH}/shops/{client.shop}/listings/{listing}", data={"state": "active"})
    assert answer.status_code == 400 and "state" in answer.text
    assert [draft["state"] for draft in client.sandbox.drafts()] == ["draft"]


def test_the_words_of_a_draft_are_changed_by_etsys_rules(client: Client) -> None:
    address = f"{API_PATH}/shops/{client.shop}/listings/{client.create().json()['listing_id']}"
    answer = client.http.patch(address, data={"title": "Other foxes", "tags": "fox,art", "type": "download"})
    assert (answer.status_code, answer.json()["title"], answer.json()["tags"]) == (200, "Other foxes", ["fox", "art"])
    for wrong in ({"title": "Foxes $$"}, {"tags": "x" * 21}, {"type": "physical"}, {"price": "1"}):
        assert client.http.patch(address, data=wrong).status_code == 400
    assert client.sandbox.drafts()[0]["title"] == "Other foxes"


def test_pictures_are_checked_and_ranked(client: Client, sandbox: Sandbox) -> None:
    listing = client.create().json()["listing_id"]
    for rank in (1, 2, 1):
        sent = client.upload(
            listing, "images", data={"rank": str(rank)}, files={"image": ("a.png", PNG + b"%d" % rank)}
        )
        assert sent.status_code == 201
    assert [i["rank"] for i in sandbox.drafts()[0]["images"]] == [1, 2, 3]
    assert client.upload(listing, "images", files={"image": ("a.png", b"text")}).status_code == 400
    assert client.upload(listing, "images", files={"image": ("a.png", PNG + b"x" * 10_000_000)}).status_code == 400
    by_hand = {"content-type": "multipart/form-data"}
    assert client.upload(listing, "images", content=b"--x", headers=by_hand).status_code == 400


def test_files_have_a_name_a_size_and_a_count(client: Client) -> None:
    listing = client.create().json()["listing_id"]
    assert client.upload(listing, "files", files={"file": ("a.zip", b"PK")}).status_code == 400
    too_large = client.upload(listing, "files", data={"name": "a.zip"}, files={"file": ("a.zip", b"x" * 20_000_001)})
    assert too_large.status_code == 400
    for number in range(5):
        sent = client.upload(listing, "files", data={"name": f"{number}.zip"}, files={"file": ("a.zip", b"PK")})
        assert sent.status_code == 201
    assert client.upload(listing, "files", data={"name": "6.zip"}, files={"file": ("a.zip", b"PK")}).status_code == 400


# --- faults, state, life ----------------------------------------------------------------------------------------------


def test_faults_are_ordered_counted_and_cleared_over_http(client: Client) -> None:
    order = {"operation": "me", "kind": "500", "times": 2, "after": 1}
    assert client.http.post("/_sandbox/faults", json=order).status_code == 201
    statuses = [client.http.get(f"{API_PATH}/users/me").status_code for _ in range(4)]
    assert statuses == [200, 500, 500, 200]
    client.http.post("/_sandbox/faults", json=order)
    assert client.http.get("/_sandbox/state").json()["faults"]
    client.http.delete("/_sandbox/faults")
    assert client.http.get("/_sandbox/state").json()["faults"] == []


@pytest.mark.parametrize(
    "order",
    [{"operation": "nothing", "kind": "500"}, {"kind": "explode"}, {"kind": "500_but_"}, {"kind": "500", "times": "x"},
     {"kind": "500", "times": 0}, [], "no"],
)  # fmt: skip
def test_a_fault_that_is_not_known_is_refused_with_what_is_possible(client: Client, order: Any) -> None:
    answer = client.http.post("/_sandbox/faults", json=order)
    assert answer.status_code == 400 and answer.json()["error"]
    assert client.sandbox.faults.standing() == []


def test_every_kind_and_operation_can_be_ordered(sandbox: Sandbox) -> None:
    for operation in OPERATIONS:
        for kind in (*ANSWERS, *WIRE):
            sandbox.fault(operation, kind)
            sandbox.fault(operation, f"{kind}_but_created")
    with pytest.raises(BadOrder):
        sandbox.fault("me", "nothing")


def test_the_state_and_journal_hold_no_token(client: Client) -> None:
    client.create()
    text = client.http.get("/_sandbox/state").text
    assert client.refresh not in text and "Bearer" not in text and "shared" not in text
    assert '"createDraft"' in text


def test_a_folder_keeps_drafts_tokens_and_pictures_over_a_restart(tmp_path: Path) -> None:
    with Sandbox(folder=tmp_path) as first:
        client = Client(first)
        client.sign_in()
        listing = client.create().json()["listing_id"]
        client.upload(listing, "images", files={"image": ("a.png", PNG)})
        before = first.drafts()
    with Sandbox(folder=tmp_path) as second:
        assert second.drafts() == before
        assert second.world.blob(before[0]["images"][0]["sha256"]) == PNG
        second.world.clock = lambda: 1_795_000_000.0
        known = httpx.get(f"{second.url}{API_PATH}/users/me", headers=client.http.headers, trust_env=False)
        assert known.status_code == 200
        httpx.post(f"{second.url}/_sandbox/reset", trust_env=False)
        assert second.drafts() == []


def test_a_path_is_no_way_to_other_files(client: Client, tmp_path: Path) -> None:
    for name in ("../../etc/passwd", "..%2f..%2fetc%2fpasswd", "sandbox.json", "0" * 64):
        assert client.http.get(f"/_sandbox/blobs/{name}").status_code == 404


def test_many_clients_at_once_make_as_many_drafts(client: Client, sandbox: Sandbox) -> None:
    def make() -> None:
        for _ in range(5):
            httpx.post(f"{sandbox.url}{API_PATH}/shops/{client.shop}/listings", data=GOOD, headers=client.http.headers)

    threads = [threading.Thread(target=make) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert len({d["listing_id"] for d in sandbox.drafts()}) == 20


def test_stopping_frees_the_port_even_while_a_client_hangs(client: Client, sandbox: Sandbox) -> None:
    sandbox.fault("me", "timeout", seconds=60)

    def ask() -> None:
        with pytest.raises(httpx.HTTPError):
            client.http.get(f"{API_PATH}/users/me")

    hanging = threading.Thread(target=ask)
    hanging.start()
    sandbox.stop()
    sandbox.stop()
    hanging.join(30)
    assert not hanging.is_alive()
    with Sandbox(port=int(sandbox.url.rsplit(":", 1)[1])) as again:
        assert again.url == sandbox.url


def test_serving_on_a_taken_port_says_so(sandbox: Sandbox) -> None:
    with pytest.raises(OSError):
        serve(int(sandbox.url.rsplit(":", 1)[1]))


def test_a_practice_shop_that_runs_for_years_does_not_keep_every_token(tmp_path: Path) -> None:
    now = [1_795_000_000.0]
    world = World(tmp_path, lambda: now[0])
    for _ in range(100):
        pair = world.new_tokens(1, "key", ["listings_w"])
        now[0] += 3600
    assert len(world.access) == 25, "one that holds and a day of those that ended"
    assert pair["access_token"] in world.access
    assert set(World(tmp_path, lambda: now[0]).access) == set(world.access)


def test_a_full_disk_leaves_no_half_file_of_the_practice_shop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    world = World(tmp_path)
    world.new_tokens(1, "key", [])
    before = {p: p.read_bytes() for p in tmp_path.rglob("*") if p.is_file()}

    def full(self: Path, target: Path) -> Path:
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as patched, pytest.raises(OSError, match="No space"):
        patched.setattr(Path, "replace", full)
        world.new_tokens(1, "key", [])
    assert {p: p.read_bytes() for p in tmp_path.rglob("*") if p.is_file()} == before
