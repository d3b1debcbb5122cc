"""Which of OpenAI's image models are offered, for which products, and what each costs the operator.

The model's name at OpenAI is pinned here and may be set with ELISTIT_OPENAI_MODEL when OpenAI retires it; a name it no
longer knows pauses the provider. It must never be asked for more than one image.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from elistit import config
from elistit.providers import http_asking as asking
from elistit.providers.base import ImageRequest, ModelInfo

NAME = "openai"
# Of the models sold today it is one that makes transparent backgrounds itself; gpt-image-2 no longer does.
PINNED = "gpt-image-2.5-flare"
PROMPT_MAX = 32_000
SIDE_STEP, SIDE_MAX = 16, 3840
# Millionths of a dollar per token, as billed for this family: words in, images out.
MICROS_PER_TOKEN_IN, MICROS_PER_TOKEN_OUT = 5, 30


@dataclass(frozen=True)
class OpenAiModel:
    """`cost_micros`: what one image costs, in millionths of a dollar, when OpenAI's answer does not say (`cost`)."""

    info: ModelInfo
    quality: str
    cost_micros: int


_PRODUCTS = frozenset({"clipart", "sticker", "wall_art", "poster", "greeting_card", "pattern"})


def _model(code: str, name: str, quality: str, cost_micros: int, note: str) -> OpenAiModel:
    return OpenAiModel(ModelInfo(f"{NAME}/{code}", name, NAME, _PRODUCTS, True, note), quality, cost_micros)


MODELS: dict[str, OpenAiModel] = {
    m.info.code: m
    for m in (
        _model("gpt-image", "GPT Image", "medium", 53_000, "Understands long prompts and draws transparent backgrounds."),
        _model("gpt-image-high", "GPT Image, high detail", "high", 211_000,
               "The highest level of detail. Takes one to two minutes per image."),
    )
}  # fmt: skip


def wire_name() -> str:
    """The model's name at OpenAI."""
    return config.current().openai.model or PINNED


def body(model: OpenAiModel, request: ImageRequest) -> dict[str, Any]:
    """The request for one image. Sides are the next multiple of 16 that is not smaller, as the model wants them."""
    width, height = (min(-(-side // SIDE_STEP) * SIDE_STEP, SIDE_MAX) for side in (request.width, request.height))
    return {
        "model": wire_name(),
        "prompt": asking.words(request, plain_ground=False, leave_out=True, limit=PROMPT_MAX),
        "n": 1, "size": f"{width}x{height}", "quality": model.quality, "output_format": "png", "moderation": "auto",
        "background": "transparent" if request.transparent else "opaque",
    }  # fmt: skip


def cost(model: OpenAiModel, usage: Any) -> int:
    """What one image cost, in millionths of a dollar: from the tokens OpenAI counted, else from the table."""
    if isinstance(usage, dict):
        tokens_in, tokens_out = usage.get("input_tokens"), usage.get("output_tokens")
        if (
            all(isinstance(n, int) and not isinstance(n, bool) and n >= 0 for n in (tokens_in, tokens_out))
            and tokens_out
        ):
            return int(tokens_in) * MICROS_PER_TOKEN_IN + int(tokens_out) * MICROS_PER_TOKEN_OUT  # type: ignore[arg-type]
    return model.cost_micros
