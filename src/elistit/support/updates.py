"""What an update of this installation changed, from the changelog that comes with it (CHANGELOG.md).

Owners see what is new since they last marked it as read. It must never ask anyone outside, and never show as new what was
there when a person became an owner.
"""

from __future__ import annotations

import contextlib
import functools
import hashlib
import re
from dataclasses import dataclass
from pathlib import Path

from django.db import DatabaseError, transaction
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from elistit.accounts.models import User
from elistit.support.models import ReadChanges

PATH = Path(__file__).resolve().parents[1] / "changelog.markdown"
SECTION = re.compile(r"^(##|###) (.+)$")
MARKUP = (
    (re.compile(r"\[([^\]]+)\]\([^)]+\)"), r"\1"),  # its addresses are those of the repository
    (re.compile(r"`([^`]+)`"), r'<span class="code">\1</span>'),
    (re.compile(r"\*\*([^*]+)\*\*"), r"<strong>\1</strong>"),
)


@dataclass(frozen=True)
class Change:
    """One entry: its release (“Unreleased”, “1.2.0 - 2026-11-28”), its kind (“Added”, “Fixed” …) and its Markdown."""

    release: str
    kind: str
    text: str

    @property
    def digest(self) -> str:
        """The same for the same text, whatever release it is listed under: an entry moves there when it is released."""
        return hashlib.sha256(self.text.encode()).hexdigest()[:16]

    @property
    def html(self) -> SafeString:
        shown = str(escape(self.text))
        for pattern, replacement in MARKUP:
            shown = pattern.sub(replacement, shown)
        return mark_safe(shown)  # escaped above


def parse(text: str) -> tuple[Change, ...]:
    """The entries of a changelog in the format of Keep a Changelog, in its order. Text outside of entries is left out."""
    found: list[Change] = []
    entry: list[str] = []
    release = kind = ""

    def close() -> None:
        if entry:
            found.append(Change(release, kind, " ".join(entry)))
            entry.clear()

    for line in text.splitlines():
        heading = SECTION.match(line)
        if heading:
            close()
            release, kind = (heading[2], "") if heading[1] == "##" else (release, heading[2])
        elif line.startswith(("* ", "- ")):
            close()
            entry.append(line[2:].strip())
        elif entry and line.strip():
            entry.append(line.strip())
        else:
            close()
    close()
    return tuple(found)


@functools.cache
def changes() -> tuple[Change, ...]:
    """The entries of this installation's changelog. Raises OSError when the file isn't there."""
    return parse(PATH.read_text(encoding="utf-8"))


def unread(owner: User) -> list[Change]:
    """What is new to an owner. At the first call for a person everything is marked as read, and nothing is new; also where that
    can't be written, because the console must open while the disk is full."""
    row = ReadChanges.objects.filter(person=owner).first()
    if row is None:
        with contextlib.suppress(DatabaseError), transaction.atomic():
            mark_read(owner)
        return []
    return [change for change in changes() if change.digest not in row.digests]


def mark_read(owner: User) -> None:
    """Mark everything that is listed now as read. Idempotent."""
    ReadChanges.objects.update_or_create(person=owner, defaults={"digests": _digests()})


def _digests() -> list[str]:
    return sorted({change.digest for change in changes()})
