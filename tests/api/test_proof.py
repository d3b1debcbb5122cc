"""The proof of making: what is in it, that every change of it is found, and that code of its own verifies it (rules §9)."""

from __future__ import annotations

import base64
import copy
import hashlib
import json
from pathlib import Path
from typing import Any

import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from django.conf import LazySettings
from django.test import Client

from elistit.accounts import proof_keys, rotation
from elistit.accounts.models import ProofKey
from elistit.actions import commands, proofs
from elistit.cli import main
from elistit.credits import ledger, statement
from elistit.credits.models import CreditTransaction
from elistit.projects import proof
from elistit.projects.models import Project
from tests.api.conftest import Caller, problem
from tests.conformance.conftest import World


def downloaded(api: Caller, project: Project) -> bytes:
    response = api.get(f"/projects/{project.pk}/proof")
    assert response.status_code == 200, response.content
    assert f"proof-of-making-{project.pk}.json" in response["Content-Disposition"]
    return bytes(response.content)


def spelled(document: Any) -> bytes:
    """The canonical JSON of a proof, spelled here again."""
    return json.dumps(document, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def verified_apart(data: bytes, public: bytes) -> bool:
    """The signature checked with nothing of the studio's own code."""
    document = json.loads(data)
    signature = base64.b64decode(document["signature"]["value"])
    try:
        Ed25519PublicKey.from_public_bytes(public).verify(
            signature, b"elistit-proof-of-making/1\n" + spelled(document["body"])
        )
    except InvalidSignature:
        return False
    return True


def row_hash(row: dict[str, Any]) -> str:
    return hashlib.sha256(spelled({k: v for k, v in row.items() if k != "hash"})).hexdigest()


def wrong(data: bytes, keys: dict[str, Any] | None = None) -> list[str]:
    return proof.problems(json.loads(data), data, keys)


def test_a_proof_has_everything_and_is_verified_by_other_code(finished: Project, api: Caller, world: World) -> None:
    data = downloaded(api, finished)
    document = json.loads(data)
    body = document["body"]
    published = Client().get("/.well-known/elistit-proof-keys.json").json()
    [key] = published["keys"]
    assert (key["algorithm"], key["retired_at"]) == ("Ed25519", None)
    public = base64.b64decode(key["public_key"])
    assert verified_apart(data, public)
    assert hashlib.sha256(public).hexdigest() == document["signature"]["key_id"] == key["key_id"]
    assert data == spelled(document) + b"\n"
    assert wrong(data) == wrong(data, published) == []
    # Held against the tables, not against what made it.
    assert body["project"]["idea"] == finished.idea
    assert {(f["name"], f["sha256"]) for f in body["files"]} == set(finished.files.values_list("name", "sha256"))
    items = list(finished.jobs.order_by("public_id")[0].items.all())
    assert [i["prompt"] for i in body["items"]] == [i.prompt for i in items]
    assert body["approval"]["kept"] == [i.number for i in items if i.state == "made"]
    assert body["approval"]["reached_at"]
    own = [r for r in statement.export(world.user)["transactions"] if r["project"] == finished.pk]
    assert body["ledger"]["rows"] == own != []
    assert all(row_hash(r) == r["hash"] for r in body["ledger"]["rows"])
    assert len(body["attempts"]) == sum(j.attempts.count() for j in finished.jobs.all()) > 0
    calls = {c.key for j in finished.jobs.all() for c in j.provider_calls.all()}
    assert {c["key"] for c in body["provider_calls"]} == calls
    assert "cost" not in json.dumps([*body["provider_calls"], *body["jobs"]])


def test_rows_of_other_projects_are_in_the_chain_with_their_hash_alone(
    finished: Project, api: Caller, world: World
) -> None:
    ledger.grant(world.user.pk, 7, source="test", idempotency_key="between", reason="A secret in between")
    other = api.launch(name="Another secret")["public_id"]
    world.clock.advance(5)
    ledger.spend(
        world.user.pk, 1, job="j", project=finished.pk, idempotency_key="late", reason="Late", actor=world.user.email
    )
    last = CreditTransaction.objects.filter(project=finished.pk).order_by("seq").last()
    assert last is not None
    data = downloaded(api, finished)
    assert wrong(data) == []
    chain = json.loads(data)["body"]["ledger"]["chain"]
    assert [seq for seq, _ in chain] == list(range(chain[0][0], last.seq + 1))
    assert chain[-1] == [last.seq, last.hash] and len(chain) > len(json.loads(data)["body"]["ledger"]["rows"])
    assert b"secret" not in data.lower() and other.encode() not in data


LEAVES = 4_000


def leaves(document: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    if isinstance(document, dict):
        return [leaf for k, v in document.items() for leaf in leaves(v, (*path, k))]
    if isinstance(document, list):
        return [leaf for k, v in enumerate(document) for leaf in leaves(v, (*path, k))]
    return [path]


def changed(document: Any, path: tuple[Any, ...]) -> Any:
    made = copy.deepcopy(document)
    at = made
    for step in path[:-1]:
        at = at[step]
    old = at[path[-1]]
    at[path[-1]] = (not old) if isinstance(old, bool) else old + 1 if isinstance(old, int) else f"{old or ''}x"
    return made


def test_every_changed_field_removed_part_and_flipped_byte_is_found(finished: Project, api: Caller) -> None:
    data = downloaded(api, finished)
    document = json.loads(data)
    places = leaves(document)
    assert len(places) > 100
    for path in places[:LEAVES]:
        assert wrong(spelled(changed(document, path)) + b"\n"), path
    for part in ("body", "signature", "format"):
        less = {k: v for k, v in document.items() if k != part}
        assert proof.problems(less, spelled(less) + b"\n"), part
    for part in document["body"]:
        less = {**document, "body": {k: v for k, v in document["body"].items() if k != part}}
        assert proof.problems(less, spelled(less) + b"\n"), part
    for at in range(0, len(data), max(1, len(data) // 400)):
        flipped = data[:at] + bytes([data[at] ^ 1]) + data[at + 1 :]
        try:
            found = wrong(flipped)
        except ValueError:
            continue  # not JSON any more: the command says so
        assert found, at
    assert wrong(data + b" ") and wrong(data.replace(b'"body":', b'"body": ', 1))
    assert proof.problems({**document, "note": "added"}, spelled({**document, "note": "added"}) + b"\n")


@pytest.mark.parametrize("signature", [None, {}, {"value": ""}, "gone"])
def test_a_stripped_signature_proves_nothing(finished: Project, api: Caller, signature: Any) -> None:
    document = {**json.loads(downloaded(api, finished)), "signature": signature}
    assert wrong(spelled(document) + b"\n") == ["The signature was removed, so nothing is proved."]


def test_a_proof_signed_again_by_somebody_else_is_found_with_the_published_keys(finished: Project, api: Caller) -> None:
    document = json.loads(downloaded(api, finished))
    published = proofs.published_keys()
    document["body"]["project"]["idea"] = "somebody else's idea"
    forger = Ed25519PrivateKey.generate()
    public = forger.public_key().public_bytes_raw()
    document["signature"] = {
        "algorithm": "Ed25519", "key_id": hashlib.sha256(public).hexdigest(), "public_key": base64.b64encode(public).decode(),
        "value": base64.b64encode(forger.sign(proof.message(document["body"]))).decode(),
    }  # fmt: skip
    data = proof.to_bytes(document)
    assert wrong(data) == []
    assert wrong(data, published) == [
        "The key isn't among those the studio publishes, so someone else signed this file."
    ]
    assert any("--keys" in words for words in proof.not_proved(document, listed=False))


def test_an_old_keys_proofs_stay_verifiable_and_a_new_key_signs(
    finished: Project, api: Caller, settings: LazySettings
) -> None:
    old = downloaded(api, finished)
    first = ProofKey.objects.get()
    assert base64.b64decode(first.public_key) not in bytes(first.sealed)
    second = proof_keys.replace()
    new = downloaded(api, finished)
    published = proofs.published_keys()
    assert [k["key_id"] for k in published["keys"]] == [second.pk, first.pk]
    assert published["keys"][1]["retired_at"]
    assert wrong(old, published) == wrong(new, published) == []
    assert json.loads(new)["signature"]["key_id"] == second.pk
    assert ProofKey.objects.filter(retired_at=None).count() == 1
    # The private key is sealed: another secret key can't read it, and rotation seals it again.
    before = settings.SECRET_KEY
    settings.SECRET_KEY = "another secret key of fifty characters, for a test only"
    problem(api.get(f"/projects/{finished.pk}/proof"), "not-possible", 409)
    settings.SECRET_KEY_FALLBACKS = [before]
    count = next(c for c in rotation.rotate() if c.name == "signing keys")
    assert (count.rotated, count.unreadable) == (2, 0)
    settings.SECRET_KEY_FALLBACKS = []
    assert wrong(downloaded(api, finished), published) == []


def test_two_processes_make_one_key(db: None) -> None:
    first = proof_keys.sign(b"x")
    assert proof_keys.sign(b"x") == first
    with pytest.raises(Exception, match=r"(?i)unique"):
        proof_keys._make()


def test_a_deleted_projects_proof_says_what_is_gone(finished: Project, api: Caller, stranger: Caller) -> None:
    commands.delete(api.user, finished.pk)
    data = downloaded(api, finished)
    assert wrong(data) == []
    body = json.loads(data)["body"]
    assert body["project"]["deleted_at"]
    assert any("deleted" in words for words in body["left_out"])
    problem(stranger.get(f"/projects/{finished.pk}/proof"), "not-found", 404)


def test_the_page_offers_it_and_only_the_owner_gets_it(finished: Project, api: Caller, stranger: Caller) -> None:
    page, other = Client(), Client()
    page.force_login(api.user)
    other.force_login(stranger.user)
    address = f"/projects/{finished.pk}/proof-of-making.json"
    assert address in page.get(f"/projects/{finished.pk}/activity/").content.decode()
    assert wrong(page.get(address).content) == []
    assert other.get(address).status_code == 404
    assert Client().get(address).status_code == 302
    commands.delete(api.user, finished.pk)
    assert address in page.get(f"/projects/{finished.pk}/").content.decode()


def test_the_command_says_what_is_proved_and_what_is_not(
    finished: Project, api: Caller, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file, keys = tmp_path / "proof.json", tmp_path / "keys.json"
    file.write_bytes(downloaded(api, finished))
    keys.write_text(json.dumps(proofs.published_keys()))
    assert main(["verify", str(file)]) == 0
    said = capsys.readouterr().out
    assert "Proved:" in said and "Not proved:" in said and "Not in it:" in said
    assert "The holder of the key" in said and "--keys" in said
    assert main(["verify", str(file), "--keys", str(keys), "--files", str(tmp_path), "--json"]) == 0
    answer = json.loads(capsys.readouterr().out)
    assert answer["ok"] and answer["proved"][0].startswith("The studio at ") and len(answer["not_proved"]) == 3
    assert answer["files"] == {"keys.json": "", "proof.json": ""}
    file.write_bytes(file.read_bytes().replace(b"woodland", b"moorland"))
    assert main(["verify", str(file)]) == 1
    assert "changed after it was signed" in capsys.readouterr().out
    own = tmp_path / "statement.json"
    own.write_text(statement.to_json(statement.export(api.user)))
    assert main(["verify", str(own)]) == 0
    assert main(["verify", str(own), "--keys", str(keys)]) == 2
