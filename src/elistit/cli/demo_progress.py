"""How a running demo shows itself: bars on a terminal, plain lines on a pipe. Always on standard error, so that the
result on standard output stays clean."""

from __future__ import annotations

import sys
from types import TracebackType
from typing import Any

import click
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

STAGES = {
    "queued": "Waiting for the worker",
    "briefing": "Writing the brief",
    "generating": "Making the images",
    "awaiting_approval": "Waiting for approval",
    "design_ready": "Waiting for a decision",
    "processing": "Making print files",
    "delivering": "Packing",
    "listing": "Writing the listing",
    "drafting": "Creating the Etsy draft",
    "completed": "Done",
    "failed": "Failed",
}


class Display:
    """Shows stage, images made and print files made. `update` may be called as often as one likes."""

    def __init__(self, count: int, *, plain: bool = False) -> None:
        self.count = count
        self.last: tuple[str, int, int] | None = None
        self.bars: Progress | None = None
        if sys.stderr.isatty() and not plain:
            console = Console(stderr=True)
            columns = (TextColumn("{task.description:<26}"), BarColumn(30), MofNCompleteColumn(), TimeElapsedColumn())
            self.bars = Progress(*columns, console=console)

    def __enter__(self) -> Display:
        if self.bars:
            self.bars.start()
            self.made_bar = self.bars.add_task("Images", total=self.count)
            self.print_bar = self.bars.add_task("Print files", total=self.count)
            self.stage_bar = self.bars.add_task(STAGES["queued"], total=len(STAGES) - 2)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self.bars:
            self.bars.stop()

    def say(self, words: str) -> None:
        if self.bars:
            self.bars.console.print(words)
        else:
            click.echo(words, err=True)

    def update(self, stage: str, made: int, printed: int, of: int) -> None:
        """Show how things stand: `made` images and `printed` print files, of `of` that are still to come out."""
        now = (stage, made, printed)
        if now == self.last:
            return
        changed, self.last = self.last is None or self.last[0] != stage, now
        if self.bars:
            self.bars.update(self.made_bar, completed=made, total=of)
            self.bars.update(self.print_bar, completed=printed, total=of)
            order = list(STAGES)
            step = order.index(stage) if stage in order else 0
            self.bars.update(self.stage_bar, description=STAGES.get(stage, stage), completed=min(step, len(order) - 2))
            return
        words = STAGES.get(stage, stage)
        if stage == "generating":
            click.echo(f"{words}: {made} of {of}", err=True)
        elif stage == "processing" and printed:
            click.echo(f"{words}: {printed} of {of}", err=True)
        elif changed:
            click.echo(words, err=True)


def lines_of(checks: list[Any]) -> None:
    """Print the checks, one line each, with what went wrong below."""
    for check in checks:
        mark = click.style("ok   ", fg="green") if check.ok else click.style("WRONG", fg="red", bold=True)
        click.echo(f"  {mark}  {check.name}: {check.seen}")
        for problem in check.problems:
            click.echo(f"           {problem}")
