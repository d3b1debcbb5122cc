"""What every command shares: how it answers, how it refuses, and which exit code it ends with.

An expected refusal is raised as `BadInput` (exit 2) or `Failed` (exit 1) with one sentence. Anything else that reaches
`run` is a fault of ours: one sentence with the place of the log, exit 1. Secrets must never be printed from here.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import difflib
import importlib
import json
import os
import sys
import tempfile
import traceback
from collections.abc import Callable, Collection, Iterator, Mapping
from pathlib import Path
from typing import Any

import click

from elistit.cli.errors import BAD_INPUT, DONE, FAILED, BadInput, Failed, Refusal


class LazyGroup(click.Group):
    """A group whose commands are imported when they are used. `index` maps a command's name to its module, which
    holds it under that name with dashes as underscores and `_command` behind, and to the line about it in the list.
    `remote` is the index instead when the group was given --remote. `owners` names the commands that are listed as an owner's."""

    def __init__(
        self, *args: Any, index: Mapping[str, tuple[str, str]] | None = None,
        remote: Mapping[str, tuple[str, str]] | None = None, owners: Collection[str] = (), **kwargs: Any,
    ) -> None:  # fmt: skip
        super().__init__(*args, **kwargs)
        self.index, self.remote, self.owners = index or {}, remote or {}, owners

    def index_of(self, ctx: click.Context) -> Mapping[str, tuple[str, str]]:
        """The index that holds for this command line."""
        return self.index if ctx.params.get("remote") is None else self.remote

    def list_commands(self, ctx: click.Context) -> list[str]:
        return [*self.index_of(ctx), *super().list_commands(ctx)]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        index = self.index_of(ctx)
        if cmd_name not in index:
            return super().get_command(ctx, cmd_name)
        module = importlib.import_module(index[cmd_name][0])
        found: click.Command = getattr(module, cmd_name.replace("-", "_") + "_command")
        return found

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        index = self.index_of(ctx)
        if not index:
            return super().format_commands(ctx, formatter)
        # click's own list asks every command for its line, and so imports the whole product.
        mine = [(name, line) for name, (_, line) in index.items() if name not in self.owners]
        owners = [(name, line) for name, (_, line) in index.items() if name in self.owners]
        for heading, rows in (("Commands", mine), ("Commands for the studio's owner", owners)):
            if rows:
                with formatter.section(heading):
                    formatter.write_dl(rows)
        return None

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        name = args[0] if args else ""
        if name and not name.startswith("-") and self.get_command(ctx, name) is None:
            near = difflib.get_close_matches(name, self.list_commands(ctx), n=1)
            hint = f"Did you mean “{near[0]}”?" if near else f"“{ctx.command_path} --help” lists them."
            raise BadInput(f"There is no command “{name}”. {hint}")
        return super().resolve_command(ctx, args)


def with_json(function: Callable[..., Any]) -> Callable[..., Any]:
    """The --json option every command has; passed on as `as_json`."""
    return click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")(function)


def answer_json(document: Any) -> None:
    click.echo(json.dumps(document, indent=2, ensure_ascii=False, default=_plain))


def _plain(value: Any) -> Any:
    if isinstance(value, dt.datetime | dt.date):
        return value.isoformat()
    return str(value)


def table(headings: list[str], rows: list[list[Any]], *, right: tuple[int, ...] = ()) -> None:
    """Print rows under headings; the columns in `right` are aligned right. On a pipe nothing is cut off."""
    cells = [[_cell(c) for c in row] for row in rows]
    widths = [max([len(h), *(len(row[i]) for row in cells)]) for i, h in enumerate(headings)]

    def line(row: list[str]) -> str:
        return "  ".join(
            c.rjust(w) if i in right else c.ljust(w) for i, (c, w) in enumerate(zip(row, widths, strict=True))
        ).rstrip()

    click.echo(click.style(line(headings), bold=True))
    for row in cells:
        click.echo(line(row))


def _cell(value: Any) -> str:
    if value is None or value == "":
        return "–"
    if isinstance(value, dt.datetime):
        return value.strftime("%Y-%m-%d %H:%M")
    return f"{value:,}" if isinstance(value, int) and not isinstance(value, bool) else str(value)


@contextlib.contextmanager
def refusals_reported() -> Iterator[None]:
    """Turn what the product refuses (a wrong order, too few credits, an action the state forbids) into one sentence."""
    from elistit.credits.ledger import IdempotencyConflict, InsufficientCredits
    from elistit.projects import interrupted
    from elistit.projects.errors import InvalidSpec, NotFound, NotPossible
    from elistit.projects.giving import OURS

    try:
        yield
    except InvalidSpec as wrong:
        raise BadInput(str(wrong), errors=wrong.errors) from wrong
    except NotFound as missing:
        raise BadInput(str(missing) or "There is no such project.") from missing
    except IdempotencyConflict as conflict:
        raise BadInput(str(conflict)) from conflict
    except InsufficientCredits as short:
        raise Failed(str(short), needed=short.needed, balance=short.balance, shortfall=short.shortfall) from short
    except NotPossible as refused:
        raise Failed(str(refused)) from refused
    except Exception as fault:
        found = interrupted.interruption_of(fault)
        if found is None or _database_problem(fault) is not None:
            raise
        log, key = _write_log(sys.argv[1:]), found.key.removeprefix(OURS)
        again = found.sentence(f"Run the command again with --key {key}")
        raise Failed(f"{again} The details are in {log}.", key=key) from fault


def run(command: click.Command, arguments: list[str]) -> int:
    """Run a command line and return its exit code; every way out passes here."""
    as_json = "--json" in arguments
    try:
        result = command.main(args=arguments, prog_name="elistit", standalone_mode=False)
        return result if isinstance(result, int) else DONE
    except Refusal as refusal:
        return refuse(str(refusal), refusal.exit_code, as_json, refusal.extra)
    except click.exceptions.NoArgsIsHelpError as bare:
        click.echo(bare.ctx.get_help() if bare.ctx else "", err=True)
        return BAD_INPUT
    except click.UsageError as usage:
        hint = f" See “{usage.ctx.command_path} --help”." if usage.ctx else ""
        return refuse(usage.format_message().rstrip(".").replace("\n", " ") + "." + hint, BAD_INPUT, as_json)
    except click.ClickException as problem:
        return refuse(problem.format_message(), BAD_INPUT, as_json)
    except (click.Abort, KeyboardInterrupt):
        click.echo("Stopped.", err=True)
        return FAILED
    except BrokenPipeError:
        # The reader of our output has gone; Python would complain once more while flushing at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return FAILED
    except Exception as fault:
        if (sentence := _database_problem(fault)) is not None:
            return refuse(sentence, FAILED, as_json)
        log = _write_log(arguments)
        return refuse(f"Unexpected error ({type(fault).__name__}). The details are in {log}.", FAILED, as_json)


def refuse(sentence: str, code: int, as_json: bool, extra: dict[str, Any] | None = None) -> int:
    if as_json:
        answer_json({"error": sentence, **(extra or {})})
    click.echo(f"elistit: {sentence}", err=True)
    return code


def _database_problem(fault: BaseException) -> str | None:
    """One sentence for a database that broke or went away while a command ran; None for any other fault."""
    import sqlite3

    from django.db.utils import DatabaseError as DjangoDatabaseError

    from elistit.cli.preflight import corrupt_sentence

    causes: list[BaseException] = []
    cause: BaseException | None = fault
    while cause is not None and cause not in causes:
        causes.append(cause)
        cause = cause.__cause__ or cause.__context__
    text = " ".join(str(c) for c in causes if isinstance(c, DjangoDatabaseError | sqlite3.Error))
    if "malformed" in text or "not a database" in text:
        return corrupt_sentence(text)
    if "disk is full" in text:
        return (
            "The disk with the database is full. Free some space and run the command again; nothing was half-written."
        )
    return None


LOG_MAX_BYTES, LOGS_KEPT = 1_000_000, 3


def _rotate(log: Path) -> None:
    """Begin a new file when this one is full; the three before are kept as `.1` to `.3`."""
    with contextlib.suppress(OSError):
        if log.stat().st_size < LOG_MAX_BYTES:
            return
        for number in range(LOGS_KEPT, 0, -1):
            before = log if number == 1 else log.with_name(f"{log.name}.{number - 1}")
            if before.exists():
                before.replace(log.with_name(f"{log.name}.{number}"))


def _write_log(arguments: list[str]) -> Path:
    """Keep the traceback where the operator can find it: the data folder, else the system's temporary folder."""
    from elistit import config

    data = config.read().config.general.data
    folder = data if data.is_dir() and os.access(data, os.W_OK) else Path(tempfile.gettempdir())
    log = folder / "elistit-errors.log"
    _rotate(log)
    with log.open("a", encoding="utf-8") as out:
        out.write(
            f"\n{dt.datetime.now(dt.UTC).isoformat()} elistit {' '.join(arguments[:1])}\n{traceback.format_exc()}"
        )
    return log
