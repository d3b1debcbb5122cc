"""How a seller's own images are finished: cleaned, at print size, drawings as vector files too."""

from __future__ import annotations

from elistit.artwork import jobs, mockup_jobs
from elistit.projects.models import Item
from elistit.projects.products import Product, product_type
from elistit.stages import files
from elistit.stages.finishing.base import DPI, Finish, Kept, Work, enlarging, item_files, kept_items, stored
from elistit.stages.finishing.vector_files import kept_vector

# A seller's own image is enlarged to this size on its longest side.
OWN_PX = max(product_type(Product.CUSTOM).sizes["original"])
_USE = "Open the files in your design program, or print them: each says its size and has 300 DPI."


def _custom_item(work: Work, item: Item) -> Kept:
    stem, plan = files.final_stem(item), item.art["plan"]
    png = work.folder / f"{stem}.png"
    if plan["kind"] != "svg":
        [image] = item_files(work, item, "image")
        work.context.run(jobs.own_print, str(image), str(png), OWN_PX, **enlarging(), timeout=600)
        return [work.keep(png, "print", item=item)]
    [drawing] = item_files(work, item, "source")
    # Drawings with gradients and the like can't be cut files: the drawing stays as it is and is also delivered as an
    # image.
    made = work.context.run(
        jobs.own_drawing,
        str(drawing),
        str(work.folder),
        stem,
        item.subject or work.title,
        OWN_PX,
        plan["flat"],
        timeout=300,
    )
    if "cut" in made["files"]:
        return kept_vector(work, item, made)
    # The stored drawing stays the seller's own, byte for byte.
    name = f"{stem}.svg"
    kept = files.keep(work.context, work.job, drawing, "vector", name, item=item.number)
    return [kept, work.keep(png, "print", item=item)]


def _custom_whole(work: Work) -> Kept:
    prints = [str(p) for p in stored(work, "print")]
    images = [str(p) for p in stored(work, "image")]
    count = len(prints)
    subtitle = f"{count} {'image' if count == 1 else 'images'} · print-ready · {DPI} DPI"
    largest = max(work.context.run(jobs.longest_side, p, timeout=60) for p in prints)
    see_through = all(i.art["plan"].get("alpha") for i in kept_items(work.job))
    facts = [[f"{largest} px", "on the longest side"], [f"{DPI} DPI", "ready for print"]]
    facts.append(["Transparent", "PNG, no background"] if see_through else ["PNG", "sRGB, no loss"])
    made = work.context.run(
        mockup_jobs.own_mockups,
        str(work.folder),
        work.drawn_title,
        subtitle,
        images,
        prints[0],
        facts,
        see_through,
        timeout=300,
    )
    return [work.keep(p, "mockup") for p in made]


def _custom_facts(count: int) -> list[tuple[str, str]]:
    return [
        ("Images", f"{count} PNG {'file' if count == 1 else 'files'}"),
        ("Resolution", f"{DPI} DPI"),
        ("Color", "sRGB"),
    ]


FINISH = Finish(_custom_item, _custom_whole, _custom_facts, _USE)
