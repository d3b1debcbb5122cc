"""The notes a seller reads about a listing's text: what it was checked against, what isn't true, protected names in it.

Read-only. It must never stop a draft: a name is pointed out with its reason (rules §4).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from elistit.listings import trademarks, truth
from elistit.projects.models import Project
from elistit.stages import facts as made


def notes(
    project: Project, title: str, tags: Sequence[str], description: str, left_out: Iterable[str] = ()
) -> list[dict[str, str]]:
    """What the seller should know about a text: what it was checked against, what in it isn't true of the files,
    protected names in it, and which of the seller's words were left out."""
    facts = made.of(project)
    false = truth.check(title, tags, description, facts)
    known = {str(t.get("name")): t for t in project.trademarks or []}
    found = [{"code": "checked", "words": truth.summary(facts)}]
    found += [{"code": "untrue", "words": f.words} for f in false]
    for name in trademarks.find([title, *tags, description]):
        when = f"in the remake of item {item}" if (item := known.get(name.name, {}).get("item")) else "at launch"
        said = f" You confirmed {when} that you may use it." if name.name in known else ""
        found.append({"code": "trademark", "words": name.words + said})
    return found + [{"code": "left_out", "words": words} for words in left_out]
