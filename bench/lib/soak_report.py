"""What a soak comes to: the judgment of the auditor and the provider's books, memory fitted with a line, and the section for the figures.

It must never start, stop or change anything.
"""

from __future__ import annotations

import argparse
import json
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from bench.farm import Farm

SETTLED_AFTER = 0.2
"""The first share of the run that is left out of the memory line: processes fill their pools and caches there."""


@dataclass
class Story:
    """What happened so far."""

    began: float = field(default_factory=time.monotonic)
    done: Counter[str] = field(default_factory=Counter)
    memory: list[tuple[float, dict[str, float]]] = field(default_factory=list)
    most_silent: float = 0.0
    silent_jobs: int = 0
    most_unanswered: float = 0.0
    connections: int = 0
    cpu: float = 0.0

    @property
    def minutes(self) -> float:
        return (time.monotonic() - self.began) / 60


def verdict(farm: Farm, story: Story) -> dict[str, Any]:
    """What the auditor, the provider's books and the tables say at the end."""
    from django.db.models import Count

    from elistit.chain.models import Attempt, ProviderCall
    from elistit.projects.models import Item, Job, Project
    from tests.recovery.till import Till

    answer = farm.cli("audit", "--files", "--json")
    report = {"checks": [], "said": f"exit {answer.returncode}: {answer.stderr}"}
    if answer.returncode in (0, 1):
        report = json.loads(answer.stdout)
    till = Till(Path(farm.env["TILL"]))
    broken = [v for c in report["checks"] for v in c["violations"]] + ([report["said"]] if "said" in report else [])
    stages = dict(Project.objects.values_list("stage").annotate(n=Count("pk")))
    crashed = Attempt.objects.filter(outcome="crashed", note=False).count()
    return {
        "stages": stages, "left at work": Job.objects.filter(status__in=["QUEUED", "RUNNING", "WAITING"]).count(),
        "attempts": Attempt.objects.filter(note=False).count(), "taken over": Attempt.objects.filter(note=False, starts__gt=1).count(),
        "notes of recovery": Attempt.objects.filter(note=True, outcome="recovered").count(), "crashed": crashed,
        "items": Item.objects.count(), "calls": ProviderCall.objects.count(), "sold": till.sales(),
        "asked again": till.asked_again(), "bought twice": till.bought_twice(), "checked": sum(c["checked"] for c in report["checks"]),
        "violations": broken, "slopes": slopes(story),
    }  # fmt: skip


def slopes(story: Story) -> dict[str, tuple[float, float, float]]:
    """For each process: MB at the beginning of the line, at its end, and MB an hour (least squares)."""
    settled = [m for m in story.memory if m[0] >= story.memory[-1][0] * SETTLED_AFTER] if story.memory else []
    found = {}
    for name in settled[0][1] if len(settled) > 2 else ():
        xs, ys = [m[0] / 60 for m in settled], [m[1][name] for m in settled]
        mx, my = sum(xs) / len(xs), sum(ys) / len(ys)
        over = sum((x - mx) ** 2 for x in xs) or 1.0
        found[name] = (ys[0], ys[-1], sum((x - mx) * (y - my) for x, y in zip(xs, ys, strict=True)) / over)
    return found


def section(given: argparse.Namespace, story: Story, found: dict[str, Any]) -> str:
    """The section for the figures."""
    done, stages = story.done, found["stages"]
    rows = [
        ("minutes of load and trouble", f"{done['minutes of trouble']:,}"),
        ("processor time used by all of it", f"{story.cpu:.2f} of one core"),
        ("projects launched", f"{done['launched']:,}"),
        ("… completed / failed and refunded / deleted", " / ".join(f"{stages.get(s, 0):,}" for s in ("completed", "failed", "deleted"))),
        ("attempts, of them taken over from a dead or frozen worker", f"{found['attempts']:,}, {found['taken over']:,}"),
        ("workers killed / frozen / database crashes", " / ".join(f"{done[k]:,}" for k in ("workers killed", "workers frozen", "database crashes"))),
        ("workers that died by themselves", f"{done['workers that died by themselves']:,}"),
        ("images sold by the provider; bought twice", f"{found['sold']:,}; **{len(found['bought twice'])}**"),
        ("requests repeated under their own key and recognised", f"{found['asked again']:,}"),
        ("longest silence of a job at work; jobs silent over 2 min", f"{story.most_silent:.0f} s; **{story.silent_jobs}**"),
        ("pages asked for / answered", f"{done['pages asked for']:,} / {done['pages answered']:,}"),
        ("longest time in which no page was answered", f"{story.most_unanswered:.0f} s"),
        ("database connections, most at once (the bench's own among them)", f"{story.connections}"),
        ("jobs left without an end", f"**{found['left at work']}**"),
        ("facts checked by `elistit audit --files`; violations", f"{found['checked']:,}; **{len(found['violations'])}**"),
    ]  # fmt: skip
    names = {
        "worker": "the worker that was never killed",
        "web": "the web server, asked every 2 s",
        "driver": "the bench itself",
    }
    for name, (first, last, slope) in found["slopes"].items():
        rows.append((f"memory of {names[name]}", f"{first:.0f} → {last:.0f} MB, {slope:+.1f} MB an hour"))
    table = "\n".join(f"| {what} | {figure} |" for what, figure in rows)
    words = (
        f"`python bench/soak.py --minutes {given.minutes:g}` — {given.workers} workers and a web server on PostgreSQL, "
        "light work, faults on: workers killed every 20–70 s and frozen for 2–15 s, the database crashed (`-m immediate`) every "
        "4–8 minutes for up to 6 s, a provider that refuses, throttles and loses answers; sellers approve, delete, remake and "
        "retry all the while."
    )
    return f"## Soak with faults on\n{words}\n\n| | |\n| --- | --: |\n{table}\n"
