"""`demo`: a whole project from idea to Etsy draft, on data, worker and Etsy sandbox of its own, then proof of each promise.

Nothing of the installation is read or changed: the data folder is temporary and removed at the end, and no outside
service is called. Ends with exit code 1 when anything the product promises did not hold.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from elistit.cli import preflight
from elistit.cli.demo_files import Check
from elistit.cli.demo_progress import Display
from elistit.cli.frame import DONE, FAILED, BadInput, Failed, acts, answer_json, with_json

if TYPE_CHECKING:
    from elistit.accounts.models import User
    from elistit.projects.launch import LaunchSpec
    from elistit.projects.models import Project

IDEA = "woodland animals with autumn leaves and berries"
EMAIL = "demo@localhost"
# What would tie the demo to an installation's own data or services.
OWN_NAMES = ("DATABASE_URL", "ELISTIT_STORAGE_URL", "ELISTIT_BASE_URL", "ELISTIT_ENV", "ELISTIT_SECRET_KEY")
ETSY_NAMES = ("API_URL", "AUTH_URL", "TOKEN_URL", "KEYSTRING", "SHARED_SECRET")
MARK = ".elistit-demo"
LOOK_SECONDS = 0.25
# A worker that ends this often without ever running steadily has a fault of its own; waiting longer would not help.
WORKER_DEATHS = 5


@dataclass
class Result:
    """What a demo leaves: the folder, and every promise with whether it held."""

    project: dict[str, Any]
    checks: list[Check]
    pictures: list[Any]
    zips: list[Path]
    ledger: list[dict[str, Any]]
    audit: dict[str, Any]
    draft: dict[str, Any] | None
    seconds: float


@click.command("demo", short_help="A whole project from idea to Etsy draft, on data of its own.")
@click.option("--product", default="clipart", show_default=True, help="The product type.")
@click.option("--idea", default=IDEA, show_default=True, help="What to make, in a sentence.")
@click.option("--count", type=int, default=None, help="How many images.  [default: 15]")
@click.option(
    "--out", type=click.Path(path_type=Path), default=None, help="Where the files go.  [default: ./elistit-demo]"
)
@click.option("--minutes", type=click.IntRange(1, 600), default=30, show_default=True, help="Give up after this long.")
@click.option("--keep", is_flag=True, help="Keep the demo's data folder and say where it is.")
@with_json
def demo_command(
    product: str, idea: str, count: int | None, out: Path | None, minutes: int, keep: bool, as_json: bool
) -> int:
    """Make a whole project on fresh, temporary data: trial credits, launch, approval, files, a draft on the bundled
    Etsy sandbox, the ledger. Everything is then checked against what the product promises."""
    for name in (*OWN_NAMES, *(f"ELISTIT_ETSY_{n}" for n in ETSY_NAMES)):
        os.environ.pop(name, None)
    out = usable_folder(out)
    data = Path(tempfile.gettempdir()).resolve() / f"elistit-demo-{os.getpid()}-{time.time_ns():x}"
    os.environ["ELISTIT_DATA"] = str(data)
    preflight.load()
    from elistit.projects import launch as launching

    with acts():
        spec = launching.check(launching.LaunchSpec(product, idea, count))
    preflight.check()
    try:
        make_folder(out)
        preflight.prepare()
        with Display(spec.count or 1, plain=as_json) as display:
            result = run(spec, out, data, display, minutes * 60)
        report(result, out, as_json)
        if not result.checks[0].ok:
            shutil.copy(data / "worker.log", out / "worker.log")
            click.echo(f"The worker's log is {out / 'worker.log'}", err=True)
        return DONE if all(c.ok for c in result.checks) else FAILED
    finally:
        if keep:
            click.echo(f"The demo's data is kept in {data}", err=True)
        else:
            shutil.rmtree(data, ignore_errors=True)


def usable_folder(given: Path | None) -> Path:
    """The absolute folder the files go to. Only looks. Raises BadInput for one that has other things in it or that
    cannot be written; what an earlier demo left there is replaced."""
    out = (given or Path("elistit-demo")).absolute()
    if out.exists() and not out.is_dir():
        raise BadInput(f"{out} is a file; choose a folder with --out.")
    existing = out
    while not existing.exists():
        existing = existing.parent
    if not existing.is_dir() or not os.access(existing, os.W_OK | os.X_OK):
        raise BadInput(f"{out} cannot be written to; choose another folder with --out.")
    if out == existing and any(out.iterdir()) and not (out / MARK).is_file():
        raise BadInput(f"{out} has other files in it; choose an empty or a new folder with --out.")
    return out


def make_folder(out: Path) -> None:
    """Make the folder and clear what an earlier demo left. Raises BadInput when it cannot be written after all."""
    try:
        out.mkdir(parents=True, exist_ok=True)
        if (out / MARK).is_file():
            for name in (out / MARK).read_text(encoding="utf-8").splitlines():
                # Names only, one level down: a mark can never lead outside the folder.
                file = out / name
                if name and file.resolve().is_relative_to(out.resolve()) and file.is_file():
                    file.unlink()
        (out / MARK).write_text("", encoding="utf-8")
        (out / "worker.log").unlink(missing_ok=True)
        for folder in ("images", "mockups"):
            (out / folder).mkdir(exist_ok=True)
    except OSError as refused:
        raise BadInput(
            f"{out} cannot be written to ({refused.strerror}); choose another folder with --out."
        ) from refused


def run(spec: LaunchSpec, out: Path, data: Path, display: Display, seconds: float) -> Result:
    """Launch, wait, approve, collect and check. Raises Failed when the project does not come to an end."""
    from elistit.cli.supervisor import Child, Supervisor
    from elistit.listings.etsy.connect import connect_sandbox
    from elistit.listings.etsy.sandbox import Sandbox
    from elistit.pipeline import commands

    began = time.monotonic()
    owner = person(spec)
    sandbox = Sandbox()
    log = data / "worker.log"
    supervisor = Supervisor([Child("The worker", ["worker"], deaths_most=WORKER_DEATHS)], say=display.say, log=log)
    try:
        connect_sandbox(owner, sandbox.url)
        with acts():
            project = commands.launch(owner, spec, idempotency_key="demo")
        with supervisor:
            wait(project, owner, supervisor, display, began + seconds, log, out)
            return collect(project, owner, out, sandbox, time.monotonic() - began)
    finally:
        sandbox.stop()


def person(spec: LaunchSpec) -> User:
    """The demo's seller, with the trial credits; a larger order than those allow gets what is missing on top."""
    from elistit.accounts.models import User
    from elistit.credits import ledger, plans, prices
    from elistit.projects import launch as launching

    owner = User.objects.create_user(EMAIL)
    plans.start_trial(owner.pk)
    short = prices.total(launching.price(spec)) - ledger.balance(owner.pk)
    if short > 0:
        ledger.grant(owner.pk, short, source="demo", idempotency_key="demo:grant", reason="Credits for a larger demo")
    return owner


def wait(project: Project, owner: User, supervisor: Any, display: Display, until: float, log: Path, out: Path) -> None:
    """Watch the project to its end and approve it at the gate. Raises Failed when it takes too long or is stopped."""
    from elistit.pipeline import commands
    from elistit.projects.models import Item
    from elistit.projects.states import TERMINAL_STAGE, ItemState, Stage

    while True:
        project.refresh_from_db()
        items = Item.objects.filter(job__project=project)
        made = items.filter(state=ItemState.MADE).count()
        of = items.filter(state__in=(ItemState.MADE, ItemState.PENDING)).count()
        printed = items.exclude(processed_at=None).count()
        display.update(str(project.stage), made, printed, of)
        if project.stage in TERMINAL_STAGE:
            return
        if project.stage == Stage.AWAITING_APPROVAL:
            with acts():
                commands.approve(owner, project.public_id)
            display.say("Approved")
        if supervisor.stopping.is_set():
            raise Failed("Stopped before the project was finished.")
        if time.monotonic() > until or not supervisor.look():
            shutil.copy(log, kept := out / "worker.log")
            raise Failed(
                f"The project stands at {project.stage} and did not come to an end; the worker's log is {kept}."
            )
        time.sleep(LOOK_SECONDS)


def collect(project: Project, owner: User, out: Path, sandbox: Any, seconds: float) -> Result:
    """Copy the files out, read them back, and check every promise. Of a project that failed there are no files to
    check, only that every credit came back."""
    from elistit.cli.books import store_check
    from elistit.cli.credits import row
    from elistit.credits import audit, ledger
    from elistit.pipeline import reading
    from elistit.pipeline.models import Attempt

    project.refresh_from_db()
    document = reading.describe(project)
    checks = [stage_check(document, reading.activity(project))]
    if not checks[0].ok:
        # What only the operator sees, and the demo's operator is reading.
        last = Attempt.objects.filter(job__project=project).exclude(detail="").order_by("id").last()
        checks[0].problems += [f"Detail: {last.detail.strip().splitlines()[-1]}"] if last else []
    pictures: list[Any] = []
    zips: list[Path] = []
    draft = None
    if checks[0].ok:
        more, pictures, zips, draft = check_files(project, document, out, sandbox)
        checks += more
    books = audit.run(store_check())
    broken = [str(v) for c in books["checks"] for v in c["violations"]]
    checks.append(Check("books", bool(books["ok"]), f"{len(books['checks'])} checks", broken))
    checks.append(money_check(document, owner.pk))
    rows = [row(r) for r in reversed(ledger.history(owner.pk, limit=1000))]
    return Result(document, checks, pictures, zips, rows, books, draft, seconds)


def check_files(
    project: Project, document: dict[str, Any], out: Path, sandbox: Any
) -> tuple[list[Check], list[Any], list[Path], dict[str, Any] | None]:
    """Copy the files of a finished project and check them, the listing and the draft."""
    from elistit.cli import demo_files
    from elistit.projects.models import Listing
    from elistit.projects.products import product_type

    copied = copy_files(project, out)
    kind = product_type(project.product)
    px = kind.sizes[project.ratio][0] * kind.print_scale
    found, images = demo_files.pictures(copied["print"], expected_images(document), px, 300)
    written = Listing.objects.get(project=project)
    (out / "listing.txt").write_text(listing_text(written), encoding="utf-8")
    draft = next((d for d in sandbox.drafts() if str(d.get("listing_id")) == written.draft_id), None)
    # The card travels inside the ZIPs, so that the draft's five places are left to the parts.
    inside = [f.name for f in (*copied["print"], *copied["card"])]
    names = [str(f.relative_to(out)) for group in copied.values() for f in group]
    (out / MARK).write_text("\n".join([*names, "listing.txt"]), encoding="utf-8")
    checks = [
        images,
        demo_files.zips(copied["zip"], inside),
        demo_files.card(next(iter(copied["card"]), None)),
        demo_files.listing(written, copied["mockup"], copied["zip"]),
        demo_files.draft(draft, written.draft, len(copied["mockup"]), len(copied["zip"])),
    ]
    return checks, found, copied["zip"], draft


def stage_check(document: dict[str, Any], activity: list[dict[str, Any]]) -> Check:
    """Whether the project came to its good end; when not, why, with the last tries."""
    job = document["job"]
    ok = document["stage"] == "completed" and job["status"] == "SUCCEEDED"
    why = [f"{entry['at'][11:19]} {entry['text']}" for entry in activity[-5:]] if not ok else []
    return Check("project", ok, f"{document['stage']}, job {job['status']}", why)


def expected_images(document: dict[str, Any]) -> int:
    """Every image that was ordered, less those that were lost and refunded (rules §5.6); none may be missing silently."""
    lost = [i for i in document["items"] if i["state"] in ("blocked", "failed") and i["refunded"]]
    return len(document["items"]) - len(lost)


def money_check(document: dict[str, Any], owner_id: int) -> Check:
    """What was charged is the quote's total, and what is left is what came in less what was charged and kept."""
    from elistit.credits import ledger

    job, total = document["job"], document["quote"]["total"]
    rows = ledger.history(owner_id, limit=1000)
    problems = []
    if job["charged"] != total:
        problems.append(f"{job['charged']} credits were charged instead of the quoted {total}.")
    if rows and rows[0].balance_after != sum(r.amount for r in rows):
        problems.append("The last balance is not the sum of the rows.")
    seen = f"quoted {total}, charged {job['charged']}, refunded {job['refunded']}, balance {ledger.balance(owner_id)}"
    return Check("credits", not problems, seen, problems)


def copy_files(project: Project, out: Path) -> dict[str, list[Path]]:
    """Copy what the buyer and the listing get into `out`, by role."""
    from django.conf import settings

    from elistit.delivery.store import open_store
    from elistit.pipeline import reading

    folders = {"print": out / "images", "mockup": out / "mockups", "zip": out, "card": out, "licences": out}
    store = open_store(settings.STORAGE_URL)
    copied: dict[str, list[Path]] = {role: [] for role in folders}
    for file in reading.current_files(project):
        if file.role not in folders:
            continue
        target = folders[file.role] / file.name
        with contextlib.closing(store.open(file.path)) as source, target.open("wb") as copy:
            shutil.copyfileobj(source, copy)
        copied[file.role].append(target)
    return copied


def listing_text(written: Any) -> str:
    return "\n".join(
        [
            written.title,
            "",
            f"Price: ${written.price_cents / 100:.2f}",
            f"Tags: {', '.join(written.tags)}",
            "",
            written.description,
            "",
            "The term 'Etsy' is a trademark of Etsy, Inc. This application uses the Etsy API but is not endorsed or "
            "certified by Etsy, Inc.",
            "",
        ]
    )


def report(result: Result, out: Path, as_json: bool) -> None:
    """Print what was made, each promise with whether it held, and the ledger."""
    ok = all(c.ok for c in result.checks)
    if as_json:
        answer_json(
            {
                "ok": ok,
                "out": str(out),
                "seconds": round(result.seconds, 1),
                "project": result.project,
                "checks": [c.as_dict() for c in result.checks],
                "draft": {k: v for k, v in (result.draft or {}).items() if k != "images"} or None,
                "ledger": result.ledger,
                "audit": result.audit,
            }
        )
        return
    for line in _report_lines(result, out):
        click.echo(line)
    from elistit.cli.demo_progress import lines_of

    click.echo("\nPromises")
    lines_of(result.checks)
    click.echo(f"\n{'Everything held' if ok else 'Not everything held'}; {result.seconds:.0f} s.")


def _report_lines(result: Result, out: Path) -> Iterator[str]:
    yield ""
    if result.pictures:
        yield from _file_lines(result, out)
    yield "Ledger"
    for row in result.ledger:
        yield f"  {row['type']:<16} {row['amount']:>+6,}  balance {row['balance_after']:>5,}  {row['reason']}"


def _file_lines(result: Result, out: Path) -> Iterator[str]:
    listing = result.project["listing"]
    yield f"Files in {out}"
    for p in result.pictures:
        yield f"  images/{p.name}  {p.width} × {p.height} px, {p.dpi} DPI, {p.bytes / 1e6:.1f} MB"
    for file in result.zips:
        yield f"  {file.name}  {file.stat().st_size / 1e6:.1f} MB"
    yield "  product-card.pdf, listing.txt, mockups/"
    yield f"\nListing\n  {listing['title']}\n  {', '.join(listing['tags'])}"
    draft = listing.get("draft") or {}
    yield f"\nDraft on the Etsy sandbox\n  {draft.get('url') or draft.get('state')}"
    yield ""
