"""Which outside tools the operator chose for work on images that this machine can also do itself.

`ELISTIT_CUTOUT`, `ELISTIT_UPSCALE` and `ELISTIT_POSTER_UPSCALE` each name a tool (`replicate/…`) or the work done here.
A tool that was chosen is used or the attempt fails: the work is never quietly done here instead.
"""

from __future__ import annotations

from dataclasses import dataclass

from elistit import config
from elistit.config import Config
from elistit.providers.replicate import pins
from elistit.providers.replicate.models import MODELS
from elistit.providers.replicate.tools import TOOLS, Does


@dataclass(frozen=True)
class Work:
    """One kind of work: the setting that says who does it, by its name and as a field of the workers' settings; what a tool for
    it does, and the words for doing it here."""

    variable: str
    field: str
    does: Does
    here: tuple[str, ...]

    def wanted(self, settings: Config) -> str:
        return str(getattr(settings.workers, self.field))


CUT_OUT = Work("ELISTIT_CUTOUT", "cutout", Does.CUT_OUT, ("local",))
UPSCALE = Work("ELISTIT_UPSCALE", "upscale", Does.ENLARGE, ("auto", "neural", "fast"))
POSTER = Work("ELISTIT_POSTER_UPSCALE", "poster_upscale", Does.ENLARGE, ("local",))
POSTER_FACTOR = 10
ALL = (CUT_OUT, UPSCALE, POSTER)


def chosen(work: Work) -> str:
    """The code of the tool that does this work; empty when it is done here. A code that is none is `problems`' to name."""
    wanted = work.wanted(config.current())
    return wanted if "/" in wanted else ""


def problems(settings: Config | None = None) -> dict[str, str]:
    """What is wrong with the choice: by the setting's name, one sentence for the operator."""
    settings = settings or config.current()
    found = {}
    for work in ALL:
        wanted = work.wanted(settings)
        fitting = [code for code, tool in TOOLS.items() if tool.does is work.does]
        if wanted not in (*work.here, *fitting):
            *most, last = (*work.here, *fitting)
            found[work.variable] = f"{work.variable} is “{wanted[:60]}”; it can be {', '.join(most)} or {last}."
        elif "/" in wanted and not settings.replicate.token:
            words = f"{work.variable} chooses a tool at Replicate, and ELISTIT_REPLICATE_TOKEN is not set."
            found[work.variable] = words
    if wrong := pins.problem({code.split("/", 1)[1] for code in (*MODELS, *TOOLS)}, settings.replicate.models):
        found[pins.NAME] = wrong
    return found
