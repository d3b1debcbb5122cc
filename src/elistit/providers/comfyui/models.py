"""The one model a ComfyUI server is offered as: the operator's workflow, on the operator's GPU, at no cost per image."""

from __future__ import annotations

from elistit.providers.base import ModelInfo

NAME = "comfyui"
CODE = f"{NAME}/workflow"
MODEL = ModelInfo(
    CODE, "This studio’s own GPU", NAME, frozenset({"clipart", "sticker", "wall_art", "poster", "pattern"}), False,
    "Runs on this studio’s own graphics card. Backgrounds are removed afterwards where needed.",
)  # fmt: skip
