"""Which outside tools the operator chose for work on pictures that this machine can also do itself.

`ELISTIT_CUTOUT`, `ELISTIT_UPSCALE` and `ELISTIT_POSTER_UPSCALE` each name a tool (`replicate/…`) or the work done here.
A tool that was chosen is used or the try fails: the work is never quietly done here instead.
"""

from __future__ import annotations

import os
from dataclasses import dataclass

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


def problems() -> list[str]:
    """What is wrong with the choice, one sentence each, for the operator."""
    found = []
    for work in ALL:
        wanted = os.environ.get(work.variable, "").strip() or work.here[0]
        fitting = [code for code, tool in TOOLS.items() if tool.does is work.does]
        if wanted not in (*work.here, *fitting):
            able = f"{', '.join((*work.here, *fitting)[:-1])} or {(*work.here, *fitting)[-1]}"
            found.append(f"{work.variable} is “{wanted[:60]}”; it can be {able}.")
        elif "/" in wanted and not os.environ.get("ELISTIT_REPLICATE_TOKEN", "").strip():
            found.append(f"{work.variable} chooses a tool at Replicate, and ELISTIT_REPLICATE_TOKEN is not set.")
    return found
