"""`doctor`: looks at everything this installation needs and says, for each, what is wrong and how to fix it.

It only looks. The data folder is not made, no table is made, and of a service outside that is configured it asks one question
that changes nothing there (`support.setup`).
"""

from __future__ import annotations

import importlib
import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from elistit import ports
from elistit.cli import preflight
from elistit.cli.errors import DONE, FAILED
from elistit.cli.frame import answer_json, with_json

FREE_MIN_BYTES = 2_000_000_000
CERTIFICATE_DAYS_LEFT = 14

# What a check answers: (holds, what was seen, how to fix it when it does not hold).
Finding = tuple[bool, str, str]


def configuration() -> Finding:
    """The environment can be read and makes sense."""
    from elistit.cli import environment

    wrong = environment.problems()
    if not wrong:
        import django

        django.setup()
        wrong = [p for p in [environment.faults_problem()] if p]
    if wrong:
        return (
            False,
            " ".join(p.words for p in wrong),
            "Correct these names in the environment; docs/operations/configuration.md lists them all.",
        )
    return True, "every name that is set can be read", ""


def data_folder() -> Finding:
    """The data folder can be written and has room for a large bundle."""
    folder = preflight.data_dir()
    if words := preflight.folder_problem(folder):
        return False, words, "Correct the folder's rights or ELISTIT_DATA."
    place = folder
    while not place.exists():
        place = place.parent
    free = shutil.disk_usage(place).free
    if free < FREE_MIN_BYTES:
        return (
            False,
            f"only {free / 1e9:.1f} GB are free at {place}",
            "Free some space: a bundle of 100 images needs about 2 GB while it is made.",
        )
    if folder.exists() and (mode := folder.stat().st_mode & 0o777) & 0o077:
        return False, f"{folder} can be opened by other accounts (mode {mode:o})", f"Run: chmod 700 {folder}"
    state = "is there" if folder.exists() else "will be made at the first start"
    return True, f"{folder} {state}; {free / 1e9:.0f} GB free", ""


def database() -> Finding:
    """The database opens, is whole, and has the tables of this version."""
    if words := preflight.database_problem(thorough=True):
        return False, words, "See the message above; nothing starts until the database is available."
    file = preflight.sqlite_file()
    if file is not None and not file.exists():
        return True, f"{file} will be made at the first start", ""
    if preflight.tables_missing():
        return True, "opens; its tables will be brought up to this version at the next start", ""
    return True, f"{file or 'PostgreSQL'} opens and has the tables of this version", ""


def engine() -> Finding:
    """The workflow engine can be imported, and says whether a worker is alive."""
    importlib.import_module("elistit.runtime.engine")
    file = preflight.sqlite_file()
    if (file is not None and not file.exists()) or preflight.tables_missing():
        return True, "ready; no worker has run here yet", ""
    from django.utils import timezone

    from elistit.chain.models import Worker
    from elistit.runtime import leases

    newest = Worker.objects.order_by("-beat_at").first()
    if newest is None or leases.only_worker_ended():
        return True, "ready; no worker is running. Start one with: elistit up", ""
    age = max(0.0, (timezone.now() - newest.beat_at).total_seconds())
    return True, f"ready; the last worker heartbeat was {age:.0f} s ago", ""


def maintenance() -> Finding:
    """Each maintenance task has succeeded lately, and none has rows it can't do."""
    file = preflight.sqlite_file()
    if (file is not None and not file.exists()) or preflight.tables_missing():
        return True, "nothing has run here yet", ""
    from elistit.maintenance import status, tasks

    reports = status.reports(tasks.all_tasks())
    wrong = [r for r in reports if r.last_error or r.late]
    if not wrong:
        ran = [r for r in reports if r.last_success_at]
        return True, f"{len(ran)} of {len(reports)} tasks have succeeded, none failed its last run", ""
    words = "; ".join(f"{r.name}: {r.last_error or 'has not succeeded for too long'}" for r in wrong)
    return (
        False,
        words,
        "Fix the cause named here; each task retries automatically. The console lists the rows that fail.",
    )


def stripe_messages() -> Finding:
    """No message of Stripe's about a seller of this studio waits to be handled."""
    file = preflight.sqlite_file()
    if (file is not None and not file.exists()) or preflight.tables_missing():
        return True, "none has been received yet", ""
    from elistit.payments import unread

    waiting = unread.for_the_operator()
    if not waiting:
        return True, "all messages from Stripe have been processed", ""
    message = f"{len(waiting)} messages from Stripe could not be processed; the oldest ({waiting[0].event}): {waiting[0].reason}"
    return False, message, "Open the console: it lists them. A payment may be affected."


def clock() -> Finding:
    """The clock has not jumped: what ends by time (plans, credits, deleted files) may end."""
    file = preflight.sqlite_file()
    if (file is not None and not file.exists()) or preflight.tables_missing():
        return True, "no maintenance has run here yet", ""
    from elistit.maintenance import clock_guard

    if words := clock_guard.refusal():
        fix = "Correct this machine's clock, or confirm it: elistit recover --accept-clock"
        return False, f"renewals, expiry and deletion wait: {words}", fix
    return True, "is consistent", ""


def pictures() -> Finding:
    """The image libraries load and can draw, save and read back a transparent PNG."""
    import cv2
    import pyvips

    with tempfile.TemporaryDirectory(prefix="elistit-doctor-") as folder:
        file = str(Path(folder) / "probe.png")
        svg = (
            b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 8 8"><circle cx="4" cy="4" r="3" fill="#a33"/></svg>'
        )
        drawn = pyvips.Image.svgload_buffer(svg, scale=8).copy(xres=300 / 25.4, yres=300 / 25.4)
        drawn.pngsave(file)
        again = pyvips.Image.new_from_file(file)
        good = again.hasalpha() and again.width == 64 and _shape(cv2.imread(file, cv2.IMREAD_UNCHANGED)) == (64, 64, 4)
    versions = f"libvips {pyvips.version(0)}.{pyvips.version(1)}, OpenCV {cv2.__version__}"
    if not good:
        return (
            False,
            f"{versions}: a drawn image did not read back the same",
            "Set the environment up again: remove .venv and run ./run.",
        )
    return True, f"{versions} draw, save and read", ""


def _shape(picture: Any) -> tuple[int, ...]:
    return () if picture is None else tuple(picture.shape)


def fonts() -> Finding:
    """Text can be drawn on covers and cards."""
    import pyvips

    width = pyvips.Image.text("Elistit", dpi=72).width
    if width < 10:
        return False, "text is drawn blank", "Install a font: apt-get install fonts-dejavu-core"
    return True, "text can be drawn", ""


def pdf() -> Finding:
    """Product cards can be written."""
    import pikepdf

    importlib.import_module("elistit.artwork.card")
    pikepdf.new().close()
    return True, f"can be written; pikepdf {pikepdf.__version__}", ""


def packs_check() -> Finding:
    """Which packs are installed, and that the enlarging this installation insists on is there."""
    from elistit import packs

    there = [name for name in packs.PACKS if packs.installed(name)]
    try:
        packs.upscale_weights()
    except LookupError as missing:
        return False, "ELISTIT_UPSCALE asks for a network that is not installed", str(missing)
    return (
        True,
        f"installed: {', '.join(there)}" if there else "none installed; “elistit packs list” shows what there is",
        "",
    )


def listing_videos() -> Finding:
    """Whether listing videos can be made here. They are an option, so a machine without an encoder is sound."""
    from elistit import config
    from elistit.artwork import encoder

    named = config.current().workers.ffmpeg
    if reason := encoder.missing(named):
        return True, f"can't be made: {reason}", ""
    path, name = encoder.program(named)
    return True, f"written by {path} with {name}", ""


def signing() -> Finding:
    """Whether delivered files are signed with the operator's C2PA certificate, where one is set."""
    from elistit.artwork import signing as c2pa
    from elistit.stages import content_credentials

    credential = content_credentials.credential()
    if credential is None:
        return True, "files aren't signed; set ELISTIT_C2PA_CERTIFICATE and ELISTIT_C2PA_KEY to sign them", ""
    try:
        name, until = c2pa.check(credential, ports.now())
    except c2pa.CannotSign as refused:
        return False, f"files are delivered unsigned. {refused}", "See docs/how-to/sign-files.md."
    left = (until - ports.now()).days
    words = f"signs as “{name}” until {until:%B} {until.day}, {until.year}"
    if left < CERTIFICATE_DAYS_LEFT:
        return (
            False,
            f"{words}, {left} days from now",
            "Renew the certificate: files are delivered unsigned after that.",
        )
    file = preflight.sqlite_file()
    no_work_yet = (file is not None and not file.exists()) or preflight.tables_missing()
    if not no_work_yet and (unsigned := content_credentials.unsigned_lately()):
        projects = "1 project was" if unsigned == 1 else f"{unsigned} projects were"
        return True, f"{words}; {projects} delivered unsigned in the last 7 days", ""
    return True, words, ""


# The configuration comes first: without it most of the others can't be asked.
CHECKS: dict[str, Callable[[], Finding]] = {
    "configuration": configuration,
    "data folder": data_folder,
    "database": database,
    "engine": engine,
    "maintenance": maintenance,
    "clock": clock,
    "pictures": pictures,
    "fonts": fonts,
    "product cards": pdf,
    "packs": packs_check,
    "listing videos": listing_videos,
    "content credentials": signing,
    "messages from Stripe": stripe_messages,
}


def shared_checks() -> dict[str, Callable[[], Finding]]:
    """The checks that the console's setup page shares. Loads the studio, so the configuration must be readable."""
    from elistit.support.setup import installation, services

    return {**installation.CHECKS, **services.CHECKS}


WITHOUT_SETTINGS = ("pictures", "fonts", "product cards")
"""What can be looked at while the settings are wrong."""


@click.command("doctor", short_help="Diagnose problems and suggest fixes.")
@with_json
def doctor_command(as_json: bool) -> int:
    """Check configuration, data folder, database, engine and images; diagnose problems and suggest fixes."""
    first, *others = CHECKS
    results = [_result(first, CHECKS[first])]
    readable = results[0]["ok"]
    results += [_result(name, CHECKS[name]) for name in others if readable or name in WITHOUT_SETTINGS]
    if readable:
        results += [_result(name, check) for name, check in shared_checks().items()]
    if as_json:
        answer_json({"ok": all(r["ok"] for r in results), "checks": results})
    else:
        for r in results:
            click.echo(f"{'ok   ' if r['ok'] else 'WRONG'}  {r['name']}: {r['seen']}")
            if r["fix"]:
                click.echo(f"       {r['fix']}")
    return DONE if all(r["ok"] for r in results) else FAILED


def _result(name: str, check: Callable[[], Finding]) -> dict[str, Any]:
    ok, seen, fix = _run(check)
    return {"name": name, "ok": ok, "seen": seen, "fix": fix}


def _run(check: Callable[[], Finding]) -> Finding:
    try:
        return check()
    except Exception as fault:
        # A library that does not load or a table that is not as expected is exactly what this command is for.
        return (
            False,
            f"{type(fault).__name__}: {str(fault).splitlines()[0] if str(fault) else 'no reason given'}",
            ("Set the environment up again: remove .venv and run ./run."),
        )
