"""Whether what a storyboard shows is what is made: `python bench/storyboards.py [--launches 200] [--markdown]`.

Launches orders of every product type of the built-in artist, the way a seller does: half of them with their quote. Every item is
then made by the provider as a worker asks for it, only smaller. Its subject is read from what was drawn, and its image is laid
over the sketch that the storyboard showed. It fails when anything is not as shown, or anything else was charged.
"""

from __future__ import annotations

import dataclasses
import os
import sys
import tempfile
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent))
from lib import databases, report

SIDE_PX = 128
IDEAS = (
    "woodland animals", "foxes", "happy cats", "boho rainbows", "sea animals and shells", "highland cow", "roses and lavender",
    "dinosaurs", "moon and stars", "mushrooms", "lemons", "christmas", "farm animals in blue", "cactus", "coffee and books",
)  # fmt: skip
# Product type, number of images, options.
ORDERS: tuple[tuple[str, int | None, dict[str, str]], ...] = (
    ("wall_art", None, {}),
    ("sticker", 5, {}),
    ("svg", 4, {}),
    ("poster", None, {}),
    ("pattern", 6, {}),
    ("greeting_card", None, {}),
    ("svg", 20, {"lettering": "be kind", "lettering_style": "Pacifico badge"}),
    ("sticker", 3, {"color_palette": "sage green and terracotta"}),
    ("wall_art", None, {"lettering": "hello sunshine"}),
    ("clipart", 15, {}),
)
SAME = 0.9
"""How much of an image and of its sketch must agree: strokes and washes of paint reach a little beyond the drawing."""


@dataclass
class Found:
    """What came of it. `agree` has the share of every image that agrees with its sketch, by product type."""

    launches: int = 0
    items: int = 0
    fewer: int = 0
    subjects: int = 0
    charged: int = 0
    agree: dict[str, list[float]] = field(default_factory=dict)
    wrong: list[str] = field(default_factory=list)


def outline(image: bytes | Path, px: int = 96) -> Any:
    """Where an image has paint (transparent ones), or roughly how light it is (opaque ones): a plane of 0 to 1."""
    import cv2
    import numpy as np
    import pyvips

    source = (
        pyvips.Image.new_from_buffer(image, "") if isinstance(image, bytes) else pyvips.Image.new_from_file(str(image))
    )
    rgba = source.colourspace("srgb") if source.hasalpha() else source.colourspace("srgb").addalpha()
    pixels = rgba.numpy()
    solid = pixels[..., 3] > 127
    rows, columns = np.flatnonzero(solid.any(axis=1)), np.flatnonzero(solid.any(axis=0))
    # Margins differ: what counts is the subject.
    pixels = pixels[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
    small = cv2.resize(pixels, (px, px), interpolation=cv2.INTER_AREA).astype(np.float32) / 255
    return small[..., :3].mean(axis=2) if solid.all() else (small[..., 3] > 0.5).astype(np.float32)


def agreement(made: Path, sketch: bytes) -> float:
    """1 when an image shows its things where the sketch has them: the share of common paint, or the correlation of light."""
    import numpy as np

    a, b = outline(made), outline(sketch)
    if set(np.unique(a)) <= {0.0, 1.0} and set(np.unique(b)) <= {0.0, 1.0}:
        return float(np.minimum(a, b).sum() / max(1.0, np.maximum(a, b).sum()))
    return float(np.corrcoef(a.ravel(), b.ravel())[0, 1])


def launch(owner: Any, number: int, found: Found, folder: Path) -> None:
    from elistit.actions import commands
    from elistit.chain.attempt_key import AttemptKey
    from elistit.credits import ledger
    from elistit.projects import launch as launching
    from elistit.projects.models import Item, Job
    from elistit.stages import briefing, storyboards

    product, count, options = ORDERS[number % len(ORDERS)]
    # Small tiles in flat color: a brush is wider than they are.
    model = "builtin/flat" if product == "pattern" else ""
    idea = "" if "lettering" in options else IDEAS[number % len(IDEAS)]
    spec = launching.check(
        launching.LaunchSpec(product, idea, count=count, model=model, options=options, confirm_not_drawn=True)
    )
    frozen, board = storyboards.quote(owner, spec)
    assert board is not None
    before = ledger.balance(owner.pk)
    quote = frozen.pk if number % 2 else None
    project = commands.launch(owner, spec, idempotency_key=f"launch {number}", quote_id=quote)
    job = Job.objects.get(project=project)
    outcome: Any = briefing.run(AttemptKey(job.pk, "briefing", 0, 0, 1, 0), job, None)  # type: ignore[arg-type]
    found.launches += 1
    found.fewer += bool(board.fewer)
    found.charged += before - ledger.balance(owner.pk) == frozen.total == job.quote.total
    items = list(Item.objects.filter(job=job).order_by("number"))
    if not len(items) == len(board.items) == len(outcome.data["items"]):
        found.wrong.append(f"{product} “{spec.idea}”: {len(items)} items, {len(board.items)} shown")
        return
    for item, planned, shown in zip(items, outcome.data["items"], board.items, strict=True):
        item.prompt, item.art = planned["prompt"], {"plan": planned["art"]}
        made(job, item, shown, found, folder)


def made(job: Any, item: Any, shown: Any, found: Found, folder: Path) -> None:
    from elistit.ports import Made
    from elistit.providers import registry
    from elistit.stages import generating, storyboards

    model, product, out = job.project.model, job.project.product, folder / "image.png"
    request = generating.request_for(job, item, "bench", out)
    scale = SIDE_PX / max(request.width, request.height)
    request = dataclasses.replace(request, width=round(request.width * scale), height=round(request.height * scale))
    outcome = registry.provider_for(model).generate(request, lambda work, *said, timeout: work(*said), lambda _: None)
    assert isinstance(outcome, Made), outcome
    found.items += 1
    drawn = registry.drawn_subject(model, outcome.data["art"])
    found.subjects += drawn == shown.subject
    if drawn != shown.subject:
        found.wrong.append(f"{product}: “{drawn}” drawn, “{shown.subject}” shown")
    share = agreement(out, storyboards.sketch(storyboards.sketched(shown.art), 200))
    found.agree.setdefault(product, []).append(share)


def run(launches: int) -> Found:
    import django

    django.setup()
    databases.migrate()
    from unittest import mock

    from elistit.accounts.models import User
    from elistit.credits import ledger
    from elistit.runtime import engine

    owner = User.objects.create_user("seller@example.com")
    ledger.open_account(owner.pk)
    ledger.grant(owner.pk, 100 * launches, source="bench", idempotency_key="bench", reason="For the measurement")
    found = Found()
    with mock.patch.object(engine, "queue"), tempfile.TemporaryDirectory() as folder:
        for number in range(launches):
            launch(owner, number, found, Path(folder))
            if number % 20 == 19:
                report.say(f"{number + 1} launches, {found.items} images, {len(found.wrong)} not as shown")
    return found


def main() -> None:
    parser = report.parser(__doc__)
    parser.add_argument("--launches", type=int, default=200)
    given = parser.parse_args()
    with databases.environment("sqlite") as env:
        os.environ.update(env)
        found = run(given.launches)
    for product, shares in found.agree.items():
        if low := [s for s in shares if s < SAME]:
            report.say(f"{product}: {len(low)} of {len(shares)} images agree less than {SAME} with their sketch")
    products = Counter({product: len(shares) for product, shares in found.agree.items()})
    report.section(
        "Storyboard and result",
        f"`python bench/storyboards.py --launches {given.launches}`: orders of the built-in artist, half of them launched with their\n"
        "quote; every image then made as a worker asks for it, at a small size, and its subject read from what was drawn.",
        report.table(
            ["", "of", "as shown"],
            [
                ["launches: number of images and charge", found.launches, found.charged],
                ["images: subject", found.items, f"{found.subjects} ({found.subjects / found.items:.0%})"],
            ],
        ),
        f"{found.fewer} launches asked for more images than there are different ones of their idea. How well an image lies on its\n"
        "sketch, 1 when everything is where it was shown (common paint of transparent images, correlation of lightness of others):",
        report.table(
            ["product type", "images", "least", "median"],
            [
                [p, n, f"{min(found.agree[p]):.2f}", f"{report.percentile(found.agree[p], 0.5):.2f}"]
                for p, n in sorted(products.items())
            ],
        ),
    )
    if found.wrong or found.charged != found.launches or found.subjects != found.items:
        raise SystemExit("\n".join(found.wrong[:20]) or "something else was charged")


if __name__ == "__main__":
    main()
