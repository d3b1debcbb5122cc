"""How a greeting card is finished: a folded, print-ready PDF and its front as PNG."""

from __future__ import annotations

from elistit.artwork import jobs, mockup_jobs
from elistit.projects.models import Item
from elistit.stages import files
from elistit.stages.finishing.base import DPI, Finish, Kept, Work, item_files, stored

_FOLD = "Print the PDF on both sides, flip on the short edge, cut along the trim marks and fold in the middle."


def _card_words(work: Work) -> dict[str, str]:
    return dict(work.job.project.words)


def _card_item(work: Work, item: Item) -> Kept:
    [image] = item_files(work, item, "image")
    base = files.base(work.job, work.title)
    pdf, png = work.folder / f"{base}-card.pdf", work.folder / f"{base}-front.png"
    words = _card_words(work)
    layout = "captioned" if words.get("front") else "full"
    work.context.run(jobs.folded_card, str(image), str(pdf), str(png), work.title, words, layout, timeout=180)
    return [work.keep(pdf, "vector", item=item), work.keep(png, "print", item=item)]


def _card_whole(work: Work) -> Kept:
    front = str(stored(work, "print")[0])
    made = work.context.run(
        mockup_jobs.card_mockups, str(work.folder), work.drawn_title, front, _card_words(work), timeout=300
    )
    return [work.keep(p, "mockup") for p in made]


def _card_facts(count: int) -> list[tuple[str, str]]:
    return [
        ("Card", f"5 × 7 in folded, print-ready PDF: the front is an image at {DPI} DPI, the words are vector text"),
        ("Front", f"PNG, 1500 × 2100 px at {DPI} DPI"),
    ]


FINISH = Finish(_card_item, _card_whole, _card_facts, _FOLD, ("5 × 7 in",))
