"""What a page repeats many times: the card of a project in the list, the choices of a select, the rows of the credit history.

Filled in by Python, because a template looks up each name of each row, and a page has dozens of rows: this takes a fifth of the time.
Every text goes through `escape`. It must never decide what is shown, only how.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from html import escape
from typing import Any
from urllib.parse import quote

from django import template
from django.utils.safestring import SafeString, mark_safe

from elistit.credits.models import CreditTransaction
from elistit.projects.models import Item, Project
from elistit.projects.states import Stage
from elistit.studio.showing import Plate
from elistit.studio.templatetags import cached, studio

register = template.Library()

AT_ONCE = 3
"""Cards whose images are loaded at once; those of the others when they come into sight."""

CARD = (
    '<li class="carded">\n'
    '    <span class="card-acts"><label class="picker" for="pick-{pk}"><input type="checkbox" class="pick" id="pick-{pk}" '
    'hx-preserve="true" name="ids" value="{pk}" form="bulk"><span class="unseen">Select {name}</span></label>{star}{zoom}</span>\n'
    '    <a class="card" href="{address}">\n'
    '      <span class="mat {mat}">\n'
    "        {images}\n"
    "      </span>\n"
    '      <span class="card-name">{name}</span>\n'
    "    </a>\n"
    '    <p class="card-note"><span>{product}, {count} image{plural}</span> '
    '<span class="stage stage-{stage}">{stage_words}{note}</span>{refused}</p>\n'
    "    {labels}\n"
    "    {progress}\n"
    "  </li>"
)
STAR = (
    '<button class="star" id="star-{pk}" form="one" formaction="{address}" name="act" value="{act}" aria-pressed="{pressed}" '
    'aria-label="Favorite: {name}">{sign}</button>'
)
ZOOM = '<button class="zoom" type="button" data-zoom="{address}" data-caption="{name}" aria-label="Zoom: {name}" hidden>⤢</button>'
IMAGE = '<img id="picture-{id}" hx-preserve="true" src="{address}" alt=""{lazy} width="{side}" height="{side}">'


@register.simple_tag
def card(entry: Mapping[str, Any], number: int) -> SafeString:
    """A project in the list: `entry` is what `views.project_list` says of it, `number` its place on the page."""
    project: Project = entry["project"]
    pk, name, pictures = escape(project.pk), escape(project.name), entry["pictures"]
    whole, back, refused = entry.get("of"), entry.get("back"), entry["refused"]
    note = f", {studio.credits(back)} refunded" if back else ""
    progress = ""
    if whole:
        note = f' <span class="figures">{entry["so_far"]} of {whole}</span>'
        progress = f'<progress max="{whole}" value="{entry["so_far"]}" aria-label="{name}"></progress>'
    favorite = project.favorite_at is not None
    star = STAR.format(
        pk=pk, address=cached.address_of("organize", project.pk), act="unfavorite" if favorite else "favorite",
        pressed="true" if favorite else "false", name=name, sign="★" if favorite else "☆",
    )  # fmt: skip
    return mark_safe(
        CARD.format(
            pk=pk, name=name, star=star, address=cached.address_of("project", project.pk),
            zoom=ZOOM.format(address=studio.picture(project.pk, pictures[0]), name=name) if pictures else "",
            mat="four" if len(pictures) >= 4 else "one" if pictures else "none", images=_images(project, pictures, number),
            product=escape(studio.product_words(project.product)), count=project.count,
            plural="" if project.count == 1 else "s", stage=escape(project.stage),
            stage_words=escape(studio.stage_words(project.stage)), note=note,
            refused=f' <span class="trouble-ink">{escape(refused)}</span>' if refused else "",
            labels=_labels(entry["labels"]), progress=progress,
        )
    )  # fmt: skip


def _images(project: Project, pictures: list[int], number: int) -> str:
    if not pictures:
        return f'<span class="unmade">{"No images" if project.stage == Stage.FAILED else "No images yet"}</span>'
    lazy = ' loading="lazy"' if number > AT_ONCE else ""
    shown, side = (pictures, 256) if len(pictures) >= 4 else (pictures[:1], 512)
    images = [IMAGE.format(id=f, address=studio.picture(project.pk, f), lazy=lazy, side=side) for f in shown]
    return "".join(images) + "\n        "


def _labels(names: list[str]) -> str:
    if not names:
        return ""
    rows = "".join(f'<li><a href="?label={quote(name)}">{escape(name)}</a></li>' for name in names)
    return f'<ul class="labels" aria-label="Labels">{rows}</ul>'


PLATE = (
    '<img id="picture-{id}" hx-preserve="true" src="{address}" alt="{alt}" width="512" height="512" loading="lazy">'
    '<button class="zoom" type="button" data-zoom="{large}" data-caption="{number} {caption}" '
    'aria-label="Zoom: image {number}" hidden>⤢</button>'
)


@register.simple_tag
def plate_image(project_id: str, plate: Plate) -> SafeString:
    """The image of an item on its project's page; enlarged, it is the image itself where that may be shown."""
    item, picture = plate.item, plate.picture
    assert picture is not None, "asked for only where there is one"
    large = plate.image if plate.image is not None and not plate.lost else picture
    return mark_safe(
        PLATE.format(
            id=picture.pk, address=studio.picture(project_id, picture.pk), alt=escape(item.subject or item.prompt),
            large=studio.picture(project_id, large.pk), number=item.number, caption=_caption(item),
        )
    )  # fmt: skip


@register.simple_tag
def plate_caption(plate: Plate) -> SafeString:
    """An item's number and what it shows."""
    return mark_safe(f'<span class="number">{plate.item.number}</span> {_caption(plate.item)}')


def _caption(item: Item) -> str:
    words = cached.shortened(item.subject or item.prompt, 70)
    return escape(words[:1].upper() + words[1:])


@register.simple_tag
def options(choices: Iterable[tuple[str, str]], chosen: str = "", most: int = 0) -> SafeString:
    """The choices of a select as (value, words), with one chosen; words longer than `most` characters are cut."""
    return mark_safe(
        "".join(
            f'<option value="{escape(value)}"{" selected" if value == chosen else ""}>'
            f"{escape(cached.shortened(words, most) if most else words)}</option>"
            for value, words in choices
        )
    )


ROW = """<tr id="row-{seq}">
    <td data-label="When">{when}</td>
    <td data-label="Type"><span title="{type}">{type_words}</span></td>
    <td data-label="Reason">{reason}</td>
    {project}
    {item}
    <td data-label="Credits" class="amount{gain}">{amount}</td>
    <td data-label="Balance" class="amount">{balance:,}</td>
  </tr>"""


@register.simple_tag
def history_row(entry: CreditTransaction, project_name: str = "", project_gone: bool = False) -> SafeString:
    """A row of the credit history, with the name of its project and whether that was deleted."""
    project, item = '<td data-label="Project" class="blank"></td>', '<td data-label="Item" class="blank"></td>'
    if entry.project:
        shown = escape(cached.shortened(project_name or entry.project, 40))
        gone = ' <span class="quiet">deleted</span>' if project_gone else ""
        address = cached.address_of("project", entry.project)
        project = f'<td data-label="Project"><a href="{address}#quote">{shown}</a>{gone}</td>'
    if entry.item is not None:
        item = f'<td data-label="Item">{entry.item}</td>'
    return mark_safe(
        ROW.format(
            seq=entry.seq, when=studio.moment(entry.created_at), type=escape(entry.type),
            type_words=escape(studio.transaction_words(entry.type)), reason=escape(entry.reason), project=project, item=item,
            gain=" gain" if entry.amount > 0 else "", amount=studio.signed(entry.amount), balance=entry.balance_after,
        )
    )  # fmt: skip
