"""The list of commands. Each group lives in a module of its own, read only when one of its commands runs, so that
`elistit --help` and a refused command line answer at once."""

from __future__ import annotations

import click

import elistit as package
from elistit.cli.frame import LazyGroup

MODULES = {
    "up": "elistit.cli.serve",
    "web": "elistit.cli.serve",
    "worker": "elistit.cli.serve",
    "demo": "elistit.cli.demo",
    "launch": "elistit.cli.projects",
    "status": "elistit.cli.projects",
    "approve": "elistit.cli.projects",
    "choose": "elistit.cli.projects",
    "remake": "elistit.cli.remaking",
    "print-ready": "elistit.cli.projects",
    "retry-draft": "elistit.cli.projects",
    "skip-draft": "elistit.cli.projects",
    "delete": "elistit.cli.projects",
    "credits": "elistit.cli.credits",
    "users": "elistit.cli.users",
    "audit": "elistit.cli.books",
    "verify": "elistit.cli.books",
    "proof": "elistit.cli.proofs",
    "check": "elistit.cli.check",
    "backup": "elistit.cli.backups",
    "restore": "elistit.cli.backups",
    "secrets": "elistit.cli.secret_keys",
    "disk": "elistit.cli.disk",
    "migrate": "elistit.cli.operations",
    "recover": "elistit.cli.operations",
    "sandbox": "elistit.cli.operations",
    "doctor": "elistit.cli.doctor",
    "simulate": "elistit.cli.simulate",
    "packs": "elistit.cli.packs",
    "config": "elistit.cli.configuration",
    "mcp": "elistit.cli.assistant.command",
    "django": "elistit.cli.management",
}


@click.group(
    cls=LazyGroup, modules=MODULES, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110}
)
@click.version_option(package.__version__, prog_name="elistit", message="%(prog)s %(version)s")
def elistit() -> None:
    """Elistit: a studio for Etsy sellers of digital products, fair under failure.

    Start with `elistit up` (pages and a worker in one command) or `elistit demo` (a whole project from idea to Etsy
    draft, on data of its own). Configuration is by environment: see `elistit config`.
    """
