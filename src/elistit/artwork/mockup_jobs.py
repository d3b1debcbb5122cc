"""What a worker runs in its bounded subprocesses to draw the mockups of a listing, its video and the seller's own scenes.

Like `artwork.jobs`: JSON-safe values in and out, importable without Django. It must never know a project, a price or a state.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from elistit.artwork.typesetting import shown
from elistit.on_use import OnUse

# Loaded by the subprocess that uses it, and by no process that only names these functions.
if TYPE_CHECKING:
    from elistit.artwork import crop, export, flatlay, greeting, mockup, placing, room, sticker, tilepictures, video
else:
    crop = OnUse("elistit.artwork.crop")
    export = OnUse("elistit.artwork.export")
    flatlay = OnUse("elistit.artwork.flatlay")
    greeting = OnUse("elistit.artwork.greeting")
    mockup = OnUse("elistit.artwork.mockup")
    placing = OnUse("elistit.artwork.placing")
    room = OnUse("elistit.artwork.room")
    sticker = OnUse("elistit.artwork.sticker")
    tilepictures = OnUse("elistit.artwork.tilepictures")
    video = OnUse("elistit.artwork.video")

# What is drawn of a title that cannot be set, where no one says more of the product.
DIGITAL, WALL_ART, CARD, STICKERS = "Digital download", "Printable wall art", "Greeting card", "Stickers"
PATTERNS = "Seamless patterns"
LISTING_MOCKUPS = {1: "1-cover.jpg", 2: "2-everything.jpg", 3: "3-details.jpg"}


def listing_mockups(
    folder: str,
    title: str,
    subtitle: str,
    pictures: list[str],
    original: str,
    facts: list[list[str]] | None = None,
    numbers: list[int] | None = None,
    which: list[int] | None = None,
) -> list[str]:
    """Draw the three included mockups into a folder, or `which` of them (1 to 3). Their paths, in listing order. `numbers`:
    those in front of the files of each image.

    `facts`: pairs of a large word and a small line for the third; by default what the print file `original` is. A title
    that cannot be set is replaced by the product's own words, here as in all functions of this module.
    """
    title = shown(title, DIGITAL)
    paths = [Path(p) for p in pictures]
    made = {n: Path(folder) / name for n, name in LISTING_MOCKUPS.items() if which is None or n in which}
    if 1 in made:
        mockup.cover(made[1], title=title, subtitle=subtitle, images=paths)
    if 2 in made:
        mockup.sheet(made[2], title=title, images=paths, numbers=numbers)
    if 3 in made:
        _details(made[3], title, paths, original, facts)
    return [str(path) for path in made.values()]


def _details(out: Path, title: str, images: list[Path], original: str, facts: list[list[str]] | None) -> None:
    print_file = export.open_image(Path(original))
    shown_facts = [(word, line) for word, line in facts or []]
    shown_facts = shown_facts or [
        (f"{max(print_file.width, print_file.height)} px", mockup.DETAIL_FACTS[0][1]),
        *mockup.DETAIL_FACTS[1:],
    ]
    mockup.scene(out, title=title, images=images, facts=shown_facts, original=Path(original))


def own_mockups(
    folder: str,
    title: str,
    subtitle: str,
    pictures: list[str],
    original: str,
    facts: list[list[str]],
    see_through: bool,
    numbers: list[int] | None = None,
) -> list[str]:
    """The three included mockups of a seller's own images. Transparent ones are laid out like clipart; others are
    shown as what hangs or lies on a table, since there is no outline to lay out."""
    if see_through:
        return listing_mockups(folder, title, subtitle, pictures, original, facts, numbers)
    first, second, third = (Path(folder) / n for n in ("1-room.jpg", "2-everything.jpg", "3-close.jpg"))
    room.room(first, Path(pictures[0]))
    mockup.sheet(
        second, title=shown(title, DIGITAL), images=[Path(p) for p in pictures], note=subtitle, numbers=numbers
    )
    room.on_table(third, Path(pictures[-1]))
    return [str(first), str(second), str(third)]


def tile_mockups(
    folder: str, title: str, subtitle: str, tiles: list[str], facts: list[list[str]], numbers: list[int] | None = None
) -> list[str]:
    """The three included mockups of a set of tiles: the set fanned out, all tiles on one sheet, and the repeat beside a ruler."""
    title = shown(title, PATTERNS)
    first, second, third = (Path(folder) / n for n in ("1-papers.jpg", "2-everything.jpg", "3-repeat.jpg"))
    paths = [Path(t) for t in tiles]
    tilepictures.papers(first, title=title, subtitle=subtitle, tiles=paths)
    mockup.sheet(second, title=title, images=paths, note=subtitle.split(" · ")[0], numbers=numbers)
    tilepictures.repeat(third, title=title, tiles=paths, facts=[(word, line) for word, line in facts])
    return [str(first), str(second), str(third)]


def wall_art_mockups(folder: str, title: str, art: str, prints: list[dict[str, Any]]) -> list[str]:
    """The three included mockups of wall art: in a room, all sizes, on a table. `prints`: what `ratio_set` said."""
    first, second, third = (Path(folder) / n for n in ("1-room.jpg", "2-sizes.jpg", "3-close.jpg"))
    ratios = {r.name: r for r in crop.RATIOS}
    rows = []
    for made in prints:
        width, height = made["inches"]
        words = crop.sizes_in_words(ratios[made["ratio"]], (width, height))
        rows.append((made["ratio"].replace("x", ":").replace("-", " "), words, width / height))
    room.room(first, Path(art))
    room.size_chart(second, Path(art), title=shown(title, WALL_ART), prints=rows)
    room.on_table(third, Path(art))
    return [str(first), str(second), str(third)]


def poster_mockups(folder: str, art: str) -> list[str]:
    """The three included mockups of a poster: two rooms and a table."""
    first, second, third = (Path(folder) / n for n in ("1-room.jpg", "2-room-black.jpg", "3-close.jpg"))
    room.room(first, Path(art), frame="oak", seed=1)
    room.room(second, Path(art), frame="black", seed=2)
    room.on_table(third, Path(art))
    return [str(first), str(second), str(third)]


def card_mockups(folder: str, title: str, front: str, words: dict[str, str]) -> list[str]:
    """The three included mockups of a greeting card: the front on its envelope, the card open, the printed sheet."""
    title = shown(title, CARD)
    first, second, third = (Path(folder) / n for n in ("1-card.jpg", "2-inside.jpg", "3-sheet.jpg"))
    flatlay.card_cover(first, Path(front))
    flatlay.card_inside(second, Path(front), words=greeting.Words(**words), title=title)
    facts = [
        ("5 × 7 in", "folded, with bleed and fold marks"),
        ("PDF + PNG", "print-ready, 300 DPI"),
        ("At home", "or at a print shop"),
    ]
    flatlay.card_sheet(third, Path(front), facts=facts, title=title)
    return [str(first), str(second), str(third)]


def sticker_mockups(folder: str, title: str, subtitle: str, stickers: list[list[str]], sheet: str) -> list[str]:
    """The three included mockups of a sticker set, from pairs of PNG and cut line and one sheet's PNG."""
    title = shown(title, STICKERS)
    first, second, third = (Path(folder) / n for n in ("1-cover.jpg", "2-sheet.jpg", "3-cut-line.jpg"))
    pictures = [Path(png) for png, _ in stickers]
    facts = [
        (f"{len(pictures)} stickers" if len(pictures) > 1 else "1 sticker", "die-cut, white border"),
        ("300 DPI", "transparent PNG"),
        ("Cut lines", "SVG for cutting machines"),
    ]
    flatlay.sticker_cover(first, title=title, subtitle=subtitle, stickers=pictures)
    flatlay.sticker_sheet(second, sheet=Path(sheet), stickers=pictures, facts=facts, title=title)
    cut = sticker.read_cut_line(Path(stickers[0][1]))
    flatlay.sticker_detail(third, sticker=pictures[0], cut=cut, title=title, facts=facts)
    return [str(first), str(second), str(third)]


def listing_video(out: str, mockups: list[str], images: list[str], ffmpeg: str) -> dict[str, Any]:
    """The video of a listing (video.listing_video): `path`, `width`, `height`, `seconds`, `frames`. Raises ValueError,
    EncoderMissing, EncodingFailed."""
    shown = {"mockups": [Path(p) for p in mockups], "images": [Path(p) for p in images]}
    return video.listing_video(Path(out), **shown, ffmpeg=ffmpeg)


def place_in_scene(scene: str, art: str, out: str, corners: list[list[float]], light: bool = True) -> str:
    """The seller's own scene with the art between four corners. Raises ValueError."""
    placing.placed(Path(out), Path(scene), Path(art), [(x, y) for x, y in corners], light=light)
    return out


def sample_in_scene(scene: str, corners: list[list[float]], out: str) -> None:
    """A small image of a scene with a plain sample between its corners, to see that they are right. Raises ValueError."""
    folder = Path(out).parent
    sample, placed = folder / "sample.jpg", folder / "placed.jpg"
    placing.sample(sample)
    placing.placed(placed, Path(scene), sample, [(x, y) for x, y in corners])
    export.preview(placed, Path(out))
