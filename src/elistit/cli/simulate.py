"""`elistit simulate`: the rules under every kind of trouble, by the thousand, on a clock of their own.

Runs in processes and memory of its own; nothing of the installation is read or changed.
"""

from __future__ import annotations

import os
import time
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from typing import Any

import click

from elistit.cli.frame import DONE, FAILED, BadInput, answer_json, with_json

BATCH = 20


@click.command("simulate", short_help="Run the rules under every kind of trouble.")
@click.option(
    "--projects",
    type=click.IntRange(1, 100_000_000),
    default=500,
    show_default=True,
    help="Stop after this many projects.",
)
@click.option("--seed", type=click.IntRange(0, 2**40), default=0, show_default=True, help="The first history's seed.")
@click.option(
    "--jobs", type=click.IntRange(1, 256), default=os.cpu_count() or 1, help="Processes.  [default: one per core]"
)
@click.option("--planted", default="", help="Plant a bug, to see it found; “list” shows them.")
@click.option(
    "--every-point",
    is_flag=True,
    help="One project of each product, killed at every statement and failed at every call.",
)
@click.option("--product", default="", help="With --every-point: only this product type.")
@with_json
def simulate_command(
    projects: int, seed: int, jobs: int, planted: str, every_point: bool, product: str, as_json: bool
) -> int:
    """Live many short histories of sellers, projects, dying workers and failing services through the product's own rules, and
    check every promise after each. The same seed gives the same history. A history that breaks a promise is made smaller and
    told in words; then the exit code is 1.
    """
    for name in [n for n in os.environ if n.startswith("ELISTIT_")]:
        del os.environ[name]
    from elistit.simulator import planted as bugs
    from elistit.simulator import running

    if planted == "list":
        _list(bugs.BUGS, as_json)
        return DONE
    if planted and planted not in bugs.BUGS:
        raise BadInput(f"There is no planted bug “{planted[:40]}”. “--planted list” shows them.")
    if product and product not in running.SMALLEST:
        raise BadInput(f"There is no such product here. Choose one of: {', '.join(running.SMALLEST)}.")
    if product and not every_point:
        raise BadInput("--product goes with --every-point.")
    began = time.monotonic()
    products = [product] if product else list(running.SMALLEST)
    found = _points(products, jobs) if every_point else _histories(projects, seed, jobs, planted)
    found["seconds"] = round(time.monotonic() - began, 1)
    if as_json:
        answer_json(found)
    else:
        _tell(found)
    return DONE if not found["violations"] else FAILED


def _list(bugs: dict[str, Any], as_json: bool) -> None:
    if as_json:
        answer_json({"planted": {name: bug.story for name, bug in bugs.items()}})
        return
    for name, bug in bugs.items():
        click.echo(f"{name:24} {bug.story}")


def _pool(jobs: int) -> ProcessPoolExecutor:
    return ProcessPoolExecutor(jobs, mp_context=get_context("spawn"))


def _histories(projects: int, seed: int, jobs: int, planted: str) -> dict[str, Any]:
    done = {"projects": 0, "histories": 0, "steps": 0}
    with _pool(jobs) as pool:
        waiting = [pool.submit(batch, seed + n * BATCH, planted) for n in range(jobs * 2)]
        following = seed + jobs * 2 * BATCH
        while waiting:
            answer = waiting.pop(0).result()
            for name in done:
                done[name] += answer[name]
            if answer["violations"]:
                for other in waiting:
                    other.cancel()
                return {**done, **{k: answer[k] for k in ("violations", "seed", "told")}}
            if done["projects"] < projects:
                waiting.append(pool.submit(batch, following, planted))
                following += BATCH
    return {**done, "violations": [], "seed": None, "told": []}


def batch(first: int, planted: str) -> dict[str, Any]:
    """Live some histories in this process; stop at the first that breaks a promise and make it smaller."""
    import contextlib

    from elistit.simulator import planted as bugs
    from elistit.simulator import running

    running.prepare()
    counts = {"projects": 0, "histories": 0, "steps": 0}
    plant: Any = bugs.BUGS[planted].plant if planted else contextlib.nullcontext
    with plant():
        for seed in range(first, first + BATCH):
            result = running.history(seed)
            counts["projects"] += result.projects
            counts["histories"] += 1
            counts["steps"] += result.steps
            if result.violations:
                small = running.smaller(result)
                return {**counts, "violations": small.violations, "seed": seed, "told": small.told}
    return {**counts, "violations": [], "seed": None, "told": []}


def _points(products: list[str], jobs: int) -> dict[str, Any]:
    with _pool(jobs) as pool:
        answers = list(pool.map(points, products))
    broken = [a for a in answers if a["violations"]]
    counts = {a["product"]: a["points"] for a in answers}
    first = broken[0] if broken else {"violations": [], "told": [], "where": ""}
    told = {name: first[name] for name in ("violations", "where", "told")}
    return {"points": sum(counts.values()), "by_product": counts, "seed": None, **told}


def points(product: str) -> dict[str, Any]:
    """Every point of one product in this process; stops at the first that breaks a promise."""
    from elistit.simulator import running

    running.prepare()
    count = 0
    for where, result in running.every_point(product):
        count += 1
        if result.violations:
            return {
                "product": product,
                "points": count,
                "violations": result.violations,
                "where": where,
                "told": result.told,
            }
    return {"product": product, "points": count, "violations": [], "where": "", "told": []}


def _tell(found: dict[str, Any]) -> None:
    if "points" in found:
        for product, count in found["by_product"].items():
            click.echo(f"{product:14} {count:6,} points")
        click.echo(f"{found['points']:,} points in {found['seconds']} s")
    else:
        rate = found["projects"] / found["seconds"] if found["seconds"] else 0
        click.echo(f"{found['projects']:,} projects in {found['histories']:,} histories, {found['steps']:,} steps, {found['seconds']} s ({rate:.0f} projects a second)")  # noqa: E501  # fmt: skip
    if not found["violations"]:
        click.echo("Every promise held.")
        return
    click.echo(f"A promise broke{' when ' + found['where'] if found.get('where') else ''}:")
    for words in found["violations"]:
        click.echo(f"  {words}")
    click.echo("What happened, as short as it could be made:")
    for line in found["told"]:
        click.echo(f"  {line}")
    if found["seed"] is not None:
        click.echo(f"Again: elistit simulate --projects 1 --jobs 1 --seed {found['seed']}")
