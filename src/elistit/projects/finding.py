"""Finding a project: by words (name, idea, subjects, listing title), by when it was launched, and by whether it needs its seller.

A project's words are kept in `SearchWord`, and `searchable_at` says that they are. Everything that changes what a project is
found by calls `changed` (moving its stage does so already); maintenance writes the words down (`write_words`). Until then it
is found by looking at its name, idea and title. Searching must never read every project a seller has.
"""

from __future__ import annotations

import datetime as dt
import functools
import re
import unicodedata
from typing import Any, cast

from django.db import connection, transaction
from django.db.models import Q, QuerySet
from ulid import ULID

from elistit import ports, prepared
from elistit.projects.desk_models import WORD_MAX, Label, ProjectLabel, SearchWord
from elistit.projects.models import Item, JobKind, Listing, Project
from elistit.projects.states import Stage

WORDS_MAX, ASKED_MAX = 600, 6
"""Most words of a project that are kept, and of a search that are looked for."""
WAITING = (Stage.AWAITING_APPROVAL, Stage.DESIGN_READY)
REFUSED = Q(draft=Listing.Draft.FAILED) | Q(text=Listing.Text.FAILED)
"""A listing that leaves its seller a choice: retry or skip the draft, write the text again."""
_WORD = re.compile(r"[^\W_]+")
# Scripts that are written without spaces: every two characters that follow each other are a word.
_UNSPACED = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff]+")
_POSSESSIVE = re.compile(r"(?<=\w)['’ʼ]s?\b")
_SPANS = ("today", "yesterday", "this week", "last week", "this month", "last month", "this year", "last year")
_SPAN = re.compile(rf"\b({'|'.join(_SPANS)})\b(?:['’ʼ]s\b)?", re.IGNORECASE)


def words_of(text: str) -> list[str]:
    """The words of a text as they are looked for: without case, accents and possessives; each once, in order."""
    plain = unicodedata.normalize("NFKD", _POSSESSIVE.sub("", text).casefold())
    plain = "".join(c for c in plain if not unicodedata.combining(c))
    found: dict[str, None] = {}
    for word in _WORD.findall(plain):
        for run in _UNSPACED.findall(word):
            found.update(dict.fromkeys(run[i : i + 2] for i in range(max(1, len(run) - 1))))
        if rest := _UNSPACED.sub("", word):
            found[rest[:WORD_MAX]] = None
    return list(found)


# ---- keeping the words -----------------------------------------------------------------------------------------------------


def changed(project: str) -> None:
    """Have a project's words written again. Call it in the transaction that changes them, after the change."""
    Project.objects.filter(pk=project).update(searchable_at=None)


def unwritten(most: int) -> list[str]:
    """Projects whose words are to be written, at most so many."""
    return list(Project.objects.filter(searchable_at=None).values_list("pk", flat=True)[:most])


def write_words(project_id: str) -> bool:
    """Write down the words of a project; none for a deleted one. Whether this call did. Safe to run twice at once."""
    with transaction.atomic():
        # Marked before it is read: who changes something after our reading waits here, and then asks for it again.
        if not Project.objects.filter(pk=project_id, searchable_at=None).update(searchable_at=ports.now()):
            return False
        project = Project.objects.get(pk=project_id)
        wanted = set() if project.stage == Stage.DELETED else set(words_of(_text(project))[:WORDS_MAX])
        held = dict(SearchWord.objects.filter(project=project).values_list("word", "pk"))
        SearchWord.objects.filter(pk__in=[pk for word, pk in held.items() if word not in wanted]).delete()
        SearchWord.objects.bulk_create(
            SearchWord(owner_id=project.owner_id, project=project, word=word) for word in sorted(wanted - set(held))
        )
        return True


def _text(project: Project) -> str:
    title = Listing.objects.filter(project=project).values_list("title", flat=True).first() or ""
    subjects = Item.objects.filter(job__project=project, job__kind=JobKind.LAUNCH).values_list("subject", flat=True)
    return " ".join([project.name, project.idea, title, *dict.fromkeys(subjects)])


# ---- searching -----------------------------------------------------------------------------------------------------------


def search(projects: QuerySet[Project], owner_id: int, text: str) -> QuerySet[Project]:
    """The projects of a seller that have every word of a search, or begin like it; or whose public id it is.

    “last month’s owl” is the owl of last month: such spans narrow by the day of launch (UTC)."""
    said = _SPAN.search(text)
    rest = f"{text[: said.start()]} {text[said.end() :]}" if said else text
    if public_id := re.fullmatch(r"[0-9A-HJKMNP-TV-Z]{26}", text.strip().upper()):
        return projects.filter(pk=public_id[0])
    if words := words_of(rest)[:ASKED_MAX]:
        projects = projects.filter(pk__in=_having(owner_id, words))
    elif not said and text.strip():
        # Signs alone are no words: they are looked for as they are.
        projects = projects.filter(Q(name__icontains=text.strip()) | Q(idea__icontains=text.strip()))
    return projects.filter(_launched(said[1])) if said else projects


def _having(owner_id: int, words: list[str]) -> QuerySet[Any, Any]:
    """The ids of a seller's projects with all these words: from what is written down, and by looking at what isn't yet."""
    written = SearchWord.objects.filter(_begins(words[0]), owner_id=owner_id)
    looked = Q()
    for word in words:
        if word != words[0]:
            more = SearchWord.objects.filter(_begins(word), owner_id=owner_id)
            written = written.filter(project__in=more.values("project"))
        part = _singular(word) or word
        looked &= Q(name__icontains=part) | Q(idea__icontains=part) | Q(listing__title__icontains=part)
    unwritten_ = Project.objects.filter(looked, owner_id=owner_id, searchable_at=None).order_by()
    return written.values_list("project").union(unwritten_.values_list("pk"))


def _begins(word: str) -> Q:
    """Words that begin like this one; one in the plural also finds the singular."""
    begins = Q(word__startswith=word)
    if connection.vendor != "postgresql":
        begins = Q(word__gte=word, word__lt=word + chr(0x10FFFF))
    return begins | Q(word=one) if (one := _singular(word)) else begins


def _singular(word: str) -> str:
    """A plural's singular, as far as its last letter tells; empty for other words."""
    return word[:-1] if len(word) > 3 and word.endswith("s") else ""


def labeled(owner_id: int, name: str) -> QuerySet[Any, Any]:
    """The ids of a seller's projects with a label; case makes no difference."""
    label = Label.objects.filter(owner=owner_id, folded=name.strip().casefold())
    return ProjectLabel.objects.filter(label__in=label).values("project")


def _launched(span: str) -> Q:
    """Launched in a span of days, weeks (from Monday), months or years, in UTC."""
    now = ports.now().astimezone(dt.UTC)
    day = now.replace(hour=0, minute=0, second=0, microsecond=0)
    which, _, unit = span.lower().rpartition(" ")
    if unit in ("today", "yesterday"):
        begin, end = (day, day + dt.timedelta(1)) if unit == "today" else (day - dt.timedelta(1), day)
    elif unit == "week":
        begin = day - dt.timedelta(day.weekday() + (7 if which == "last" else 0))
        end = begin + dt.timedelta(7)
    elif unit == "month":
        first = day.replace(day=1)
        begin, end = first, (first + dt.timedelta(32)).replace(day=1)
        if which == "last":
            begin, end = (first - dt.timedelta(1)).replace(day=1), first
    else:
        year = day.year - (which == "last")
        begin, end = day.replace(year=year, month=1, day=1), day.replace(year=year + 1, month=1, day=1)
    # By the ids, which begin with the moment of the launch: they are what the list is indexed by.
    lowest, highest = (str(ULID(int(at.timestamp() * 1000).to_bytes(6, "big") + bytes(10))) for at in (begin, end))
    return Q(pk__gte=lowest, pk__lt=highest)


# ---- what needs its seller -----------------------------------------------------------------------------------------------


def needing(owner_id: int) -> QuerySet[Project, str]:
    """The ids of the projects that wait for their seller: at a gate, with a refused draft, or with a listing that could not be
    written. Archived ones are left in peace."""
    own = Project.objects.filter(owner_id=owner_id, archived_at=None).order_by()
    # One query for each stage, so that each has its place in the index.
    waiting = [own.filter(stage=stage).values_list("pk", flat=True) for stage in WAITING]
    refused = own.filter(stage=Stage.COMPLETED, pk__in=Listing.objects.filter(REFUSED).values("pk"))
    found = waiting[0].union(*waiting[1:], refused.values_list("pk", flat=True), all=True)
    return cast("QuerySet[Project, str]", found)


def count_needing(owner_id: int, most: int = 100) -> int:
    """How many projects wait for their seller, counted up to `most`; one query."""
    return len(_needing_at_most(most).rows(owner_id))


@functools.cache
def _needing_at_most(most: int) -> prepared.Prepared[[int], Project]:
    return prepared.prepared(lambda owner_id: needing(owner_id)[:most])


# ---- ideas ---------------------------------------------------------------------------------------------------------------

LOOKED_BACK = 40
"""Launches looked through for different ideas: a seller who launches one idea again and again has few."""


def recent_ideas(owner_id: int, most: int = 6) -> list[Project]:
    """A seller's newest launches with different ideas, newest first, from the last 40 launches; one query."""
    rows = Project.objects.filter(owner_id=owner_id).exclude(stage=Stage.DELETED).order_by("-public_id")
    found: dict[str, Project] = {}
    for project in rows.only("public_id", "idea", "product")[:LOOKED_BACK]:
        found.setdefault(" ".join(project.idea.casefold().split()), project)
    return list(found.values())[:most]
