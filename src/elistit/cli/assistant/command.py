"""`elistit mcp`: the MCP server on standard input and output, for one assistant and one seller's key.

It must print nothing but the protocol on standard output once it has started.
"""

from __future__ import annotations

from pathlib import Path

import click

from elistit.cli.errors import BadInput
from elistit.cli.frame import with_json
from elistit.cli.remote.address import address_of

URL, KEY = "ELISTIT_URL", "ELISTIT_API_KEY"


@click.command("mcp", short_help="Let an AI assistant use the studio (MCP).")
@click.option("--url", default=None, help=f"The studio's address.  [default: {URL}, else http://127.0.0.1:8000]")
@click.option("--api-key", default=None, help=f"A seller's API key.  [default: {KEY}]")
@click.option(
    "--cap",
    type=click.IntRange(min=0),
    default=0,
    show_default=True,
    help="Maximum number of credits this session may spend.",
)
@click.option(
    "--downloads", type=click.Path(file_okay=False, path_type=Path), default=None,
    help="The folder files may be saved in.  [default: none are saved]",
)  # fmt: skip
@with_json
def mcp_command(url: str | None, api_key: str | None, cap: int, downloads: Path | None, as_json: bool) -> None:
    """Let an AI assistant use the studio: a server of the Model Context Protocol on standard input and output.

    It uses the studio's API with a seller's key. It can show storyboards and prices, launch, review, approve and download. It
    spends nothing without an explicit price, and never more than --cap.
    """
    from elistit import config

    # A key in the command line can be read by everyone on the machine, so the environment is the usual place.
    people = config.current().people
    key = (api_key or people.api_key.get_secret_value()).strip()
    if not key:
        raise BadInput(
            f"Set {KEY} to an API key of the seller (Settings → Developers → API keys, or “elistit users key EMAIL”)."
        )
    address = address_of(url or people.url or "http://127.0.0.1:8000")
    from elistit.cli.assistant.purse import Purse
    from elistit.cli.assistant.tools import server
    from elistit_client import Studio

    server(
        Studio(address, key, agent="elistit-mcp"), Purse(cap), downloads.expanduser().resolve() if downloads else None
    ).run()
