"""The list of commands. Each group lives in its own module, read only when one of its commands runs, so that
`elistit --help` and a refused command line answer at once."""

from __future__ import annotations

import click

import elistit as package
from elistit.accounts.roles import Role
from elistit.cli.frame import LazyGroup

COMMANDS = {
    "up": ("elistit.cli.serve", "Start the web server and the workers, in one command."),
    "web": ("elistit.cli.serve", "Start the web server."),
    "worker": ("elistit.cli.serve", "Start a worker."),
    "demo": ("elistit.cli.demo", "Run a whole project from idea to Etsy draft, with temporary data."),
    "launch": ("elistit.cli.launching", "Launch a project."),
    "status": ("elistit.cli.projects", "Show the status of projects."),
    "approve": ("elistit.cli.projects", "Approve the images of a project."),
    "choose": ("elistit.cli.projects", "Keep another version of an image."),
    "edit": ("elistit.cli.organizing", "Rename, label or archive a project."),
    "remake": ("elistit.cli.remaking", "Remake an image."),
    "print-ready": ("elistit.cli.projects", "Make a poster's design print-ready."),
    "retry-draft": ("elistit.cli.projects", "Retry the Etsy draft. Free."),
    "skip-draft": ("elistit.cli.projects", "Skip the Etsy draft."),
    "delete": ("elistit.cli.projects", "Delete a project."),
    "credits": ("elistit.cli.credits", "Credits: history, grants, plans, prices."),
    "shops": ("elistit.cli.shops", "Etsy shops: list, name, choose, schedule."),
    "keywords": ("elistit.cli.keywords", "Search terms with their volume, for titles and tags."),
    "brand-kits": ("elistit.cli.brand_kits", "Brand kits: license, closing text, palette, styles, prices."),
    "templates": ("elistit.cli.form_templates", "Templates of the launch form: list them, launch one."),
    "users": ("elistit.cli.users", "Add, list, export and erase people, create API keys and sign-in links."),
    "audit": ("elistit.cli.books", "Check the ledger against the projects."),
    "verify": ("elistit.cli.books", "Check a statement or a proof of making, offline."),
    "proof": ("elistit.cli.proofs", "Write a project's proof of making."),
    "kit": ("elistit.cli.kits", "Write a project's kit for Shopify or Gumroad."),
    "check": ("elistit.cli.check", "Open a delivery ZIP as a buyer would."),
    "backup": ("elistit.cli.backups", "Back up the whole studio while it runs."),
    "restore": ("elistit.cli.backups", "Put a backup back."),
    "secrets": ("elistit.cli.secret_keys", "Rotate the secret key."),
    "disk": ("elistit.cli.disk", "Show what takes room."),
    "migrate": ("elistit.cli.operations", "Create or upgrade the database tables, then exit."),
    "recover": ("elistit.cli.operations", "Find and resume stuck work once."),
    "sandbox": ("elistit.cli.operations", "Stand-ins for outside services, for practice and tests."),
    "doctor": ("elistit.cli.doctor", "Diagnose problems and suggest fixes."),
    "simulate": ("elistit.cli.simulate", "Test the rules under simulated failures."),
    "packs": ("elistit.cli.packs", "Optional packs: a sharper upscaler, more drawings."),
    "config": ("elistit.cli.configuration", "Show the effective configuration, secrets hidden."),
    "mcp": ("elistit.cli.assistant.command", "Let an AI assistant use the studio (MCP)."),
    "django": ("elistit.cli.management", "Run a Django management command, for developers."),
}
"""The module of each command, and the line about it that `elistit --help` shows."""

LEAST_ROLE = {
    **dict.fromkeys(
        (
            "demo",
            "launch",
            "status",
            "approve",
            "choose",
            "edit",
            "remake",
            "print-ready",
            "retry-draft",
            "skip-draft",
            "delete",
            "credits",
            "shops",
            "keywords",
            "brand-kits",
            "templates",
            "verify",
            "proof",
            "kit",
            "check",
            "mcp",
        ),
        Role.SELLER,
    ),
    **dict.fromkeys(
        (
            "up",
            "web",
            "worker",
            "users",
            "audit",
            "backup",
            "restore",
            "secrets",
            "disk",
            "migrate",
            "recover",
            "sandbox",
            "doctor",
            "simulate",
            "packs",
            "config",
            "django",
            "credits grant",
        ),
        Role.OWNER,
    ),
}
"""The least role whose work a command is; a subcommand is its group's unless it is named here. Without `--remote` every command
reads the data folder, so it is for those who have the machine; with it, a command runs with a seller's key."""


def least_role(path: str) -> Role:
    """The least role of a command, or of a subcommand by both names."""
    return LEAST_ROLE.get(path) or LEAST_ROLE[path.split(" ")[0]]


REMOTE = {
    "launch": ("elistit.cli.remote.orders", "Launch a project."),
    "status": ("elistit.cli.remote.projects", "Show the status of projects."),
    "keep": ("elistit.cli.remote.projects", "Keep an image."),
    "drop": ("elistit.cli.remote.projects", "Drop an image."),
    "choose": ("elistit.cli.remote.projects", "Keep another version of an image."),
    "remake": ("elistit.cli.remote.projects", "Remake an image."),
    "approve": ("elistit.cli.remote.projects", "Approve the images of a project."),
    "print-ready": ("elistit.cli.remote.projects", "Make a poster's design print-ready."),
    "retry-draft": ("elistit.cli.remote.projects", "Retry the Etsy draft. Free."),
    "skip-draft": ("elistit.cli.remote.projects", "Skip the Etsy draft."),
    "edit": ("elistit.cli.remote.projects", "Rename, label or archive a project."),
    "download": ("elistit.cli.remote.projects", "Download the files of a project."),
    "delete": ("elistit.cli.remote.projects", "Delete a project."),
    "credits": ("elistit.cli.remote.projects", "Show the balance and the newest transactions."),
}
"""The commands of `elistit --remote URL`: those of a seller."""


@click.group(
    cls=LazyGroup,
    index=COMMANDS,
    remote=REMOTE,
    owners=[name for name in COMMANDS if LEAST_ROLE.get(name) == Role.OWNER],
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110},
)
@click.option(
    "--remote",
    metavar="URL",
    default=None,
    is_eager=True,
    help="Use the studio at this address, with the API key in ELISTIT_API_KEY.",
)
@click.version_option(package.__version__, prog_name="elistit", message="%(prog)s %(version)s")
def elistit(remote: str | None) -> None:
    """Elistit: a studio for Etsy sellers of digital products, fair under failure.

    Start with `elistit up` (pages and a worker in one command) or `elistit demo` (a whole project from idea to Etsy
    draft, on data of its own). Configuration is by environment: see `elistit config`.
    """
