"""`elistit mcp` driven by the official SDK's own client over standard input and output, against a running studio."""

from __future__ import annotations

import asyncio
import base64
import concurrent.futures
import hashlib
import io
import os
import re
import sys
from collections.abc import AsyncIterator, Coroutine
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, TypeVar

import pytest
from mcp.client.client import Client
from mcp.client.stdio import StdioServerParameters, stdio_client
from PIL import Image

from tests.programs.conftest import ORDER, Shop

pytestmark = pytest.mark.processes
T = TypeVar("T")


@asynccontextmanager
async def assistant(shop: Shop, *arguments: str) -> AsyncIterator[Client]:
    """The SDK's client with an `elistit mcp` of its own. The key goes by the environment, and no other name of ours does."""
    kept = {k: v for k, v in os.environ.items() if not k.startswith("ELISTIT_")}
    server = StdioServerParameters(
        command=sys.executable, args=["-m", "elistit.cli", "mcp", *arguments],
        env={**kept, "ELISTIT_URL": shop.url, "ELISTIT_API_KEY": shop.key},
    )  # fmt: skip
    async with Client(stdio_client(server)) as client:
        yield client


async def done(client: Client, tool: str, **arguments: Any) -> dict[str, Any]:
    """What a tool answers, which must not be a refusal."""
    result = await client.call_tool(tool, arguments)
    assert not result.is_error, result.content
    return dict(result.structured_content or {})


async def refused(client: Client, tool: str, **arguments: Any) -> str:
    """The words of a refusal."""
    result = await client.call_tool(tool, arguments)
    assert result.is_error, result.structured_content
    return str(result.content[0].text)  # type: ignore[union-attr]


async def settled(client: Client, public_id: str, stage: str) -> dict[str, Any]:
    for _ in range(6):
        shown = await done(client, "status", public_id=public_id, wait=30)
        if shown["stage"] in (stage, "failed"):
            break
    assert shown["stage"] == stage, shown
    return shown


def in_a_loop(work: Coroutine[Any, Any, T]) -> T:
    """Run a coroutine in a thread of its own: a browser's test before this one leaves a loop running in the main thread."""
    with concurrent.futures.ThreadPoolExecutor(1) as threads:
        return threads.submit(asyncio.run, work).result()


def test_an_assistant_makes_a_project_within_its_cap(shop: Shop, tmp_path: Path) -> None:
    before = shop.balance()

    async def use() -> int:
        # 3 credits for the project (see the quote), 1 for a remake; the second project is above the cap.
        async with assistant(shop, "--cap", "6", "--downloads", str(tmp_path)) as client:
            board = await done(client, "storyboard", **ORDER)
            assert len(board["storyboard"]["subjects"]) == 2
            quoted = await done(client, "quote", **ORDER)
            total = quoted["total"]
            assert shop.balance() == before and 0 < total <= 4, "the order should fit the cap once and not twice"

            words = await refused(client, "launch", quote_id=quoted["id"])
            assert f"costs {total} credits" in words and "Nothing was charged" in words
            words = await refused(client, "launch", quote_id=quoted["id"], price=total - 1)
            assert f"costs {total} credits, not {total - 1}" in words
            assert "no such quote" in await refused(
                client, "launch", quote_id="01KAPG7R3ZJ4X9M2V5T8W6Q1YB", price=total
            )
            assert shop.balance() == before

            launched = await done(client, "launch", quote_id=quoted["id"], price=total)
            again = await done(client, "launch", quote_id=quoted["id"], price=total)
            project = launched["public_id"]
            assert again["public_id"] == project and shop.balance() == before - total
            assert again["session"] == {"cap": 6, "spent": total, "left": 6 - total}

            other = await done(client, "quote", **{**ORDER, "count": 6})
            words = await refused(client, "launch", quote_id=other["id"], price=other["total"])
            assert f"may spend {6 - total} more (cap 6, {total} spent)" in words and shop.balance() == before - total

            await settled(client, project, "awaiting_approval")
            seen = (await client.call_tool("review", {"public_id": project})).content
            images = [part for part in seen if part.type == "image"]
            assert len(images) == 2
            for image in images:
                assert min(Image.open(io.BytesIO(base64.b64decode(image.data))).size) >= 200

            words = await refused(client, "remake", public_id=project, number=1, prompt="a blue fox")
            assert "costs 1 credits" in words
            assert "not 0" in await refused(client, "remake", public_id=project, number=1, prompt="a blue fox", price=0)
            assert shop.balance() == before - total
            dropped = await done(client, "drop", public_id=project, numbers=[2])
            assert dropped["items"] == {"made": 1, "dropped": 1}
            kept = await done(client, "keep", public_id=project, numbers=[2])
            assert kept["items"] == {"made": 2}
            await done(client, "approve", public_id=project)
            await settled(client, project, "completed")

            listing = (await done(client, "listing", public_id=project))["listing"]
            assert listing["title"] and len(listing["tags"]) == 13
            files = (await done(client, "files", public_id=project))["files"]
            saved = (await done(client, "download", public_id=project))["saved"]
            assert len(saved) == len(files) > 4
            for told in saved:
                path = Path(told["path"])
                assert path.is_relative_to(tmp_path)
                assert hashlib.sha256(path.read_bytes()).hexdigest() == told["sha256"]
            assert {told["sha256"] for told in saved} == {file["sha256"] for file in files}
            return int(total)

    total = in_a_loop(use())
    assert shop.balance() <= before - total + 2, "only print lines of dropped items could come back"
    assert shop.audit()["ok"]


def test_without_a_cap_nothing_can_be_spent(shop: Shop) -> None:
    before = shop.balance()

    async def use() -> None:
        async with assistant(shop) as client:
            page = (Path(__file__).parents[2] / "docs/how-to/use-an-assistant.md").read_text(encoding="utf-8")
            rows = [
                row.split("|")[1] for row in page.partition("## The tools")[2].splitlines() if row.startswith("| `")
            ]
            assert {tool.name for tool in (await client.list_tools()).tools} == set(
                re.findall(r"`(\w+)`", "".join(rows))
            )
            quoted = await done(client, "quote", **ORDER)
            words = await refused(client, "launch", quote_id=quoted["id"], price=quoted["total"])
            assert "may spend 0 more (cap 0, 0 spent)" in words and "--cap" in words
            assert "--downloads" in await refused(client, "download", public_id="01KAPG7R3ZJ4X9M2V5T8W6Q1YB")
            assert "not-found" in await refused(client, "status", public_id="01KAPG7R3ZJ4X9M2V5T8W6Q1YB")

    in_a_loop(use())
    assert shop.balance() == before
