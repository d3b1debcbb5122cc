"""Rules §5.1, §5.7: four attempts at most, 10, 30 and 60 seconds apart; pauses asked for up to a minute, five times, use none up."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from itertools import pairwise

from elistit.chain.models import Attempt
from elistit.simulator.town import Town

PAUSES = {1: 10, 2: 30, 3: 60}
SETTLED = ("", "made", "stopped")


def check(town: Town) -> Iterator[str]:
    units: dict[tuple[str, str, int, int], list[Attempt]] = defaultdict(list)
    for a in Attempt.objects.filter(note=False).order_by("id"):
        units[a.job_id, a.stage, a.item, a.round].append(a)
    for (job, stage, item, round_), attempts in units.items():
        who = f"{stage} item {item} round {round_} of job …{job[-4:]}"
        counted = {a.number for a in attempts if a.outcome not in ("", "stopped")}
        if counted and max(counted) > 4:
            yield f"{who} was tried {max(counted)} times"
        if len({(a.number, a.wait) for a in attempts}) != len(attempts):
            yield f"{who} has two records of one attempt"
        if max((a.wait for a in attempts), default=0) > 5:
            yield f"{who} was paused more than five times in one attempt"
        for before, after in pairwise(attempts):
            yield from _pause(who, before, after, clock_went_back=town.jumps > 0)


def _pause(who: str, before: Attempt, after: Attempt, clock_went_back: bool) -> Iterator[str]:
    if before.ended_at is None or before.outcome in SETTLED:
        if before.outcome == "made":
            yield f"{who} was retried after it had been made"
        return
    waited = (after.started_at - before.ended_at).total_seconds()
    least = PAUSES.get(before.number, 0) if after.number > before.number and not clock_went_back else 0
    if after.number > before.number and before.outcome in ("transient", "unknown") and waited + 0.5 < least:
        yield f"{who}: try {after.number} came {waited:.0f} s after try {before.number}, not {least}"
    if before.outcome in ("rejected", "blocked_prompt", "operator"):
        yield f"{who} was retried although it was {before.outcome}"
