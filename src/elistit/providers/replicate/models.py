"""Which of Replicate's models are offered, for which products, what each costs the operator and how it is asked.

A model is pinned: an official one by its name, any other by its version. It must never be asked for more than one image.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from elistit.providers import http_asking as asking
from elistit.providers.base import ImageRequest, ModelInfo

NAME = "replicate"
PROMPT_MAX = 4000
_RATIOS = ((1, 1), (16, 9), (21, 9), (3, 2), (2, 3), (4, 5), (5, 4), (3, 4), (4, 3), (9, 16), (9, 21))


@dataclass(frozen=True)
class ReplicateModel:
    """`path` is owner/name; `version` is empty for an official model. `cost_micros` is what one image costs, in millionths
    of a dollar. `inputs` makes the model's own input from a request."""

    info: ModelInfo
    path: str
    version: str
    cost_micros: int
    inputs: Callable[[ImageRequest], dict[str, Any]]


def _schnell(request: ImageRequest) -> dict[str, Any]:
    across, down = asking.nearest(request.width, request.height, _RATIOS)
    return {
        "prompt": asking.words(request, plain_ground=request.transparent, leave_out=True, limit=PROMPT_MAX),
        "aspect_ratio": f"{across}:{down}", "num_outputs": 1, "megapixels": "1", "seed": asking.seed(request),
        "output_format": "png",
    }  # fmt: skip


def _pro(request: ImageRequest) -> dict[str, Any]:
    return {
        "prompt": asking.words(request, plain_ground=request.transparent, leave_out=True, limit=PROMPT_MAX),
        "aspect_ratio": "custom", "width": _to_32(request.width), "height": _to_32(request.height),
        "seed": asking.seed(request), "output_format": "png", "prompt_upsampling": False,
    }  # fmt: skip


def _to_32(side: int) -> int:
    """The next multiple of 32 pixels that is not smaller; the model makes 256 to 1440."""
    return min(max(-(-side // 32) * 32, 256), 1440)


def _sticker(request: ImageRequest) -> dict[str, Any]:
    return {
        "prompt": asking.words(request, plain_ground=False, leave_out=False, limit=PROMPT_MAX),
        "negative_prompt": request.negative, "width": request.width, "height": request.height, "steps": 20,
        "number_of_images": 1, "output_format": "png", "output_quality": 100, "seed": asking.seed(request),
    }  # fmt: skip


def _info(code: str, name: str, products: set[str], transparent: bool, note: str) -> ModelInfo:
    return ModelInfo(f"{NAME}/{code}", name, NAME, frozenset(products), transparent, note)


MODELS: dict[str, ReplicateModel] = {
    m.info.code: m
    for m in (
        ReplicateModel(
            _info("flux-schnell", "FLUX schnell", {"clipart", "wall_art", "poster", "pattern"}, False,
                  "Fast and low in price. Backgrounds are removed afterwards where needed."),
            "black-forest-labs/flux-schnell", "", 3_000, _schnell,
        ),
        ReplicateModel(
            _info("flux-1.1-pro", "FLUX 1.1 pro", {"clipart", "wall_art", "poster", "pattern"}, False,
                  "Follows a prompt closely. Backgrounds are removed afterwards where needed."),
            "black-forest-labs/flux-1.1-pro", "", 40_000, _pro,
        ),
        ReplicateModel(
            _info("sticker-maker", "Sticker maker", {"sticker"}, True,
                  "Made for stickers: bold shapes on a transparent background."),
            "fofr/sticker-maker", "4acb778eb059772225ec213948f0660867b2e03f277448f18cf1800b96a65a1a", 10_000, _sticker,
        ),
    )
}  # fmt: skip
