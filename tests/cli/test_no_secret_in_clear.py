"""A full run writes many things: a database, files, archives, mail, logs, pages, answers. No secret is in any of them.

The run is a real `elistit up` with every service's key set, a shop and a Drive connected, a language model that writes, a mail
server and a Stripe that are not there: one project that goes through to its draft and its copy, and one that the provider
refuses. Then everything is searched, raw bytes and inside archives.
"""

from __future__ import annotations

import base64
import contextlib
import io
import json
import os
import secrets
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from elistit import config
from elistit.listings.etsy.sandbox import Sandbox
from tests.cli.conftest import clean_environment
from tests.cli.test_processes import answers, free_port, until
from tests.delivery.drive_server import CLIENT_ID, FakeGoogle
from tests.installations import with_tables
from tests.providers_outside.asking import picture
from tests.providers_outside.fakes import FakeImages
from tests.providers_outside.loopback import Reply
from tests.providers_outside.test_chat import FakeChat, said

pytestmark = pytest.mark.processes

# Every name whose value is a secret is set to a marker of its own. Left out: the keystring, which Etsy's consent page shows
# to everybody. The mail server's address has its marker as the password in it.
SECRET_NAMES = sorted({name.name for name in config.settings() if name.secret} - {"ELISTIT_ETSY_KEYSTRING"})
CONNECT = """
import json, os, django; django.setup()
from elistit.accounts.models import User
from elistit.delivery.google_drive import connect as drive
from elistit.listings.etsy.connect import connect_sandbox
alice = User.objects.get(email="alice@example.com")
connect_sandbox(alice, os.environ["SANDBOX"])
started = drive.begin("http://127.0.0.1/integrations/drive/back/")
print(started.url, flush=True)
drive.connect(alice, started, **json.loads(input()))
"""


class Painter(FakeImages):
    """Answers every request with a picture of the size asked for."""

    def handle(self, method: str, path: str, body: Any) -> Reply:
        if isinstance(body, dict) and "x" in str(body.get("size")):
            self.image = picture(*map(int, body["size"].split("x")))
        return super().handle(method, path, body)


class Writing(FakeChat):
    """A language model that answers a brief for one picture, and a listing."""

    def handle(self, method: str, path: str, body: Any) -> Reply:
        if method != "POST":
            return super().handle(method, path, body)
        fields = body["response_format"]["json_schema"]["schema"]["required"]
        items = [{"subject": "fox", "prompt": "A fox in the snow"}]
        brief = {"title": "Snow fox", "theme": "winter", "items": items}
        tags = [f"snow fox {letter}" for letter in "abcdefghijklm"]
        text = {"title": "Snow Fox Greeting Card", "tags": tags, "opening": "A fox in the snow."}
        return Reply(200, said(text if "opening" in fields else brief))


class Run:
    """One installation while it runs, and everything it has written and said."""

    def __init__(self, folder: Path, environment: dict[str, str], port: int) -> None:
        self.data, self.environment = folder / "data", environment
        self.url = f"http://127.0.0.1:{port}"
        self.said: list[str] = []

    def cli(self, *arguments: str) -> Any:
        done = subprocess.run(
            [sys.executable, "-m", "elistit.cli", *arguments, "--json"],
            env=self.environment, capture_output=True, text=True, timeout=60, check=False,
        )  # fmt: skip
        self.said.append(done.stdout + done.stderr)
        return json.loads(done.stdout) if done.stdout.strip().startswith(("{", "[")) else None

    def get(self, opener: urllib.request.OpenerDirector, path: str) -> bytes:
        return self._ask(opener, urllib.request.Request(self.url + path))

    def post(self, opener: urllib.request.OpenerDirector, path: str, body: bytes, headers: dict[str, str]) -> bytes:
        return self._ask(opener, urllib.request.Request(self.url + path, body, headers, method="POST"))

    def _ask(self, opener: urllib.request.OpenerDirector, request: urllib.request.Request) -> bytes:
        """A page, or the page that says what went wrong."""
        try:
            page = opener.open(request, timeout=60)
        except urllib.error.HTTPError as refused:
            page = refused
        with page:
            body = page.read()
        self.said.append(f"{page.status} {page.headers}\n{body.decode('utf-8', 'replace')}")
        return bytes(body)


def stage_of(run: Run, project: str) -> str:
    return str((run.cli("status", project) or {}).get("stage", ""))


@pytest.fixture(scope="module")
def ran(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Run, dict[str, str], Path]]:
    folder = tmp_path_factory.mktemp("secrets")
    hidden = {name: f"MARK{secrets.token_hex(24)}" for name in SECRET_NAMES}
    images, words, google = Painter(), Writing(), FakeGoogle(hidden["ELISTIT_GOOGLE_CLIENT_SECRET"])
    port, log = free_port(), folder / "log.txt"
    with Sandbox(keystring="keystring", secret=hidden["ELISTIT_ETSY_SHARED_SECRET"]) as sandbox, log.open("wb") as out:
        nobody = f"127.0.0.1:{free_port()}"
        # These have a form that is checked at the start; their markers are the password and the header's value.
        addresses = {
            "ELISTIT_EMAIL_URL": f"smtp://studio:{hidden['ELISTIT_EMAIL_URL']}@{nobody}",
            "ELISTIT_OTLP_HEADERS": f"authorization=Bearer {hidden['ELISTIT_OTLP_HEADERS']}",
        }
        environment = clean_environment(
            ELISTIT_DATA=str(with_tables(folder / "data")), ELISTIT_LOG="DEBUG", ELISTIT_LOG_FORMAT="json", ELISTIT_CLOCK_SPEED="30",
            ELISTIT_BASE_URL=f"http://127.0.0.1:{port}", ELISTIT_OPENAI_API_URL=images.url,
            ELISTIT_ETSY_API_URL=sandbox.url, ELISTIT_ETSY_AUTH_URL=sandbox.url, ELISTIT_ETSY_TOKEN_URL=sandbox.url,
            ELISTIT_ETSY_KEYSTRING="keystring", SANDBOX=sandbox.url, DJANGO_SETTINGS_MODULE="elistit.settings",
            ELISTIT_LLM_URL=words.url, ELISTIT_LLM_MODEL="small-model", ELISTIT_STRIPE_API_URL=f"http://{nobody}",
            ELISTIT_GOOGLE_API_URL=google.url, ELISTIT_GOOGLE_AUTH_URL=f"{google.url}/auth",
            ELISTIT_GOOGLE_TOKEN_URL=f"{google.url}/token", ELISTIT_GOOGLE_CLIENT_ID=CLIENT_ID,
            ELISTIT_OIDC_ISSUER=f"http://{nobody}", ELISTIT_OIDC_CLIENT_ID="studio", ELISTIT_OTLP_URL=f"http://{nobody}",
            ELISTIT_GELATO_ORDER_URL=f"http://{nobody}", **{**hidden, **addresses},
        )  # fmt: skip
        run = Run(folder, environment, port)
        up = subprocess.Popen(
            [sys.executable, "-m", "elistit.cli", "up", "--port", str(port)], env=environment, stdout=out, stderr=out,
            start_new_session=True,
        )  # fmt: skip
        try:
            assert until(lambda: answers(port), 60), log.read_text()
            person = run.cli("users", "add", "alice@example.com", "--credits", "60")
            link = run.cli("users", "link", "alice@example.com")["url"]
            run.said.clear()  # A new key and a link are shown once, to whom they belong; from here on never again.
            _connect(environment, google)
            tokens = [*sandbox.world.access, *sandbox.world.refresh]
            assert tokens and google.access
            good = _launch(run)
            assert until(lambda: stage_of(run, good) in ("completed", "failed"), 150)
            images.answer = Reply(401, {"error": {"message": f"Incorrect API key: {hidden['ELISTIT_OPENAI_KEY']}"}})
            bad = _launch(run)
            assert until(lambda: stage_of(run, bad) == "failed", 90)
            assert stage_of(run, good) == "completed", json.dumps(run.cli("status", good))[-1500:]
            assert until(lambda: "delivery.zip" in " ".join(google.tree()), 60), "the copy on the Drive was made"
            _look_at_everything(run, link, person["api_key"], (good, bad))
            assert words.asked, "the language model was asked"
            time.sleep(1.0)
        finally:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(up.pid, signal.SIGTERM)
            up.wait(120)
            for server in (images, words, google):
                server.stop()
        found = {**hidden, "the API key": person["api_key"], "the sign-in link": link.rsplit("/", 1)[1]}
        found |= {f"Etsy token {number}": token for number, token in enumerate(tokens)}
        # An upload's address lets anybody write that file; its name there is what makes it one.
        found |= {f"Google's {number}": secret for number, secret in enumerate(google.secrets)}
        yield run, found, log


def _connect(environment: dict[str, str], google: FakeGoogle) -> None:
    """Connect a shop and a Drive in a process of its own; the consent page of Google is answered from here."""
    with subprocess.Popen(
        [sys.executable, "-c", CONNECT], env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as connecting:
        assert connecting.stdout is not None
        back = google.consent(connecting.stdout.readline().strip())
        connecting.communicate(json.dumps(back) + "\n", timeout=60)
    assert connecting.returncode == 0


def _launch(run: Run) -> str:
    launched = run.cli(
        "launch", "--product", "greeting_card", "--model", "openai/gpt-image", "--idea", "a fox in the snow",
        "--user", "alice@example.com",
    )  # fmt: skip
    assert launched, run.said[-1]
    return str(launched["public_id"])


def _look_at_everything(run: Run, link: str, api_key: str, projects: tuple[str, str]) -> None:
    """Ask every page and answer a seller and an operator would, so that what they show is searched too."""
    import http.cookiejar

    jar = http.cookiejar.CookieJar()
    browser = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(jar))
    browser.open(link, timeout=60).read()
    paths = ["/", "/new/", "/prices/", "/help/credits/", "/not/there/"]
    paths += [f"/settings/{name}/" for name in ("billing", "plans", "integrations", "notifications", "keys")]
    for project in projects:
        paths += [f"/projects/{project}/{tab}" for tab in ("", "downloads/", "listing/", "activity/", "live/")]
    for path in (*paths, "/metrics", "/healthz", "/readyz"):
        run.get(browser, path)
    # What is refused, and what a service that is not there makes of a page.
    run.post(
        browser, "/hooks/stripe/", b"{}", {"stripe-signature": "t=1,v1=forged", "content-type": "application/json"}
    )
    run.post(browser, "/settings/plans/buy/", b"kind=top_up&code=pack-100&form_key=f", {})
    token = next(c.value for c in jar if c.name == "csrftoken")
    form = f"csrfmiddlewaretoken={token}&kind=top_up&code=pack-100&form_key=f".encode()
    run.post(browser, "/settings/plans/buy/", form, {"referer": run.url + "/settings/plans/"})
    run.get(browser, "/settings/plans/")
    program = urllib.request.build_opener()
    program.addheaders = [("Authorization", f"Bearer {api_key}")]
    for path in (
        "projects",
        "credits",
        "credits/transactions",
        "models",
        "openapi.json",
        f"projects/{projects[0]}/files",
    ):
        run.get(program, f"/api/v1/{path}")
    for command in (
        ("config",),
        ("doctor",),
        ("audit",),
        ("users", "list"),
        ("credits", "history", "--user", "alice@example.com"),
    ):
        run.cli(*command)


def everything_written(folder: Path) -> Iterator[tuple[str, bytes]]:
    """Every file's bytes, and the bytes of every file inside an archive."""
    for path in sorted(folder.rglob("*")):
        if path.is_file() and not path.is_symlink():
            body = path.read_bytes()
            yield str(path.relative_to(folder)), body
            if zipfile.is_zipfile(io.BytesIO(body)):
                with zipfile.ZipFile(io.BytesIO(body)) as archive:
                    for name in archive.namelist():
                        yield f"{path.name}!{name}", archive.read(name)


def forms(secret: str) -> list[bytes]:
    """A secret as it is, and as it would stand in a header, a form or another encoding."""
    raw = secret.encode()
    return [raw, base64.b64encode(raw).rstrip(b"=")[:-2], raw.hex().encode(), json.dumps(secret)[1:-1].encode()]


def test_no_secret_is_in_anything_a_full_run_writes(ran: tuple[Run, dict[str, str], Path]) -> None:
    run, hidden, _ = ran
    written = list(everything_written(run.data))
    assert any(name.endswith(".sqlite3") for name, _ in written)
    assert any(".zip!" in name for name, _ in written)
    found = [
        (what, where)
        for what, secret in hidden.items()
        for where, body in written
        if any(form in body for form in forms(secret))
    ]
    assert found == []


def test_no_secret_is_in_logs_pages_or_answers(ran: tuple[Run, dict[str, str], Path]) -> None:
    run, hidden, log = ran
    heard = {"the log": log.read_bytes()} | {f"answer {n}": text.encode() for n, text in enumerate(run.said)}
    assert len(heard) > 30
    assert len(heard["the log"]) > 1000
    statuses = {text[:3] for text in run.said}
    assert {"200", "400", "403", "404"} <= statuses, "pages that refuse were among them"
    assert any("Stripe didn't answer" in text for text in run.said)
    found = [
        (what, where)
        for what, secret in hidden.items()
        for where, body in heard.items()
        if any(f in body for f in forms(secret))
    ]
    assert found == []


def test_the_search_finds_a_secret_that_is_there(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.writestr("note.txt", "token MARKabc")
    (tmp_path / "b.json").write_text(json.dumps({"key": base64.b64encode(b"xMARKabcdef").decode()}))
    assert "a.zip!note.txt" in [name for name, body in everything_written(tmp_path) if b"MARKabc" in body]
    assert any(form in base64.b64encode(b"MARKabcdef") for form in forms("MARKabcdef"))
