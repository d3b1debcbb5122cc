"""`elistit simulate`: the rules under every kind of failure, by the thousand, on their own clock.

Runs in processes and memory of its own; nothing of the installation is read or changed. Only with `--record` is the result
kept there, afterwards and by its own process, which alone sees the installation's settings.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections import Counter
from typing import Any

import click

from elistit.cli.errors import DONE, FAILED, BadInput
from elistit.cli.frame import answer_json, with_json

WORLDS = ("memory", "sqlite", "both")


@click.command("simulate", short_help="Test the rules under simulated failures.")
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
@click.option("--faults", default="usual", show_default=True, help="The failure profile; “list” shows them.")
@click.option(
    "--worlds",
    type=click.Choice(WORLDS),
    default="memory",
    show_default=True,
    help="Where the rules run: on tables in memory, on SQLite, or on both with every row compared.",
)
@click.option(
    "--planted", default="", help="Plant a bug to check that it is found; “list” shows them, “all” plants each in turn."
)
@click.option(
    "--every-point",
    is_flag=True,
    help="One project of each product, a process dying at every point between two statements, each call failing in every way.",
)
@click.option("--product", default="", help="With --every-point: only this product type.")
@click.option("--step", type=click.IntRange(1, 100_000), default=1, help="With --every-point: every n-th point.")
@click.option(
    "--database",
    default="",
    help="With --every-point: postgresql://… of a server to make a database on.  [default: SQLite in memory]",
)
@click.option(
    "--greedy", is_flag=True, help="Search for sequences of seller actions that return more credits than were paid."
)
@click.option(
    "--sequences",
    type=click.IntRange(1, 100_000_000),
    default=2000,
    show_default=True,
    help="With --greedy: how many sequences of actions.",
)
@click.option("--record", is_flag=True, help="Keep the result for this installation's fairness page.")
@with_json
def simulate_command(
    projects: int, seed: int, jobs: int, faults: str, worlds: str, planted: str, every_point: bool, product: str, step: int,
    database: str, greedy: bool, sequences: int, record: bool, as_json: bool,
) -> int:  # fmt: skip
    """Simulate many short histories of sellers, projects, dying workers and failing services through the product's own rules, and
    check every promise after each. The same seed gives the same history. A history that breaks a promise is made smaller and
    reported in words; then the exit code is 1.
    """
    if record and (greedy or every_point or planted):
        raise BadInput("--record is only for plain simulations: leave out --greedy, --every-point and --planted.")
    from elistit import config, handover

    installation = handover.child_environment()
    config.change(dict.fromkeys(config.read().given))
    from elistit.simulator import batches, profiles
    from elistit.simulator import planted as bugs
    from elistit.simulator.points import PRODUCTS

    if greedy:
        if every_point or faults != "usual" or worlds != "memory":
            raise BadInput("--greedy can only be combined with --sequences, --seed, --jobs and --planted.")
        return _greedy(sequences, seed, jobs, planted, as_json)
    if planted == "list":
        return _list("planted", {name: bug.story for name, bug in bugs.BUGS.items()}, as_json)
    if faults == "list":
        return _list("faults", {name: profile.story for name, profile in profiles.PROFILES.items()}, as_json)
    if planted and planted != "all" and planted not in bugs.BUGS:
        raise BadInput(f"There is no planted bug “{planted[:40]}”. “--planted list” shows them.")
    if faults not in profiles.PROFILES:
        raise BadInput(f"There is no profile “{faults[:40]}”. Choose one of: {', '.join(profiles.PROFILES)}.")
    if product and product not in PRODUCTS:
        raise BadInput(f"There is no such product here. Choose one of: {', '.join(PRODUCTS)}.")
    if (product or database or step > 1) and not every_point:
        raise BadInput("--product, --step and --database need --every-point.")
    if database and not database.startswith(("postgresql://", "postgres://")):
        raise BadInput("--database is the postgresql:// address of a server; without it SQLite in memory is used.")
    began = time.monotonic()
    if every_point:
        found = batches.every_point([product] if product else list(PRODUCTS), jobs, database, step)
    else:
        how = batches.How(faults=faults, worlds=worlds, planted=planted)
        if planted == "all":
            return _plant_all(batches, how, list(bugs.BUGS), projects, seed, jobs, as_json)
        found = batches.histories(projects, seed, jobs, how, Progress(projects, began))
    found["seconds"] = round(time.monotonic() - began, 1)
    if record and not found.get("stopped"):
        _record({**found, "first_seed": seed}, installation)
    if as_json:
        answer_json(found)
    else:
        _tell(found, faults)
    return DONE if not found["violations"] and not found.get("stopped") else FAILED


def _record(found: dict[str, Any], installation: dict[str, str]) -> None:
    """Keep a result in the installation's database. Raises BadInput when it can't be reached."""
    kept = subprocess.run(
        [sys.executable, "-m", "elistit.cli.keep_simulation"],
        env=installation,
        input=json.dumps(found),
        text=True,
        capture_output=True,
        check=False,
    )
    if kept.returncode:
        raise BadInput(f"The simulation ended, but its result couldn't be kept: {kept.stderr.strip()[-300:]}")


def _greedy(sequences: int, seed: int, jobs: int, planted: str, as_json: bool) -> int:
    """Search for gains: with the rules as they are, with one planted bug, or with each of them in turn."""
    from elistit.simulator.greedy.many import searches
    from elistit.simulator.planted_greedy import GREEDY

    if planted == "list":
        return _list("planted", {name: bug.story for name, bug in GREEDY.items()}, as_json)
    if planted and planted != "all" and planted not in GREEDY:
        raise BadInput(f"There is no planted bug “{planted[:40]}”. “--planted list” shows them.")
    began = time.monotonic()
    if planted == "all":
        each = {name: searches(sequences, seed, jobs, name, Progress(sequences, began, "sequences")) for name in GREEDY}
        if as_json:
            answer_json({"planted": each})
        else:
            for name, found in each.items():
                words = (
                    f"found after {found['sequences']:,} sequences: {found['violations'][0]}"
                    if found["violations"]
                    else "NOT FOUND"
                )
                click.echo(f"{name:36} {words}")
        return DONE if all(found["violations"] for found in each.values()) else FAILED
    found = searches(sequences, seed, jobs, planted, Progress(sequences, began, "sequences"))
    found["seconds"] = round(time.monotonic() - began, 1)
    if as_json:
        answer_json(found)
    else:
        rate = found["sequences"] / found["cpu_seconds"] if found["cpu_seconds"] else 0
        click.echo(f"{found['sequences']:,} sequences, {found['acts']:,} actions, {found['served']:,} files served, {found['seconds']} s ({rate:.0f} sequences a second of one core)")  # noqa: E501  # fmt: skip
        if found["violations"]:
            click.echo("The seller gained:")
            for line in (*found["violations"], "by:", *found["told"]):
                click.echo(f"  {line}")
        else:
            click.echo("The seller gained nothing." if not found["stopped"] else "Stopped early, as requested.")
    return DONE if not found["violations"] and not found["stopped"] else FAILED


class Progress:
    """A line on stderr now and then: how far a long run is."""

    EVERY = 10.0

    def __init__(self, wanted: int, began: float, what: str = "projects") -> None:
        self.wanted, self.began, self.last, self.what = wanted, began, began, what

    def __call__(self, done: int, violations: int) -> None:
        now = time.monotonic()
        if now - self.last < self.EVERY:
            return
        self.last = now
        rate = done / (now - self.began)
        click.echo(
            f"{done:,} of {self.wanted:,} {self.what}, {rate:,.0f} a second, {violations} violations so far", err=True
        )


def _plant_all(batches: Any, how: Any, names: list[str], projects: int, seed: int, jobs: int, as_json: bool) -> int:
    """Each planted bug on its own: after how many projects it was found. Exit 1 when one was not."""
    found: dict[str, dict[str, Any]] = {}
    for name in names:
        answer = batches.histories(
            projects, seed, jobs, batches.How(how.faults, how.worlds, name), Progress(projects, time.monotonic())
        )
        first = answer["violations"][0] if answer["violations"] else ""
        found[name] = {"projects": answer["projects"], "seed": answer["seed"], "violation": first}
        if not as_json:
            words = f"found after {answer['projects']:,} projects: {first}" if first else "NOT FOUND"
            click.echo(f"{name:24} {words}")
    if as_json:
        answer_json({"planted": found})
    return DONE if all(f["violation"] for f in found.values()) else FAILED


def _list(what: str, stories: dict[str, str], as_json: bool) -> int:
    if as_json:
        answer_json({what: stories})
        return DONE
    for name, story in stories.items():
        click.echo(f"{name:24} {story}")
    return DONE


def _tell(found: dict[str, Any], faults: str) -> None:
    if "points" in found:
        for product, count in found["by_product"].items():
            click.echo(f"{product:14} {count:6,} points")
        click.echo(f"{found['points']:,} points in {found['seconds']} s")
    else:
        rate = found["projects"] / found["seconds"] if found["seconds"] else 0
        click.echo(f"{found['projects']:,} projects in {found['histories']:,} histories, {found['steps']:,} steps, {found['seconds']} s ({rate:.0f} projects a second)")  # noqa: E501  # fmt: skip
        for title, counts in (("Projects ended", found["ended"]), ("What went wrong", found["faults"])):
            words = ", ".join(f"{name} {count:,}" for name, count in Counter(counts).most_common())
            click.echo(f"{title}: {words or 'nothing'}")
    if found.get("stopped"):
        click.echo("Stopped early, as requested.")
    if not found["violations"]:
        click.echo("Every promise held.")
        return
    click.echo(f"A promise broke{' when ' + found['where'] if found.get('where') else ''}:")
    for words in found["violations"]:
        click.echo(f"  {words}")
    click.echo("The shortest sequence found:")
    for line in found["told"]:
        click.echo(f"  {line}")
    if found["seed"] is not None:
        more = f" --faults {faults}" if faults != "usual" else ""
        click.echo(f"Again: elistit simulate --projects 1 --jobs 1 --seed {found['seed']}{more}")
