"""The key-rotation drill: everything that is sealed is sealed again with a new key, and the old one can be taken away."""

from __future__ import annotations

import datetime as dt
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP
from django.test import Client

from elistit import ports
from elistit.accounts import proof_keys, rotation
from elistit.accounts.models import User
from elistit.accounts.vault import Secret, Unreadable
from elistit.api.models import WebhookEndpoint
from elistit.api.webhooks import secrets
from elistit.cli import doctor, environment
from elistit.delivery.google_drive.config import VAULT as DRIVE
from elistit.delivery.models import DriveAccount, DriveCopy, DriveUpload
from elistit.listings import tokens
from elistit.listings.models import EtsyShop
from elistit.support.entering import FactorKeeper
from tests.installations import with_tables

pytestmark = pytest.mark.django_db
OLD, NEW, LOST = "o" * 64, "n" * 64, "l" * 64
SOON = ports.now() + dt.timedelta(hours=1)


def everything_sealed(owner: User) -> None:
    """One of every kind of secret the product keeps so that it can read it again."""
    EtsyShop.objects.create(
        owner=owner, shop_id=1, access_token=tokens.encrypt(Secret("etsy-access")),
        refresh_token=tokens.encrypt(Secret("etsy-refresh")), expires_at=SOON,
    )  # fmt: skip
    DriveAccount.objects.create(
        owner=owner, access_token=DRIVE.encrypt(Secret("drive-access")),
        refresh_token=DRIVE.encrypt(Secret("drive-refresh")), expires_at=SOON,
    )  # fmt: skip
    copy = DriveCopy.objects.create(project="P" * 26, owner=owner)
    DriveUpload.objects.create(
        copy=copy, path="a", bytes=1, sha256="0" * 64, session=DRIVE.encrypt(Secret("https://upload"))
    )
    DriveUpload.objects.create(copy=copy, path="b", bytes=1, sha256="0" * 64)
    WebhookEndpoint.objects.create(owner=owner, url="https://hooks.example", events=[], secret=secrets.seal("whsec_x"))
    TOTP.activate(owner, "JBSWY3DPEHPK3PXP")
    RecoveryCodes.activate(owner)
    proof_keys.sign(b"before")


def everything_read(owner: User) -> dict[str, Any]:
    shop, drive = EtsyShop.objects.get(owner=owner), DriveAccount.objects.get(owner=owner)
    factors = {a.type: a.data for a in Authenticator.objects.filter(user=owner)}
    keeper = FactorKeeper()
    return {
        "etsy": [tokens.decrypt(shop.access_token).reveal(), tokens.decrypt(shop.refresh_token).reveal()],
        "drive": [DRIVE.decrypt(drive.access_token).reveal(), DRIVE.decrypt(drive.refresh_token).reveal()],
        "upload": DRIVE.decrypt(DriveUpload.objects.get(path="a").session).reveal(),
        "webhook": secrets.unseal(WebhookEndpoint.objects.get(owner=owner).secret),
        "totp": keeper.decrypt(factors["totp"]["secret"]),
        "signature": proof_keys.sign(b"the same"),
        "recovery": keeper.decrypt(factors["recovery_codes"]["seed"]),
    }


def test_after_a_rotation_the_old_key_is_not_needed(alice: User, settings: Any) -> None:
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = OLD, []
    everything_sealed(alice)
    visitor = Client()
    visitor.force_login(alice)
    before = everything_read(alice)

    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = NEW, [OLD]
    assert everything_read(alice) == before, "both keys read while they are both listed"
    counts = {count.name: count for count in rotation.rotate()}
    assert {name: (c.rotated, c.unreadable) for name, c in counts.items()} == {
        "sessions": (1, 0), "Etsy access tokens": (1, 0), "Etsy refresh tokens": (1, 0),
        "Google Drive access tokens": (1, 0), "Google Drive refresh tokens": (1, 0), "Google Drive uploads": (1, 0),
        "webhook secrets": (1, 0), "second factors": (2, 0),
        "signing keys": (1, 0), "key for push notifications": (0, 0),
    }  # fmt: skip
    assert all(c.rotated == 0 for c in rotation.rotate()), "the second time there is nothing left to do"

    settings.SECRET_KEY_FALLBACKS = []
    assert everything_read(alice) == before
    assert visitor.session.get("_auth_user_id") == str(alice.pk)


def test_without_a_rotation_taking_the_old_key_away_loses_what_it_sealed(alice: User, settings: Any) -> None:
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = OLD, []
    everything_sealed(alice)
    settings.SECRET_KEY = NEW
    with pytest.raises(Unreadable):
        everything_read(alice)
    assert sum(count.unreadable for count in rotation.rotate()) == 9
    settings.SECRET_KEY_FALLBACKS = [LOST, OLD]
    rotation.rotate()
    settings.SECRET_KEY_FALLBACKS = []
    assert everything_read(alice)["upload"] == "https://upload"


def test_a_token_renewed_meanwhile_is_not_overwritten(alice: User, settings: Any) -> None:
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = OLD, []
    everything_sealed(alice)
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = NEW, [OLD]
    sealed = rotation.Sealed("x", "listings.EtsyShop", "access_token", rotation.of_bytes(tokens.VAULT))
    shop, count = EtsyShop.objects.get(), rotation.Count("x")
    EtsyShop.objects.update(access_token=tokens.encrypt(Secret("renewed")))
    rotation._rotate_row(sealed, count, shop.pk, shop.access_token)
    assert (count.rotated, count.changed_meanwhile) == (0, 1)
    assert tokens.decrypt(EtsyShop.objects.get().access_token).reveal() == "renewed"


@pytest.mark.parametrize(
    ("env", "words"),
    [
        ({"ELISTIT_ENV": "production", "ELISTIT_SECRET_KEY": "k" * 49}, "at least 50"),
        ({"ELISTIT_SECRET_KEY": NEW, "ELISTIT_SECRET_KEY_FALLBACKS": f"{OLD} {NEW}"}, "only earlier keys"),
    ],
)
def test_keys_that_are_too_short_or_listed_twice_are_refused(env: dict[str, str], words: str) -> None:
    assert any(words in problem.words for problem in environment.problems(env))


def test_the_key_of_the_data_folder_is_rotated_in_two_steps(tmp_path: Path) -> None:
    """As the command line does it, in processes of its own; what one reads was sealed by another."""
    env = {k: v for k, v in os.environ.items() if not k.startswith("ELISTIT_") and k != "DATABASE_URL"}
    env |= {"ELISTIT_DATA": str(with_tables(tmp_path / "data")), "DJANGO_SETTINGS_MODULE": "elistit.settings"}

    def run(*command: str) -> str:
        done = subprocess.run([sys.executable, *command], env=env, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr[-2000:]
        return done.stdout

    def elistit(*arguments: str) -> Any:
        return json.loads(run("-m", "elistit.cli", *arguments, "--json"))

    elistit("users", "add", "ann@shop.example")
    run("-c", SEAL)
    first = (tmp_path / "data/secret.key").read_text()
    assert elistit("secrets", "rotate", "--new-key")["earlier_keys"] == 1
    second = (tmp_path / "data/secret.key").read_text()
    kept = tmp_path / "data/secret.key.old"
    assert first != second and kept.read_text().split() == [first.strip()]
    assert {(tmp_path / "data" / name).stat().st_mode & 0o777 for name in ("secret.key", "secret.key.old")} == {0o600}
    rotated = elistit("secrets", "rotate")
    assert rotated["ok"] and {s["name"]: s["rotated"] for s in rotated["sealed"]}["Etsy access tokens"] == 1
    kept.unlink()
    assert run("-c", READ).strip() == "token"
    assert first.strip() not in json.dumps(rotated) and second not in json.dumps(rotated)


SEAL = """
import django; django.setup()
from django.utils import timezone
from elistit.accounts.models import User
from elistit.accounts.vault import Secret
from elistit.listings import tokens
from elistit.listings.models import EtsyShop
sealed = tokens.encrypt(Secret("token"))
EtsyShop.objects.create(
    owner=User.objects.get(), shop_id=1, access_token=sealed, refresh_token=sealed, expires_at=timezone.now())
"""
READ = """
import django; django.setup()
from elistit.listings import tokens
from elistit.listings.models import EtsyShop
print(tokens.decrypt(EtsyShop.objects.get().access_token).reveal())
"""


def test_a_new_api_key_asks_again_who_has_a_password(alice: User) -> None:
    alice.set_password("correct horse battery")
    alice.save()
    client = Client()
    client.force_login(alice)
    assert client.get("/settings/keys/").status_code == 200
    asked = client.post("/settings/keys/", {"name": "mine", "scope": "full", "key": "form-1"})
    assert asked.status_code == 302 and "/reauthenticate/" in asked["Location"]
    assert not alice.api_keys.exists()
    wrong = client.post(asked["Location"], {"password": "wrong"})
    assert wrong.status_code == 200 and not alice.api_keys.exists()
    shown = client.post(asked["Location"], {"password": "correct horse battery"})
    assert shown.status_code == 200 and b"elk_" in shown.content
    assert alice.api_keys.get().name == "mine"
    again = client.post("/settings/keys/", {"name": "second", "scope": "read", "key": "form-2"})
    assert again.status_code == 200 and alice.api_keys.count() == 2, "it was shown a moment ago"


def test_a_data_folder_others_can_open_is_found(tmp_path: Path, settings: Any) -> None:
    settings.DATA_DIR = tmp_path
    tmp_path.chmod(0o750)
    holds, seen, fix = doctor.data_folder()
    assert not holds and "mode 750" in seen and "chmod 700" in fix
    tmp_path.chmod(0o700)
    assert doctor.data_folder()[0]
