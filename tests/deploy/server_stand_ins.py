"""Stand-ins for programs of a server that a test can't run, in the test of the production guide: one program under several names.

`tests/deploy/test_guide.py` puts each name on the PATH of the guide's commands; docs/operations/production.md says under "What is
tested" what each leaves out. It must never succeed for a command line it doesn't know: the guide could then be wrong unnoticed.
"""

from __future__ import annotations

import configparser
import os
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

NAMES = ("adduser", "apt-get", "chown", "nginx", "runuser", "systemctl")
ROOT = Path(os.environ.get("GUIDE_ROOT", "/nowhere"))
"""The folder that is the server's `/`."""


def refuse(*words: object) -> int:
    print("no stand-in for:", *words, file=sys.stderr)
    return 64


def apt_get(*given: str) -> int:
    """Asks the real apt whether it could install these packages, where it knows Debian's packages; installs nothing."""
    if given == ("update",):
        return 0
    if given[:2] != ("install", "-y"):
        return refuse("apt-get", *given)
    real = "/usr/bin/apt-get"
    if not (Path(real).exists() and any(Path("/var/lib/apt/lists").glob("*_Packages*"))):
        print("NOT CHECKED: the guide's packages; Debian's package lists aren't here")
        return 0
    return subprocess.run([real, "--simulate", *given], stdout=subprocess.DEVNULL, check=False).returncode


def adduser(*given: str) -> int:
    """Adds no account; knows only the one the units name."""
    return 0 if given[-1:] == ("elistit",) and "--system" in given and "--group" in given else refuse("adduser", *given)


def chown(*given: str) -> int:
    """Changes no owner; the files must be there."""
    owner, *files = given
    return 0 if owner == "elistit:elistit" and all(Path(f).exists() for f in files) else refuse("chown", *given)


def runuser(*given: str) -> int:
    """Runs the command as this account. The account postgres finds the server that its socket's folder is of."""
    if len(given) < 4 or given[0] != "-u" or given[1] not in ("elistit", "postgres") or given[2] != "--":
        return refuse("runuser", *given)
    more = {}
    if given[1] == "postgres":
        more = {"PGHOST": os.environ["GUIDE_SOCKET"], "PGUSER": "postgres"}
    return subprocess.run(given[3:], env={**os.environ, **more}, check=False).returncode


def nginx(*given: str) -> int:
    """Debian's nginx with a main configuration that includes the guide's, and nothing of this machine's."""
    return subprocess.run([*nginx_command(), *given], check=False).returncode


def nginx_command() -> list[str]:
    # The one of a package that was only unpacked needs its folders named; it writes nowhere else.
    return [os.environ["GUIDE_NGINX"], "-p", str(ROOT / "nginx"), "-c", str(ROOT / "nginx/nginx.conf")]


def systemctl(*given: str) -> int:
    """Starts what a unit says, once, and notes its process in `processes`. There is no restart and no sandbox."""
    if given == ("daemon-reload",):
        return verify(sorted((ROOT / "etc/systemd/system").glob("*.service")))
    if given == ("reload", "nginx"):
        start("nginx", [*nginx_command(), "-g", "daemon off;"], dict(os.environ), ROOT)
        return 0
    if given[:2] != ("enable", "--now"):
        return refuse("systemctl", *given)
    for name in given[2:]:
        unit = configparser.ConfigParser(interpolation=None, strict=True)
        # Names keep their capital letters.
        unit.optionxform = str
        unit.read_string((ROOT / f"etc/systemd/system/{name}.service").read_text())
        service = unit["Service"]
        environment = {"PATH": os.environ["PATH"], "HOME": str(ROOT / "var/lib/elistit")}
        for line in Path(service["EnvironmentFile"]).read_text().splitlines():
            key, _, value = line.partition("=")
            environment[key] = value
        start(name, shlex.split(service["ExecStart"]), environment, Path(service["WorkingDirectory"]))
    return 0


def verify(units: list[Path]) -> int:
    """systemd's own judgment of the units. It reports an unknown word in one and still exits with 0."""
    if not shutil.which("systemd-analyze"):
        print("NOT CHECKED: the guide's units; systemd-analyze isn't here")
        return 0
    found = subprocess.run(
        ["systemd-analyze", "verify", "--man=no", *map(str, units)], capture_output=True, text=True, check=False
    )
    # What is said of the machine's own units isn't about the guide's.
    about = [line for line in found.stderr.splitlines() if "elistit" in line]
    print("\n".join(about), file=sys.stderr)
    return 1 if about else 0


def start(name: str, command: list[str], environment: dict[str, str], folder: Path) -> None:
    with (ROOT / "logs" / f"{name}.txt").open("ab") as log:
        process = subprocess.Popen(
            command,
            env=environment,
            cwd=folder,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
    with (ROOT / "processes").open("a") as processes:
        processes.write(f"{process.pid}\n")


if __name__ == "__main__":
    stand_in, *rest = sys.argv[1:]
    if stand_in not in NAMES:
        sys.exit(refuse(stand_in, *rest))
    sys.exit(globals()[stand_in.replace("-", "_")](*rest))
