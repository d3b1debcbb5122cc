"""`demo`: a whole project from idea to Etsy draft, on data, worker and Etsy sandbox of its own, then proof of each promise.

Nothing of the installation is read or changed: the data folder is temporary and removed at the end, and no outside
service is called. Ends with exit code 1 when anything the product promises did not hold.
"""

from __future__ import annotations

import dataclasses
import os
import shutil
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from elistit.cli import demo_collect, demo_report, own_images, preflight
from elistit.cli.demo_collect import FOLDERS, MARK, Result
from elistit.cli.demo_progress import Display
from elistit.cli.errors import DONE, FAILED, BadInput, Failed
from elistit.cli.frame import refusals_reported, with_json
from elistit.cli.order_words import card_words, image_option, product_options

if TYPE_CHECKING:
    from elistit.accounts.models import User
    from elistit.projects.models import Project
    from elistit.projects.orders import LaunchSpec

# What each product type is shown with, unless an idea is given.
IDEAS = {
    "clipart": "woodland animals with autumn leaves and berries",
    "sticker": "kawaii ocean animals",
    "wall_art": "boho sun",
    "poster": "misty mountains",
    "svg": "woodland animals",
    "greeting_card": "spring wildflowers",
    "pattern": "foxes and mushrooms in sage green",
    "custom": "a fox, an evening view and a moon",
}
CARD_WORDS = {"front": "Thinking of you", "inside": "Wishing you a gentle week and something warm to drink."}
# How many images stand in for a seller's own.
OWN_SAMPLES = 3
EMAIL = "demo@localhost"
# What would tie the demo to an installation's own data or services.
OWN_NAMES = ("DATABASE_URL", "ELISTIT_STORAGE_URL", "ELISTIT_BASE_URL", "ELISTIT_ENV", "ELISTIT_SECRET_KEY")
ETSY_NAMES = ("API_URL", "AUTH_URL", "TOKEN_URL", "KEYSTRING", "SHARED_SECRET")
LOOK_SECONDS = 0.25
# A worker that ends this often without ever running steadily has its own fault; waiting longer would not help.
WORKER_DEATHS = 5


@click.command("demo", short_help="Run a whole project from idea to Etsy draft, with temporary data.")
@click.option("--product", default="clipart", show_default=True, help="The product type.")
@click.option("--idea", default=None, help="What to make, in a sentence.  [default: one that suits the product]")
@click.option("--count", type=int, default=None, help="How many images.  [default: the product's]")
@product_options
@image_option
@click.option(
    "--out", type=click.Path(path_type=Path), default=None, help="The folder for the files.  [default: ./elistit-demo]"
)
@click.option("--confirm-not-drawn", is_flag=True, help="Continue even if the main subject of the idea won't be drawn.")
@click.option("--minutes", type=click.IntRange(1, 600), default=30, show_default=True, help="Give up after this long.")
@click.option("--keep", is_flag=True, help="Keep the demo's data folder and say where it is.")
@with_json
def demo_command(
    product: str, idea: str | None, count: int | None, ratio: str | None, mode: str, words_front: str, words_inside: str,
    images: tuple[Path, ...], out: Path | None, confirm_not_drawn: bool, minutes: int, keep: bool, as_json: bool,
) -> int:  # fmt: skip
    """Make a whole project on fresh, temporary data: trial credits, launch, approval, files, a draft on the bundled
    Etsy sandbox, the ledger. Everything is then checked against what the product promises.

    A poster is designed first and then made print-ready, unless --mode production does both at once. For the product
    custom, images of the built-in artist stand in for your own unless --image names some.
    """
    if images and product != "custom":
        raise BadInput("--image is for your own images: add --product custom.")
    from elistit import config

    out = usable_folder(out)
    data = Path(tempfile.gettempdir()).resolve() / f"elistit-demo-{os.getpid()}-{time.time_ns():x}"
    own = (*OWN_NAMES, *(f"ELISTIT_ETSY_{name}" for name in ETSY_NAMES))
    config.change({**dict.fromkeys(own), "ELISTIT_DATA": str(data)})
    preflight.load()
    from elistit.accounts.models import User
    from elistit.projects import orders, storyboard
    from elistit.stages import storyboards

    with refusals_reported():
        spec = orders.check(
            orders.LaunchSpec(
                product,
                IDEAS.get(product, IDEAS["clipart"]) if idea is None else idea,
                len(images) or OWN_SAMPLES if product == "custom" else count,
                ratio=ratio,
                mode=mode,
                words=card_words(words_front, words_inside) or (CARD_WORDS if product == "greeting_card" else {}),
                confirm_not_drawn=confirm_not_drawn,
            )
        )
        board = storyboards.plan(User(), spec)
        if board is not None:
            storyboard.require_confirmed(board, confirmed=confirm_not_drawn)
    preflight.check()
    try:
        make_folder(out)
        preflight.prepare()
        with Display(len(board.items) if board and board.items else spec.count or 1, plain=as_json) as display:
            result = run(spec, out, data, display, minutes * 60, images)
        demo_report.report(result, out, as_json)
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
        # Folders of an earlier demo that this one may not need; what a person put there stays.
        for folder in {*FOLDERS.values()} - {""}:
            if (out / folder).is_dir() and not any((out / folder).iterdir()):
                (out / folder).rmdir()
    except OSError as refused:
        raise BadInput(
            f"{out} cannot be written to ({refused.strerror}); choose another folder with --out."
        ) from refused


def run(
    spec: LaunchSpec, out: Path, data: Path, display: Display, seconds: float, images: tuple[Path, ...] = ()
) -> Result:
    """Launch, wait, approve, collect and check. Raises Failed when the project does not come to an end."""
    from elistit.actions import commands
    from elistit.cli.supervisor import Child, Supervisor
    from elistit.listings.etsy.connect import connect_sandbox
    from elistit.listings.etsy.sandbox import Sandbox

    began = time.monotonic()
    log = data / "worker.log"
    supervisor = Supervisor([Child("The worker", ["worker"], deaths_most=WORKER_DEATHS)], say=display.say, log=log)
    sandbox = Sandbox()
    try:
        # The worker gets ready while the order is placed.
        with supervisor:
            owner = person(spec)
            connect_sandbox(owner, sandbox.url)
            if spec.product == "custom" and not images:
                images = tuple(own_images.samples(data / "samples"))
            with refusals_reported(), own_images.taken_in(owner, images) as taken:
                spec = dataclasses.replace(spec, uploads=taken)
                project = commands.launch(owner, spec, idempotency_key="demo", confirm_trademarks=True)
            wait(project, owner, supervisor, display, began + seconds, log, out)
            return demo_collect.collect(project, owner, out, sandbox, time.monotonic() - began)
    finally:
        sandbox.stop()


def person(spec: LaunchSpec) -> User:
    """The demo's seller, with the trial credits; a larger order than those allow gets what is missing on top."""
    from elistit.accounts.models import User
    from elistit.credits import ledger, plans, prices
    from elistit.projects import orders

    owner = User.objects.create_user(EMAIL)
    plans.start_trial(owner.pk)
    short = prices.total(orders.price(spec)) - ledger.balance(owner.pk)
    if short > 0:
        ledger.grant(owner.pk, short, source="demo", idempotency_key="demo:grant", reason="Credits for a larger demo")
    return owner


def wait(project: Project, owner: User, supervisor: Any, display: Display, until: float, log: Path, out: Path) -> None:
    """Watch the project to its end; approve it at the gate, have a design made print-ready. Raises Failed when it takes too long or is stopped."""
    from elistit.actions import commands
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
            with refusals_reported():
                commands.approve(owner, project.public_id)
            display.say("Approved")
        elif project.stage == Stage.DESIGN_READY:
            with refusals_reported():
                commands.make_print_ready(owner, project.public_id, idempotency_key="demo:print")
            display.say("Make print-ready")
        if supervisor.stopping.is_set():
            raise Failed("Stopped before the project was finished.")
        if time.monotonic() > until or not supervisor.look():
            shutil.copy(log, kept := out / "worker.log")
            raise Failed(
                f"The project stands at {project.stage} and did not come to an end; the worker's log is {kept}."
            )
        time.sleep(LOOK_SECONDS)
