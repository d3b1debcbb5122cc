"""Protected names in an order or in an edited prompt, and the seller's confirmation that they may be used (rules §4).

Read-only. A launch or remake with a protected name needs the seller's explicit confirmation, which is stored with the
project; a name confirmed there needs no second confirmation.
"""

from __future__ import annotations

from collections.abc import Sequence

from elistit.listings import trademarks
from elistit.listings.trademarks import Found
from elistit.projects.errors import InvalidSpec
from elistit.projects.models import Project
from elistit.projects.orders import LaunchSpec

CONFIRM = "confirm_trademarks"
_ASKED = "negative"  # a name in what the seller wants to avoid isn't a use of it


def of_order(spec: LaunchSpec) -> list[Found]:
    """The protected names in what a seller asks for."""
    options = [text for code, text in spec.options.items() if code != _ASKED]
    return trademarks.find([spec.idea, spec.name, *options, *spec.words.values()])


def of_remake(project: Project, prompt: str | None) -> list[Found]:
    """The protected names in an edited prompt that the seller hasn't confirmed for this project yet."""
    known = {str(t.get("name")) for t in project.trademarks or []}
    return [f for f in trademarks.find([prompt or ""]) if f.name not in known]


def require_confirmation(found: Sequence[Found], confirmed: bool) -> None:
    """Raises InvalidSpec naming the protected names, unless there are none or the seller confirmed them."""
    if found and not confirmed:
        names = ", ".join(f"“{f.name}” ({f.reason})" for f in found)
        words = f"Protected names: {names}. Change the words, or confirm that you may use them."
        raise InvalidSpec({CONFIRM: words})
