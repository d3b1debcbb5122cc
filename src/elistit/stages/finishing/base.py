"""What the finishes of all product types share: the attempt's context, stored files, an image at its print size (rules
§3). It must never depend on one product type."""

from __future__ import annotations

import functools
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from elistit import config, packs
from elistit.artwork import jobs, mockup_jobs, typesetting
from elistit.artwork.provenance import Marks
from elistit.chain import tools
from elistit.chain.attempt_key import AttemptKey
from elistit.ports import Failure, Kind
from elistit.projects.gate import items_of, maker_of
from elistit.projects.models import Item, Job, ProjectFile
from elistit.projects.products import product_type
from elistit.projects.states import ItemState, Stage
from elistit.providers import registry
from elistit.stages import content_credentials, files, generating, marks, tooling
from elistit.stages.context import StageContext

DPI = 300
Kept = list[dict[str, Any]]
# The roles that go into the delivery ZIP, in this order.
BUYER_ROLES = ("print", "vector", "cut", "maker", "sheet")


class Stop(Exception):
    """Ends the attempt with this failure."""

    def __init__(self, failure: Failure) -> None:
        super().__init__(failure.reason)
        self.failure = failure


@dataclass(frozen=True)
class Work:
    """The context of one attempt; `folder` is its work folder. `this` is None when finished files are rebuilt, which is
    no attempt: then results of tools bought earlier are used."""

    context: StageContext
    job: Job
    folder: Path
    this: AttemptKey | None = None

    @property
    def title(self) -> str:
        return str(self.job.project.brief.get("title") or self.job.project.name)

    @property
    def drawn_title(self) -> str:
        """The title on mockups and the product card; the product's name if our typefaces lack characters of the title."""
        return typesetting.shown(self.title, product_type(self.job.project.product).name)

    def keep(
        self, path: Path | str, role: str, name: str = "", item: Item | None = None, stated: Marks | None = None
    ) -> dict[str, Any]:
        """Store a file made here, with its provenance written into it: that of its item or of the set, or `stated`."""
        path = Path(path)
        if stated is None:
            stated = marks.of_item(self.job, item) if item else self.set_marks
        number = item.number if item else None
        order = content_credentials.order(self.context, self.job, item, stated)
        return files.keep(self.context, self.job, path, role, name or path.name, item=number, marks=stated, order=order)

    @functools.cached_property
    def set_marks(self) -> Marks:
        """The provenance of the files of the whole set."""
        return marks.of_set(self.job)


@dataclass(frozen=True)
class Finish:
    """`item` makes an item's print files, `whole` the files that need all of them, including mockups.

    `facts` are lines of the product card (name, fact) for a number of images, `measured` further ones measured on what
    was made, `use` the last step of its instructions; `sizes` are stated in the listing instead of pixels.
    """

    item: Callable[[Work, Item], Kept]
    whole: Callable[[Work], Kept]
    facts: Callable[[int], list[tuple[str, str]]]
    use: str
    sizes: tuple[str, ...] = ()
    measured: Callable[[Job], list[tuple[str, str]]] = lambda job: []


def kept_items(job: Job) -> list[Item]:
    return list(items_of(job.project).filter(state=ItemState.MADE))


def stored(work: Work, role: str, suffix: str = "") -> list[Path]:
    """Local paths of the kept items' files of one role, in order."""
    return [path for item in kept_items(work.job) for path in item_files(work, item, role, suffix)]


def item_files(work: Work, item: Item, role: str, suffix: str = "") -> list[Path]:
    """An item's files of one role; images and previews are those of its chosen round."""
    rows = ProjectFile.objects.filter(project=work.job.project_id, role=role, item=item.number, name__endswith=suffix)
    if role in ("image", "preview", "source"):
        rows = rows.filter(round=item.art["made_round"])
    return [work.context.store.local_path(f.path) for f in rows.order_by("name")]


def drawn_again(work: Work, item: Item, out: Path) -> tuple[int, int] | None:
    """Draw the approved image again at print size if its artist can, and return its width and height in pixels; None if
    it can't. Raises Stop."""
    provider = registry.provider_for(maker_of(work.job.project, item))
    if not provider.can_redraw:
        return None
    request = generating.redraw_request(work.job, item, f"{work.job.pk}:{item.number}:print", out)
    outcome = provider.redraw(request, work.context.run)
    if isinstance(outcome, Failure):
        raise Stop(outcome)
    return request.width, request.height


def redrawn(work: Work, item: Item) -> Path:
    """The approved image at print size. If its artist can, it is drawn again, which is sharper than any enlargement, and
    read back by the artist; other images are enlarged with clean edges and checked here."""
    out = work.folder / "master.png"
    if drawn_again(work, item, out) is not None:
        return out
    size = _enlarged(work, item, out)
    if broken := work.context.run(jobs.unusable, str(out), *size, timeout=120):
        raise Stop(Failure(Kind.TRANSIENT, f"The print file couldn't be used: {broken}"))
    return out


def _enlarged(work: Work, item: Item, out: Path) -> tuple[int, int]:
    """Enlarge an item's image, with the tool the operator chose or on this machine, and return the resulting size."""
    product = work.job.project.product
    [image] = item_files(work, item, "image")
    width, height = product_type(product).sizes[work.job.project.ratio]
    tool = tools.enlarger(product, maker_of(work.job.project, item))
    if tool is None:
        scale = product_type(product).print_scale
        work.context.run(jobs.enlarge, str(image), str(out), scale, **enlarging(), timeout=600)
        return width * scale, height * scale
    this = work.this or AttemptKey(work.job.pk, Stage.PROCESSING, item.number, item.round, 1, 0)
    if failure := tooling.enlarge(work.context, this, work.job, item, tool, image, out):
        raise Stop(failure)
    return width * tool[1], height * tool[1]


def enlarging() -> dict[str, Any]:
    """Options for jobs that enlarge: the weights and the number of threads. If the neural network is required but not
    installed, that is the operator's to fix."""
    try:
        return {"weights": packs.upscale_weights(), "threads": config.current().workers.upscale_threads}
    except LookupError as missing:
        raise Stop(
            Failure(Kind.OPERATOR, "This studio can't enlarge images right now.", detail=str(missing))
        ) from missing


def places(work: Work) -> list[int]:
    """The number of each kept item's files, for the overview."""
    return [files.place(item) for item in kept_items(work.job)]


def listing_mockups(
    work: Work, subtitle: str, pictures: list[str], original: str, facts: list[list[str]] | None = None
) -> list[str]:
    """The three mockups of images laid out (`mockup_jobs.listing_mockups`). The cover takes as long as the two others, which
    are drawn beside it."""
    args = (str(work.folder), work.drawn_title, subtitle, pictures, original, facts, places(work))
    tasks = [
        partial(work.context.run, mockup_jobs.listing_mockups, *args, which, timeout=300) for which in ([1], [2, 3])
    ]
    return [path for made in work.context.side_by_side(tasks) for path in made]


def pictures_words(work: Work) -> str:
    kind = product_type(work.job.project.product)
    px = max(kind.print_size(work.job.project.ratio))
    return f"{len(kept_items(work.job))} transparent PNGs · {px} px · {DPI} DPI"


def own_scene(work: Work) -> Kept:
    """The additional mockup in the seller's own scene, if the order has one."""
    scene = work.job.project.scene
    if scene is None:
        return []
    out = work.folder / "4-your-scene.jpg"
    store = work.context.store
    art = str(stored(work, "image")[0])
    work.context.run(
        mockup_jobs.place_in_scene, str(store.local_path(scene.path)), art, str(out), scene.corners, timeout=180
    )
    return [work.keep(out, "mockup", stated=marks.of_set(work.job, photo=True))]
