"""What `elistit up` hands to the process it becomes: everything it prepared, and no secret where others can read it."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from elistit.cli.supervise import Order
from elistit.cli.supervisor import Child

SECRET = "http://127.0.0.1:1/enter/one-time-secret"


def order(**changed: object) -> Order:
    given: dict[str, object] = {
        "children": [Child("The web server", ["web", "--port", "1"], essential=True), Child("The shop", ["x"], last=True)],
        "environment": {"ELISTIT_BASE_URL": "http://127.0.0.1:1"}, "host": "127.0.0.1", "port": 1,
        "base": "http://127.0.0.1:1", "link": ("ann@shop.example", SECRET), "practice_shop": "", "as_json": False,
    }  # fmt: skip
    return Order(**{**given, **changed})  # type: ignore[arg-type]


def test_an_order_is_read_as_it_was_written() -> None:
    for one in (order(), order(link=None, as_json=True, practice_shop="http://127.0.0.1:2")):
        assert Order.read(one.written().decode()) == one


PROGRAM = """
import os, sys
from pathlib import Path
from elistit.cli import supervise
from tests.cli.test_supervise import order
print(os.getpid(), flush=True)
real = os.execv
def noted(program, arguments):
    # The new program says what it was started with, instead of starting processes.
    show = "import os, sys; print(os.getpid(), sys.argv[1:]); print(open(int(sys.argv[-1])).read())"
    real(program, [program, "-c", show, *arguments[1:]])
os.execv = noted
supervise.become(order())
"""


def test_it_stays_the_same_process_and_the_sign_in_link_is_in_no_command_line_and_no_environment() -> None:
    root = Path(__file__).resolve().parents[2]
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM], capture_output=True, text=True, timeout=60, check=True, cwd=root,
        env={**os.environ, "PYTHONPATH": f"{root}:{os.environ.get('PYTHONPATH', '')}"},
    )  # fmt: skip
    before, started, handed = done.stdout.splitlines()
    assert started.split()[0] == before
    assert "elistit.cli.supervise" in started and SECRET not in started
    assert Order.read(handed) == order()
