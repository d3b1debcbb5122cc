"""The tools of the MCP server, by the official SDK: their names, arguments, words and answers.

What a tool may spend is decided in `orders`; here nothing costs. Standard output belongs to the protocol, so nothing here
prints.
"""

from __future__ import annotations

import functools
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Any, Literal

from mcp.server import MCPServer
from mcp.server.mcpserver import Image
from mcp.server.mcpserver.exceptions import ToolError
from mcp_types import ToolAnnotations
from pydantic import Field

import elistit
from elistit.cli.assistant.orders import Orders, Refusal
from elistit.cli.assistant.purse import Purse
from elistit_client import Studio, StudioError

INSTRUCTIONS = """Elistit makes digital products for Etsy sellers: clipart, stickers, posters, wall art, SVG files, greeting cards and
patterns. Work in this order: products, storyboard (free), quote (free), launch, status until the project waits for approval
(clipart, stickers and patterns) or is completed, review, keep or drop or remake, approve, status, listing, files, download.

Launch and remake cost credits. Tell the person the exact price first and pass it as `price`; a call without it, with another
price, or above this session's cap is refused. Deleting a project and publishing on Etsy are not possible here."""

IMAGES_AT_ONCE = 12
WAIT_MAX = 55
READ = ToolAnnotations(read_only_hint=True, open_world_hint=False)
FREE = ToolAnnotations(read_only_hint=False, destructive_hint=False, idempotent_hint=True, open_world_hint=False)
COSTS = ToolAnnotations(read_only_hint=False, destructive_hint=True, idempotent_hint=True, open_world_hint=False)
RESTING = frozenset({"awaiting_approval", "design_ready", "completed", "failed", "deleted"})

ProductCode = Literal["wall_art", "poster", "clipart", "sticker", "svg", "greeting_card", "pattern"]
PublicId = Annotated[str, Field(description="The project's public_id.")]
Numbers = Annotated[list[int], Field(description="Item numbers, from 1.", min_length=1)]
Price = Annotated[int | None, Field(description="The exact price in credits that the person agreed to.")]
Idea = Annotated[str, Field(description="The idea, in a sentence or two.")]
Count = Annotated[int | None, Field(description="How many images; Defaults to the product's usual number.")]
Model = Annotated[str, Field(description="A model code from the tool products; Defaults to the product's usual model.")]
Ratio = Annotated[str, Field(description="A ratio from the tool products, where the product has a choice.")]
Mode = Annotated[Literal["design", "production", ""], Field(description="For posters: whether it stops at the design.")]
Subjects = Annotated[
    list[str] | None, Field(description="The person's own storyboard: one subject for each image, in their order.")
]
Options = Annotated[
    dict[str, str] | None,
    Field(description="Any of art_medium, color_palette, mood, setting, composition, negative."),
]


def order(
    product: str, idea: str, count: int | None, model: str, ratio: str, mode: str, options: dict[str, str] | None,
    subjects: list[str] | None, words: dict[str, str],
) -> dict[str, Any]:  # fmt: skip
    """An order as the API takes it; what was left out is left out."""
    given: dict[str, Any] = {
        "count": count, "model": model, "ratio": ratio, "mode": mode, "options": options,
        "storyboard": [{"subject": subject} for subject in subjects or []],
        "words": {place: text for place, text in words.items() if text},
    }  # fmt: skip
    return {"product": product, "idea": idea, **{name: value for name, value in given.items() if value}}


class Tools:
    """The tools on one studio. `downloads` is the only folder files are saved in; None: they aren't."""

    def __init__(self, studio: Studio, purse: Purse, downloads: Path | None) -> None:
        self.studio, self.purse, self.downloads = studio, purse, downloads
        self.orders = Orders(studio, purse)

    # ---- before anything is spent -----------------------------------------------------------------------------------

    def products(self) -> dict[str, Any]:
        """What can be made: product types with ratios and counts, models with the price per image, and your balance."""
        models = self.studio.get("/models")["items"]
        return {
            "products": self.studio.get("/products")["items"],
            "models": [{k: m[k] for k in ("code", "name", "products", "image", "available", "reason")} for m in models],
            "balance": self.studio.get("/credits")["balance"],
            "session": self.session(),
        }

    def storyboard(
        self, product: ProductCode, idea: Idea, count: Count = None, model: Model = "", ratio: Ratio = "",
        mode: Mode = "", options: Options = None, subjects: Subjects = None, words_front: str = "", words_inside: str = "",
    ) -> dict[str, Any]:  # fmt: skip
        """What would be made: title, the subject of every image, and the words that won't be drawn. Free."""
        words = {"front": words_front, "inside": words_inside}
        asked = order(product, idea, count, model, ratio, mode, options, subjects, words)
        return {"storyboard": self.orders.quote(asked)["storyboard"]}

    def quote(
        self, product: ProductCode, idea: Idea, count: Count = None, model: Model = "", ratio: Ratio = "",
        mode: Mode = "", options: Options = None, subjects: Subjects = None, words_front: str = "", words_inside: str = "",
    ) -> dict[str, Any]:  # fmt: skip
        """The exact price in credits, itemized and frozen, with the storyboard. Free. Pass its `id` and `total` to launch."""
        words = {"front": words_front, "inside": words_inside}
        asked = order(product, idea, count, model, ratio, mode, options, subjects, words)
        quoted = self.orders.quote(asked)
        kept = ("id", "total", "lines", "balance", "shortfall", "trademarks", "storyboard", "count", "model")
        return {**{name: quoted[name] for name in kept}, "session": self.session()}

    # ---- what costs -------------------------------------------------------------------------------------------------

    def launch(
        self, quote_id: Annotated[str, Field(description="`id` of a quote of this session.")], price: Price = None,
        confirm_not_drawn: Annotated[bool, Field(description="The person accepts what won't be drawn.")] = False,
        confirm_trademarks: Annotated[bool, Field(description="The person may use the names in `trademarks`.")] = False,
    ) -> dict[str, Any]:  # fmt: skip
        """Launch what was quoted. Costs exactly `price` credits, which must be the quote's total; refused otherwise."""
        project = self.orders.launch(
            quote_id, price, confirm_not_drawn=confirm_not_drawn, confirm_trademarks=confirm_trademarks
        )
        return self._summary(project)

    def remake(
        self, public_id: PublicId, number: int, price: Price = None,
        prompt: Annotated[str | None, Field(description="A new prompt. Defaults to the current prompt.")] = None,
        confirm_trademarks: Annotated[bool, Field(description="The person may use the protected names in it.")] = False,
    ) -> dict[str, Any]:  # fmt: skip
        """Make one image again. Costs exactly `price` credits (0 when it is free); refused without the right price."""
        made = self.orders.remake(public_id, number, price, prompt, confirm_trademarks=confirm_trademarks)
        return self._summary(made)

    # ---- watching and deciding --------------------------------------------------------------------------------------

    def projects(self, stage: Annotated[str, Field(description="Only projects at this stage.")] = "") -> dict[str, Any]:
        """The newest projects, with stage and price."""
        page = self.studio.get("/projects", stage=stage or None, limit=25)
        kept = ("public_id", "name", "product", "idea", "count", "stage", "created_at")
        return {"projects": [{name: row[name] for name in kept} for row in page["items"]]}

    def status(
        self, public_id: PublicId,
        wait: Annotated[int, Field(ge=0, le=WAIT_MAX, description="Seconds to wait for a decision or the end.")] = 0,
    ) -> dict[str, Any]:  # fmt: skip
        """The state of a project, what it cost, and what can be done now."""
        until = time.monotonic() + wait
        project = self.studio.get(f"/projects/{public_id}")
        while project["stage"] not in RESTING and time.monotonic() < until:
            time.sleep(1.0)
            project = self.studio.get(f"/projects/{public_id}")
        return self._summary(project)

    def review(
        self, public_id: PublicId,
        numbers: Annotated[list[int] | None, Field(description=f"Item numbers. Defaults to the first {IMAGES_AT_ONCE}.")] = None,
    ) -> list[str | Image]:  # fmt: skip
        """The images as thumbnails, each with its number, state, prompt and what our own check found."""
        project = self.studio.get(f"/projects/{public_id}")
        previews = {file["item"]: file for file in project["files"] if file["role"] == "preview"}
        chosen = [i for i in project["items"] if numbers is None or i["number"] in numbers]
        shown: list[str | Image] = []
        for item in chosen[:IMAGES_AT_ONCE]:
            flags = "; ".join(flag["words"] for flag in item["flags"])
            words = f"Item {item['number']}: {item['state']}. {item['prompt']}"
            shown.append(" ".join([words, *([f"Flagged: {flags}."] if flags else []), item["reason"]]).strip())
            if file := previews.get(item["number"]):
                kind = file["name"].rpartition(".")[2].lower().replace("jpg", "jpeg")
                shown.append(Image(data=self.studio.bytes(file["url"]), format=kind))
        rest = [item["number"] for item in chosen[IMAGES_AT_ONCE:]]
        shown.append(f"Not shown here, call review with numbers: {rest}" if rest else f"{len(chosen)} items.")
        return shown

    def keep(self, public_id: PublicId, numbers: Numbers) -> dict[str, Any]:
        """Keep items, or take a drop back. Free, until the approval."""
        return self._each(public_id, numbers, "keep")

    def drop(self, public_id: PublicId, numbers: Numbers) -> dict[str, Any]:
        """Leave items out. Images dropped by choice aren't refunded. Can be taken back until the approval."""
        return self._each(public_id, numbers, "drop")

    def approve(self, public_id: PublicId) -> dict[str, Any]:
        """Go on with the kept items. Free, and can't be taken back."""
        return self._summary(self.studio.post(f"/projects/{public_id}/approve"))

    # ---- what came of it --------------------------------------------------------------------------------------------

    def listing(self, public_id: PublicId) -> dict[str, Any]:
        """The Etsy listing: title, tags, description, price and the state of its draft."""
        return {"listing": self.studio.get(f"/projects/{public_id}")["listing"]}

    def files(self, public_id: PublicId) -> dict[str, Any]:
        """The files of a project, with size and SHA-256."""
        return {"files": self.studio.get(f"/projects/{public_id}/files")["items"]}

    def download(
        self, public_id: PublicId,
        file_ids: Annotated[list[int] | None, Field(description="`id`s from the tool files; Defaults to all of them.")] = None,
    ) -> dict[str, Any]:  # fmt: skip
        """Save files on this computer, in the folder given with --downloads, and check their SHA-256."""
        if self.downloads is None:
            raise Refusal("This server was started without --downloads FOLDER, so it saves no files.")
        saved = self.studio.save_all(public_id, self.downloads / listed_folder(public_id), file_ids)
        return {"saved": [{"path": str(s.path), "sha256": s.file.sha256, "bytes": s.file.bytes} for s in saved]}

    # ---- words ------------------------------------------------------------------------------------------------------

    def session(self) -> dict[str, int]:
        """What this session may still spend."""
        return {"cap": self.purse.cap, "spent": self.purse.spent, "left": self.purse.left}

    def _each(self, public_id: str, numbers: list[int], action: str) -> dict[str, Any]:
        project: dict[str, Any] = {}
        for number in numbers:
            project = self.studio.post(f"/projects/{public_id}/items/{number}/{action}")
        return self._summary(project)

    def _summary(self, project: dict[str, Any]) -> dict[str, Any]:
        job = project["job"]
        return {
            "public_id": project["public_id"], "name": project["name"], "product": project["product"],
            "stage": project["stage"], "job": job, "items": dict(Counter(item["state"] for item in project["items"])),
            "flagged": [item["number"] for item in project["items"] if item["flags"]],
            "files": len(project["files"]), "next": next_step(project), "session": self.session(),
        }  # fmt: skip


def next_step(project: dict[str, Any]) -> str:
    """What an assistant can do now, in one sentence."""
    stage, failure = project["stage"], project["job"]["failure"]
    match stage:
        case "awaiting_approval":
            return "Waiting for a decision: review, then keep, drop or remake, then approve."
        case "design_ready":
            return "The design is ready. Making it print-ready is done on the project's page."
        case "completed":
            return "Done: listing, files, download."
        case "failed":
            refunded = project["job"]["refunded"]
            return f"Failed: {failure['reason'] if failure else ''} {refunded} credits were refunded."
        case "deleted":
            return "This project was deleted."
        case _:
            return "Being made. Call status with wait."


def listed_folder(public_id: str) -> str:
    """The folder of a project: its id, and nothing that could lead elsewhere."""
    return "".join(letter for letter in public_id if letter.isalnum())[:26] or "project"


def server(studio: Studio, purse: Purse, downloads: Path | None) -> MCPServer[Any]:
    """The MCP server with every tool."""
    made: MCPServer[Any] = MCPServer(
        "elistit", title="Elistit", version=elistit.__version__, instructions=INSTRUCTIONS, log_level="WARNING"
    )
    tools = Tools(studio, purse, downloads)
    kinds: tuple[tuple[ToolAnnotations, list[Callable[..., Any]]], ...] = (
        (READ, [tools.products, tools.storyboard, tools.quote, tools.projects, tools.status, tools.review]),
        (READ, [tools.listing, tools.files]),
        (FREE, [tools.keep, tools.drop, tools.approve, tools.download]),
        (COSTS, [tools.launch, tools.remake]),
    )
    for hints, functions in kinds:
        for function in functions:
            made.tool(annotations=hints)(_in_words(function))
    return made


def _in_words(function: Callable[..., Any]) -> Callable[..., Any]:
    """The function with what it refuses, and what the studio says, as an error the assistant can read."""

    @functools.wraps(function)
    def wrapped(*arguments: Any, **named: Any) -> Any:
        try:
            return function(*arguments, **named)
        except (Refusal, StudioError) as problem:
            raise ToolError(str(problem)) from problem

    return wrapped
