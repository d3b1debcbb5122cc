"""Which outside tools the operator chose for work on images that this machine can also do itself.

`ELISTIT_CUTOUT`, `ELISTIT_UPSCALE` and `ELISTIT_POSTER_UPSCALE` each name a tool (`replicate/…`) or the work done here.
A tool that was chosen is used or the attempt fails: the work is never quietly done here instead.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass

from elistit.providers.replicate import pins
from elistit.providers.replicate.models import MODELS
from elistit.providers.replicate.tools import TOOLS, Does


@dataclass(frozen=True)
class Work:
    """One kind of work: the environment's name for who does it, what a tool for it does, and the words for doing it here."""

    variable: str
    does: Does
    here: tuple[str, ...]


CUT_OUT = Work("ELISTIT_CUTOUT", Does.CUT_OUT, ("local",))
UPSCALE = Work("ELISTIT_UPSCALE", Does.ENLARGE, ("auto", "neural", "fast"))
POSTER = Work("ELISTIT_POSTER_UPSCALE", Does.ENLARGE, ("local",))
POSTER_FACTOR = 10
ALL = (CUT_OUT, UPSCALE, POSTER)


def chosen(work: Work) -> str:
    """The code of the tool that does this work; empty when it is done here. A code that is none is `problems`' to name."""
    wanted = os.environ.get(work.variable, "").strip()
    return wanted if "/" in wanted else ""


def problems(environment: Mapping[str, str] | None = None) -> dict[str, str]:
    """What is wrong with the choice: by the environment's name, one sentence for the operator."""
    given = os.environ if environment is None else environment
    found = {}
    for work in ALL:
        wanted = given.get(work.variable, "").strip() or work.here[0]
        fitting = [code for code, tool in TOOLS.items() if tool.does is work.does]
        if wanted not in (*work.here, *fitting):
            *most, last = (*work.here, *fitting)
            found[work.variable] = f"{work.variable} is “{wanted[:60]}”; it can be {', '.join(most)} or {last}."
        elif "/" in wanted and not given.get("ELISTIT_REPLICATE_TOKEN", "").strip():
            words = f"{work.variable} chooses a tool at Replicate, and ELISTIT_REPLICATE_TOKEN is not set."
            found[work.variable] = words
    if wrong := pins.problem({code.split("/", 1)[1] for code in (*MODELS, *TOOLS)}, given.get(pins.NAME, "")):
        found[pins.NAME] = wrong
    return found
