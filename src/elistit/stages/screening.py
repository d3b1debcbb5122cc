"""Protected names in an order and in a listing, and the notes a seller reads about a listing's text (rules §4).

Reads only. It must never stop a draft: a name is pointed out with its reason, and a launch with one needs the seller's
explicit confirmation, which is kept with the project.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from elistit.listings import trademarks, truth
from elistit.listings.trademarks import Found
from elistit.projects.errors import InvalidSpec
from elistit.projects.launch import LaunchSpec
from elistit.projects.models import Project
from elistit.stages import facts as made

CONFIRM = "confirm_trademarks"
_ASKED = "negative"  # what the seller wants left out is no use of a name


def of_order(spec: LaunchSpec) -> list[Found]:
    """The protected names in what a seller asks for."""
    options = [text for code, text in spec.options.items() if code != _ASKED]
    return trademarks.find([spec.idea, spec.name, *options, *spec.words.values()])


def of_remake(project: Project, prompt: str | None) -> list[Found]:
    """The protected names in an edited prompt that the seller has not confirmed for this project already."""
    known = {str(t.get("name")) for t in project.trademarks or []}
    return [f for f in trademarks.find([prompt or ""]) if f.name not in known]


def require_confirmation(found: Sequence[Found], confirmed: bool) -> None:
    """Raises InvalidSpec naming the protected names, unless there are none or the seller confirmed them."""
    if found and not confirmed:
        names = ", ".join(f"“{f.name}” ({f.reason})" for f in found)
        words = f"Protected names: {names}. Change the words, or confirm that you may use them."
        raise InvalidSpec({CONFIRM: words})


def notes(
    project: Project, title: str, tags: Sequence[str], description: str, left_out: Iterable[str] = ()
) -> list[dict[str, str]]:
    """What the seller should know about a text: what it was checked against, what in it isn't true of the files, protected
    names in it, and which of their words were left out."""
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
