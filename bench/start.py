"""How soon an installation answers, and what it costs at rest: `python bench/start.py [--rest 60] [--times 3] [--markdown]`.

Starts `elistit up` on an empty folder and again on the same one, each time until its first page answers, then leaves it alone and
adds up what its processes hold and do. Memory is proportional: what processes share is counted once (`Pss` of the kernel).
"""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))
from lib import report

COMMAND = [sys.executable, "-m", "elistit.cli"]
PATIENCE = 120.0
TICKS = os.sysconf("SC_CLK_TCK")


def help_seconds() -> float:
    began = time.perf_counter()
    subprocess.run([*COMMAND, "--help"], check=True, stdout=subprocess.DEVNULL)
    return time.perf_counter() - began


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@contextlib.contextmanager
def running(folder: Path) -> Iterator[tuple[int, float]]:
    """`elistit up` on a folder: its process and the seconds to its first page. Stopped at the end."""
    port = free_port()
    kept = {k: v for k, v in os.environ.items() if not k.startswith("ELISTIT_") and k != "DATABASE_URL"}
    began = time.perf_counter()
    up = subprocess.Popen(
        [*COMMAND, "up", "--port", str(port)],
        env={**kept, "ELISTIT_DATA": str(folder)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        while True:
            with contextlib.suppress(urllib.error.URLError, ConnectionError):
                urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=30).close()
                break
            if up.poll() is not None or time.perf_counter() - began > PATIENCE:
                raise SystemExit("the studio did not start")
            time.sleep(0.01)
        yield up.pid, time.perf_counter() - began
    finally:
        up.send_signal(signal.SIGTERM)
        up.wait(60)


def processes(root: int) -> dict[int, str]:
    """A process and all its descendants, each with what it is."""
    parents = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            with contextlib.suppress(OSError):
                parents[int(entry.name)] = int((entry / "stat").read_text().rpartition(")")[2].split()[1])
    found, grew = {root}, True
    while grew:
        children = {pid for pid, parent in parents.items() if parent in found} - found
        found |= children
        grew = bool(children)
    return {pid: _what(Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode()) for pid in found}


def _what(command: str) -> str:
    names = {"supervise": "supervisor", " web ": "web", " worker": "worker", "sandbox etsy": "practice shop"}
    return next((name for words, name in names.items() if words in command), "other")


def megabytes(pid: int) -> float:
    lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    return sum(int(line.split()[1]) for line in lines if line.startswith("Pss:")) / 1024


def worked(pids: dict[int, str]) -> tuple[float, int]:
    """Seconds of processor time and bytes sent to disk so far, together."""
    seconds, written = 0.0, 0
    for pid in pids:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        seconds += (int(fields[11]) + int(fields[12])) / TICKS
        lines = Path(f"/proc/{pid}/io").read_text().splitlines()
        written += next(int(line.split()[1]) for line in lines if line.startswith("write_bytes"))
    return seconds, written


def at_rest(root: int, rest: float) -> tuple[dict[str, float], float, float]:
    """Megabytes by process, percent of a core, and kilobytes written a minute, of a studio nobody asks for anything."""
    # The worker loads, then looks at everything once.
    time.sleep(30)
    pids = processes(root)
    cpu, written = worked(pids)
    time.sleep(rest)
    cpu_then, written_then = worked(pids)
    memory: dict[str, float] = {}
    for pid, what in pids.items():
        memory[what] = memory.get(what, 0.0) + megabytes(pid)
    return memory, 100 * (cpu_then - cpu) / rest, (written_then - written) / 1024 * 60 / rest


def main() -> None:
    ask = report.parser(__doc__)
    ask.add_argument("--rest", type=float, default=60.0, help="seconds it is left alone")
    ask.add_argument("--times", type=int, default=3, help="how often each start is timed")
    asked = ask.parse_args()
    firsts, agains = [], []
    with tempfile.TemporaryDirectory(prefix="elistit-bench-") as name:
        for n in range(asked.times):
            folder = Path(name, str(n))
            with running(folder) as (_, seconds):
                firsts.append(seconds)
            with running(folder) as (_, seconds):
                agains.append(seconds)
            report.say(f"empty {firsts[-1]:.1f} s, set up {agains[-1]:.1f} s")
        load = os.getloadavg()[0]
        with running(Path(name, "0")) as (root, _):
            memory, cpu, written = at_rest(root, asked.rest)
    helps = [help_seconds() for _ in range(5)]
    rows = [
        ["`elistit --help`", f"{statistics.median(helps):.2f} s", f"{min(helps):.2f} to {max(helps):.2f} s"],
        ["`elistit up`, empty folder, to its first page", f"{statistics.median(firsts):.1f} s", _spread(firsts)],
        ["`elistit up`, set up already, to its first page", f"{statistics.median(agains):.1f} s", _spread(agains)],
    ]
    parts = ", ".join(f"{what} {mb:.0f}" for what, mb in sorted(memory.items(), key=lambda pair: -pair[1]))
    report.section(
        "Start and rest",
        f"`python bench/start.py --rest {asked.rest:g} --times {asked.times}`, load {load:.1f} before it was left alone. Medians.",
        report.table(["", "median", "spread"], rows),
        f"At rest, all processes together: **{sum(memory.values()):.0f} MB** ({parts}), {cpu:.1f} % of a core, "
        f"{written:.0f} kB written a minute. The engine comes with the first launch (about 25 MB in the web process).",
    )


def _spread(values: list[float]) -> str:
    return f"{min(values):.1f} to {max(values):.1f} s"


if __name__ == "__main__":
    main()
