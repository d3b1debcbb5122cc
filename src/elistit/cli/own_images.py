"""A seller's own images on the command line: taken in for one launch, and taken back when the launch did not happen.

Also draws the images the demo stands in with. Nothing here decides what an image may be; `actions.uploads` does.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from elistit.accounts.models import User


@contextlib.contextmanager
def taken_in(owner: User, images: Sequence[Path]) -> Iterator[tuple[str, ...]]:
    """Take images in, in their order, for the launch inside the `with` block: their ids.

    When one cannot be used, or the launch fails, those taken in are removed again. Raises InvalidSpec that names the file.
    """
    from elistit.actions import uploads
    from elistit.projects import uploads as rows
    from elistit.projects.errors import InvalidSpec

    taken: list[str] = []
    try:
        for image in images:
            with image.open("rb") as content:
                try:
                    taken.append(uploads.add(owner, content, image.name).pk)
                except InvalidSpec as refused:
                    raise InvalidSpec({"picture": f"{image.name}: {refused}"}) from None
        yield tuple(taken)
    finally:
        # What the launch used is no longer waiting, and stays.
        for unused in rows.waiting(owner).filter(pk__in=taken).values_list("pk", flat=True):
            uploads.remove(owner, unused)
        uploads.close()


def samples(folder: Path) -> list[Path]:
    """Three images of different kinds that stand in for a seller's own: a transparent PNG, a JPEG and an SVG."""
    import pyvips

    folder.mkdir(parents=True, exist_ok=True)
    fox = _drawn(folder / "painted-fox.png", "fox", "watercolor", "clipart", clear=True)
    view = _drawn(folder / "view.png", "mountain lake", "gouache", "wall_art", clear=False)
    photo = folder / "evening-view.jpg"
    pyvips.Image.new_from_file(str(view)).flatten(background=255).jpegsave(str(photo), Q=92)
    view.unlink()
    return [fox, photo, _drawn(folder / "moon.svg", "moon", "flat", "svg", clear=True)]


def _drawn(out: Path, idea: str, style: str, product: str, *, clear: bool) -> Path:
    from elistit.ports import Failure
    from elistit.projects.products import product_type
    from elistit.providers.base import ImageRequest
    from elistit.providers.builtin import brief
    from elistit.providers.builtin.provider import BuiltinArtist

    ratio = product_type(product).default_ratio
    width, height = product_type(product).sizes[ratio]
    [pick, *_] = brief.plan(idea, {}, 1, 7, style, product=product, ratio=ratio).picks
    request = ImageRequest(
        key=f"sample:{out.stem}", model=f"builtin/{style}", prompt=pick.prompt, negative="", width=width, height=height,
        seed=7, transparent=clear, out=out, art=pick.art,
    )  # fmt: skip

    def here(function: Any, *args: Any, timeout: float = 0, **more: Any) -> Any:
        return function(*args, **more)

    artist = BuiltinArtist()
    made = artist.draw_svg(request, here) if out.suffix == ".svg" else artist.generate(request, here, lambda _: None)
    if isinstance(made, Failure):
        raise RuntimeError(made.reason)
    return out
