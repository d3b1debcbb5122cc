"""Which tools at Replicate can work on an image here: cutting its background away, or enlarging it.

Like the models of `models`, each is pinned; ELISTIT_REPLICATE_MODELS pins another one or another cost. A tool is used only
where the operator chose it (`providers.tools`). It must never be given more than one image at a time.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from elistit.providers.base import ImageRequest
from elistit.providers.replicate.models import NAME


class Does(StrEnum):
    """What a tool does to an image."""

    CUT_OUT = "cut out"
    ENLARGE = "enlarge"


@dataclass(frozen=True)
class ReplicateTool:
    """`path` is owner/name, `version` empty for an official model, `cost_micros` what one image costs at most, in
    millionths of a dollar. `factor_max` is how many times it can enlarge; `inputs` makes its input from the address of the
    image and a request."""

    code: str
    name: str
    does: Does
    path: str
    version: str
    cost_micros: int
    factor_max: int
    inputs: Callable[[str, ImageRequest, int], dict[str, Any]]


def _real_esrgan(address: str, request: ImageRequest, factor: int) -> dict[str, Any]:
    return {"image": address, "scale": factor, "face_enhance": False}


def _clarity(address: str, request: ImageRequest, factor: int) -> dict[str, Any]:
    # As close to the image as the model can stay: the seller has approved this image and no other.
    return {
        "image": address, "scale_factor": factor, "creativity": 0.1, "resemblance": 1.5, "prompt": request.prompt[:500],
        "seed": request.seed % 2**31, "output_format": "png",
    }  # fmt: skip


def _background_remover(address: str, request: ImageRequest, factor: int) -> dict[str, Any]:
    return {"image": address, "format": "png", "background_type": "rgba"}


TOOLS: dict[str, ReplicateTool] = {
    t.code: t
    for t in (
        ReplicateTool(
            f"{NAME}/background-remover", "Background remover", Does.CUT_OUT, "851-labs/background-remover",
            "a029dff38972b5fda4ec5d75d7d1cd25aeff621d2cf4946a41055d7db66b80bc", 1_000, 1, _background_remover,
        ),
        ReplicateTool(
            f"{NAME}/real-esrgan", "Real-ESRGAN", Does.ENLARGE, "nightmareai/real-esrgan",
            "f121d640bd286e1fdc67f9799164c1d5be36ff74576ee11c803ae5b665dd46aa", 3_000, 10, _real_esrgan,
        ),
        ReplicateTool(
            f"{NAME}/clarity-upscaler", "Clarity upscaler", Does.ENLARGE, "philz1337x/clarity-upscaler",
            "dfad41707589d68ecdccd1dfa600d55a208f9310748e44bfe35b4a6291453d5e", 50_000, 10, _clarity,
        ),
    )
}  # fmt: skip
