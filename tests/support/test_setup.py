"""Console → Setup: each part's state and last test, the same checks as `elistit doctor`, and never a secret."""

from __future__ import annotations

import os
import smtplib
import subprocess
import sys
from pathlib import Path

import pytest
from django.core import mail as outbox
from django.core.cache import cache
from django.test import Client

from elistit import handover, ports
from elistit.accounts.models import User
from elistit.cli import doctor
from elistit.listings.etsy.sandbox import Sandbox
from elistit.support import mailbox
from elistit.support.models import OperatorAct, SetupCheck
from elistit.support.setup import installation, parts, services
from tests.providers_outside.loopback import Loopback, Reply, closed_port
from tests.support.test_entering import sign_up

pytestmark = pytest.mark.django_db
PAGE = "/console/setup/"
KEY = "setup-key-0123456789abcdef"
SECRETS = {
    "ELISTIT_GELATO_KEY": f"{KEY}-gelato",
    "ELISTIT_GELATO_PRODUCT_URL": closed_port(),
    "ELISTIT_SECRET_KEY": KEY * 3,
    "ELISTIT_EMAIL_URL": f"smtp://studio:{KEY}@127.0.0.1:{closed_port().rpartition(':')[2]}",
    "ELISTIT_ETSY_API_URL": closed_port(),
    "ELISTIT_ETSY_KEYSTRING": f"{KEY}-keystring",
    "ELISTIT_ETSY_SHARED_SECRET": f"{KEY}-etsy",
    "ELISTIT_OPENAI_API_URL": closed_port(),
    "ELISTIT_OPENAI_KEY": f"{KEY}-openai",
    "ELISTIT_LLM_URL": closed_port(),
    "ELISTIT_LLM_KEY": f"{KEY}-llm",
    "ELISTIT_LLM_MODEL": "small",
    "ELISTIT_STRIPE_API_URL": closed_port(),
    "ELISTIT_STRIPE_KEY": f"{KEY}-stripe",
    "ELISTIT_STRIPE_WEBHOOK_SECRET": f"whsec_{KEY}",
    "ELISTIT_GOOGLE_TOKEN_URL": closed_port(),
    "ELISTIT_GOOGLE_CLIENT_ID": "studio",
    "ELISTIT_GOOGLE_CLIENT_SECRET": f"{KEY}-google",
    "ELISTIT_OIDC_ISSUER": closed_port(),
    "ELISTIT_OIDC_CLIENT_ID": "studio",
    "ELISTIT_OIDC_CLIENT_SECRET": f"{KEY}-oidc",
}


@pytest.fixture(autouse=True)
def _nothing_is_configured(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [n for n in os.environ if n.startswith(("ELISTIT_", "AWS_")) and n != "ELISTIT_DATA"]:
        monkeypatch.delenv(name)


def shown(console: Client) -> str:
    answer = console.get(PAGE)
    assert answer.status_code == 200
    return answer.content.decode()


def press(console: Client, name: str) -> str:
    return console.post(f"{PAGE}{name}/test/", follow=True).content.decode()


def states() -> dict[str, str]:
    return {row.part.name: row.state.value for row in parts.rows()}


def test_what_is_missing_on_a_new_studio_is_named(console: Client) -> None:
    press(console, "payments")
    assert "<strong>Tested</strong>" in shown(console), "nothing was tested that is not there"
    SetupCheck.objects.all().delete()
    page = shown(console)
    assert "Not set up: " in page and page.count("Not tested yet.") == len(parts.PARTS)
    assert states() == {
        "secret": "ready", "mail": "missing", "etsy": "missing", "providers": "built_in", "words": "built_in",
        "storage": "built_in", "backups": "missing", "payments": "missing", "drive": "missing", "prints": "missing", "identity": "built_in",
    }  # fmt: skip
    assert PAGE in console.get("/console/").content.decode()


def test_what_is_set_up_is_said_and_no_secret_is_shown(
    console: Client, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    for name, value in SECRETS.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("ELISTIT_BACKUP_URL", (tmp_path / "backups").as_uri())
    assert set(states().values()) == {"ready", "built_in"} and states()["storage"] == "built_in"
    for part in parts.PARTS:
        page = press(console, part.name)
        assert KEY not in page
    assert "Everything is set up." in shown(console)
    assert KEY not in "".join(f"{row.seen}{row.fix}" for row in SetupCheck.objects.all())
    failed = set(SetupCheck.objects.filter(ok=False).values_list("name", flat=True))
    assert failed == {"mail", "etsy", "providers", "words", "payments", "drive", "prints", "identity", "backups"}, (
        "nobody answers there"
    )


def test_secrets_in_a_sentence_are_hidden(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in SECRETS.items():
        monkeypatch.setenv(name, value)
    for name in ("ELISTIT_OPENAI_KEY", "ELISTIT_EMAIL_URL", "ELISTIT_SECRET_KEY"):
        assert KEY not in parts.without_secrets(f"refused: {SECRETS[name]} is wrong")
    assert parts.without_secrets(f"user studio with {KEY}") == "user studio with (hidden)", "the password of an address"
    assert parts.without_secrets("all is well") == "all is well"


def test_the_last_result_replaces_the_one_before(console: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    class Etsy(Loopback):
        reply = Reply(403, {"error": "no"})

        def handle(self, method: str, path: str, body: object) -> Reply:
            return self.reply

    with Etsy() as etsy:
        monkeypatch.setenv("ELISTIT_ETSY_API_URL", etsy.url)
        monkeypatch.setenv("ELISTIT_ETSY_KEYSTRING", "keystring")
        monkeypatch.setenv("ELISTIT_ETSY_SHARED_SECRET", KEY)
        page = press(console, "etsy")
        assert "the test failed" in page and "Etsy does not know this app" in page
        etsy.reply = Reply(200, {"application_id": 7})
        page = press(console, "etsy")
    assert "Test passed" in page and "Etsy knows this app" in page and "does not know" not in page
    assert SetupCheck.objects.count() == 1


def test_the_practice_shop_is_tested_where_there_is_no_app(console: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    with Sandbox() as sandbox:
        monkeypatch.setattr(handover, "read", lambda name: sandbox.url if name == handover.PRACTICE_SHOP else "")
        assert states()["etsy"] == "built_in" and "Practice shop: nothing reaches Etsy" in shown(console)
        assert "he practice shop answers" in press(console, "etsy")
    assert "Etsy does not answer" in press(console, "etsy"), "a shop that stopped is noticed"


def test_the_test_of_mail_sends_one_message_to_the_operator(
    console: Client, olga: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ELISTIT_EMAIL_URL", "memory:")
    outbox.outbox = []
    assert "a test message was sent to olga@example.com" in press(console, "mail")
    assert [message.to for message in outbox.outbox] == [["olga@example.com"]]

    def refuse(to: str) -> None:
        raise smtplib.SMTPSenderRefused(550, b"no", "studio@here")

    monkeypatch.setattr(mailbox, "send_test", refuse)
    assert "refused the test message: SMTPSenderRefused" in press(console, "mail")


def test_a_test_that_breaks_says_so_without_the_fault_s_own_words(
    console: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken() -> services.Finding:
        raise RuntimeError(f"postgresql://user:{KEY}@host refused")

    monkeypatch.setitem(parts.CHECKS, "storage", broken)
    page = press(console, "storage")
    assert "The test itself failed: RuntimeError" in page and KEY not in page


def test_a_short_secret_key_is_found(console: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ELISTIT_SECRET_KEY", "k" * 49)
    assert "it has only 49 characters" in press(console, "secret")
    monkeypatch.setenv("ELISTIT_SECRET_KEY", "k" * 50)
    assert installation.secret() == (True, "from ELISTIT_SECRET_KEY; long enough", "")


def test_page_and_doctor_share_one_list_of_checks() -> None:
    assert {part.check for part in parts.PARTS} == set(doctor.shared_checks())
    assert all(doctor.shared_checks()[name] is check for name, check in parts.CHECKS.items())


def test_doctor_does_not_ask_services_while_the_settings_are_wrong(tmp_path: Path) -> None:
    environment = {**os.environ, "ELISTIT_DATA": str(tmp_path), "ELISTIT_SIGNUP": "perhaps"}
    done = subprocess.run(
        [sys.executable, "-m", "elistit.cli", "doctor"], env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 1 and "WRONG  configuration" in done.stdout and "payments" not in done.stdout
    assert "Traceback" not in done.stderr


def test_a_test_is_no_act_on_anybody_and_unknown_parts_are_not_there(console: Client) -> None:
    press(console, "storage")
    assert not OperatorAct.objects.exists()
    assert console.post(f"{PAGE}nothing/test/").status_code == 404
    assert console.get(f"{PAGE}storage/test/").status_code == 405


def test_the_first_person_lands_on_the_page_after_signing_up_and_the_second_does_not(
    client: Client, db: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ELISTIT_EMAIL_URL", "memory:")
    monkeypatch.setenv("ELISTIT_SIGNUP", "open")
    outbox.outbox = []
    cache.clear()
    assert sign_up(client, "first@example.com")["Location"] == PAGE  # type: ignore[index]
    assert "the studio operator" in shown(client)
    second = Client()
    assert sign_up(second, "second@example.com")["Location"] == "/"  # type: ignore[index]
    assert second.get(PAGE).status_code == 404


def test_an_operator_without_projects_is_shown_the_way(console: Client, page: Client) -> None:
    assert PAGE in console.get("/").content.decode()
    assert PAGE not in page.get("/").content.decode()


def test_results_are_dated(console: Client) -> None:
    press(console, "storage")
    assert (ports.now() - SetupCheck.objects.get().at).total_seconds() < 60
