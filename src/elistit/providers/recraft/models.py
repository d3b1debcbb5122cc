"""Which of Recraft's models are offered, for which products, and what each costs the operator.

A model is pinned by name; V4.1 takes no separate field for what to leave out. It must never be asked for more than one
image.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from elistit.providers import http_asking as asking
from elistit.providers.base import ImageRequest, ModelInfo

NAME = "recraft"
PROMPT_MAX = 10_000
_SIZES = (
    (1024, 1024), (1536, 768), (768, 1536), (1280, 832), (832, 1280), (1216, 896), (896, 1216), (1152, 896), (896, 1152),
)  # fmt: skip


@dataclass(frozen=True)
class RecraftModel:
    """`wire`: the model's name at Recraft. `cost_micros`: what one image costs, in millionths of a dollar."""

    info: ModelInfo
    wire: str
    vector: bool
    cost_micros: int


MODELS: dict[str, RecraftModel] = {
    m.info.code: m
    for m in (
        RecraftModel(
            ModelInfo(f"{NAME}/v4-1", "Recraft V4.1", NAME, frozenset({"clipart", "wall_art", "poster", "pattern"}), False,
                      "Clear shapes and good composition. Backgrounds are removed afterwards where needed."),
            "recraftv4_1", False, 35_000,
        ),
        RecraftModel(
            ModelInfo(f"{NAME}/v4-1-vector", "Recraft V4.1 Vector", NAME, frozenset({"svg"}), False,
                      "Draws real vector shapes, not traced pixels."),
            "recraftv4_1_vector", True, 80_000,
        ),
    )
}  # fmt: skip


def body(model: RecraftModel, request: ImageRequest) -> dict[str, Any]:
    """The request for one image. The image comes inside the answer, so that no second call can lose it."""
    width, height = asking.nearest(request.width, request.height, _SIZES)
    asked: dict[str, Any] = {
        "model": model.wire,
        "prompt": asking.words(request, plain_ground=request.transparent, leave_out=True, limit=PROMPT_MAX),
        "n": 1, "size": f"{width}x{height}", "response_format": "b64_json", "random_seed": asking.seed(request),
        "block_nsfw": True, "calculate_features": True,
    }  # fmt: skip
    if not model.vector:
        asked["image_format"] = "png"
    if request.transparent:
        asked["controls"] = {"background_color": {"rgb": [255, 255, 255]}}
    return asked
