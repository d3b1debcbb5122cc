"""The process that `elistit up` becomes once everything is prepared: it watches its children, and holds nothing else in memory.

Preparing needs Django and the database; watching needs neither, for weeks. So `up` replaces its own program by this one, keeping
its process number and its terminal. It must never import Django, and never read or change a project.
"""

from __future__ import annotations

import json
import os
import sys
from dataclasses import dataclass
from typing import NoReturn

import click

from elistit.cli import announcing
from elistit.cli.frame import run
from elistit.cli.supervisor import Child, Supervisor


@dataclass
class Order:
    """What `up` prepared: the processes to run, their environment, and what to announce once the pages answer. `link` is the
    e-mail address and the secret address of a one-time sign-in, when there is one."""

    children: list[Child]
    environment: dict[str, str]
    host: str
    port: int
    base: str
    link: tuple[str, str] | None
    practice_shop: str
    as_json: bool

    def written(self) -> bytes:
        fields = ("name", "arguments", "essential", "deaths_most", "last")
        children = [{name: getattr(child, name) for name in fields} for child in self.children]
        rest = {name: value for name, value in self.__dict__.items() if name != "children"}
        return json.dumps({**rest, "children": children}).encode()

    @classmethod
    def read(cls, text: str) -> Order:
        found = json.loads(text)
        link = found.pop("link")
        children = [Child(**child) for child in found.pop("children")]
        return cls(children=children, link=(link[0], link[1]) if link else None, **found)


def become(order: Order) -> NoReturn:
    """Replace this process's program by the one that watches. Every connection must be closed before."""
    # By a pipe: command lines and environments can be read by others, and the sign-in link is a secret.
    reading, writing = os.pipe()
    with os.fdopen(writing, "wb") as out:
        out.write(order.written())
    os.set_inheritable(reading, True)
    sys.stdout.flush()
    sys.stderr.flush()
    os.execv(sys.executable, [sys.executable, "-m", "elistit.cli.supervise", str(reading)])


def say(words: str) -> None:
    click.echo(words, err=True)


@click.command("up")
@click.argument("descriptor", type=int)
def supervise_command(descriptor: int) -> int:
    """Watch the processes of the order behind a file descriptor until asked to stop."""
    with os.fdopen(descriptor, encoding="utf-8") as given:
        order = Order.read(given.read())
    with Supervisor(order.children, say=say, environment=order.environment) as supervisor:
        if announcing.answers(order.host, order.port, supervisor):
            announcing.announce(order.base, order.link, order.as_json, order.practice_shop or None)
            if not order.as_json:
                click.echo("Stop with Ctrl-C.")
            sys.stdout.flush()
        return supervisor.watch()


if __name__ == "__main__":
    sys.exit(run(supervise_command, sys.argv[1:]))
