"""What each process of an installation loads at its start: never more than the work it does then.

Every module here costs each process its time to load and its memory for as long as it runs. What a process loads when it is
asked for the first drawing is not measured here.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys

import pytest

from tests.cli.test_processes import free_port
from tests.installations import with_tables

IMAGES = (
    "numpy", "cv2", "pyvips", "PIL", "shapely", "ezdxf", "reportlab", "pikepdf", "pypdfium2", "fontTools", "resvg_py", "ncnn",
    "vtracer", "elistit_artist",
)  # fmt: skip
SERVICES = ("stripe", "boto3", "authlib", "mcp")
ENGINE = ("dbos", "sqlalchemy")
FRAMEWORK = ("django", "pydantic", "psycopg", "structlog", "rich")
PAGES = ("ninja", "elistit.urls", "elistit.studio.urls", "granian")

LOADS = {
    # What `elistit up`, every command and the process above the web server do first.
    "command": ("from elistit.cli import preflight; preflight.ready(thorough=True)", (*IMAGES, *SERVICES, *ENGINE, *PAGES)),
    "supervisor": (
        "from elistit.cli import preflight, serve, supervisor; preflight.ready(thorough=True);"
        "serve.sign_in_link('http://127.0.0.1'); serve._close_connections()",
        (*IMAGES, *SERVICES, *ENGINE, *PAGES),
    ),
    # What `up` becomes when everything is prepared, and the web server above the process that answers.
    "watching": (
        "from elistit.cli import supervise; from elistit.cli.supervisor import Supervisor",
        (*IMAGES, *SERVICES, *ENGINE, *PAGES, *FRAMEWORK),
    ),
    "web server": (
        "from elistit.cli import serve; serve.tie_to_parent(); from granian import Granian",
        (*IMAGES, *SERVICES, *ENGINE, "ninja", "elistit.urls", "elistit.studio.urls", *FRAMEWORK),
    ),
    "practice shop": (
        "from elistit.cli import operations; from elistit.listings.etsy.sandbox import Sandbox",
        (*IMAGES, *SERVICES, *ENGINE, *PAGES, *FRAMEWORK),
    ),
    # Its first page: every address is known. The engine comes with the first launch.
    "web": (
        "import elistit.asgi; from django.test import Client;"
        "assert Client().get('/enter/', headers={'host': '127.0.0.1'}).status_code == 200",
        (*IMAGES, *SERVICES, *ENGINE),
    ),
    "worker": (
        "from elistit.cli import preflight; preflight.load();"
        "from elistit.api.webhooks import delivering; from elistit.maintenance.service import WorkerMaintenance;"
        "from elistit.runtime import worker",
        (*IMAGES, *SERVICES, *PAGES),
    ),
}  # fmt: skip


@pytest.fixture(scope="module")
def installation(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """The environment of an installation that has been started before."""
    kept = {k: v for k, v in os.environ.items() if not k.startswith("ELISTIT_") and k != "DATABASE_URL"}
    folder = with_tables(tmp_path_factory.mktemp("installation") / "data")
    return {**kept, "ELISTIT_DATA": str(folder), "DJANGO_SETTINGS_MODULE": "elistit.settings"}


def _python(program: str, environment: dict[str, str]) -> str:
    done = subprocess.run([sys.executable, "-c", program], env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.mark.parametrize("process", LOADS)
def test_a_process_loads_only_what_its_start_needs(process: str, installation: dict[str, str]) -> None:
    program, never = LOADS[process]
    answer = _python(f"import json, sys; {program}; print(json.dumps(sorted(sys.modules)))", installation)
    loaded = set(json.loads(answer.splitlines()[-1]))
    assert "elistit" in loaded and ("django" in loaded) is ("django" not in never), "nothing was started"
    assert not loaded & set(never), process


def test_a_web_process_keeps_its_connection_from_page_to_page(installation: dict[str, str]) -> None:
    program = (
        "import elistit.asgi, gc, sqlite3, io, sys; from django.db.backends.sqlite3 import base; opened = []\n"
        "connect = base.Database.connect\n"
        "base.Database.connect = lambda **named: (opened.append(named['database']), connect(**named))[1]\n"
        "def ask():\n"
        "    asked = {'REQUEST_METHOD': 'GET', 'PATH_INFO': '/enter/', 'QUERY_STRING': '', 'SERVER_NAME': '127.0.0.1',\n"
        "             'SERVER_PORT': '80', 'HTTP_COOKIE': 'sessionid=' + 'a' * 32, 'wsgi.input': io.BytesIO(), 'wsgi.url_scheme': 'http'}\n"
        "    answer = elistit.asgi.pages(asked, lambda status, headers: print(status))\n"
        "    b''.join(answer); answer.close()\n"
        "ask(); ask(); print(len(opened), gc.get_freeze_count() > 10_000)\n"
        "from django.db import connection; print(connection.cursor().execute('PRAGMA cache_size').fetchone())"
    )
    assert _python(program, installation).splitlines() == ["200 OK", "200 OK", "1 True", "(-2000,)"]


@pytest.mark.parametrize(
    ("options", "setting", "answering"), [([], "", 1), ([], "3", 3), (["--processes", "2"], "3", 2)]
)
def test_as_many_processes_answer_as_are_asked_for(
    options: list[str], setting: str, answering: int, installation: dict[str, str]
) -> None:
    program = (
        "import sys, granian; granian.Granian.serve = lambda self: print('answering:', self.workers)\n"
        f"from elistit.cli import main; sys.argv = ['elistit', 'web', '--port', '{free_port()}', *{options}]; main()"
    )
    shown = _python(program, {**installation, **({"ELISTIT_WEB_PROCESSES": setting} if setting else {})})
    assert f"answering: {answering}" in shown.splitlines()
