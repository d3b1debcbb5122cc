"""The workflow a ComfyUI server runs for one image: the operator's own, or a small one built here around a checkpoint.

A workflow is in ComfyUI's API format: nodes by id, each with `class_type` and `inputs`. Values that are exactly a placeholder
(`%prompt%`, `%seed%` …) take its value; inside longer texts it is put in place. It is read and checked before anything is
offered, so that a mistake is the operator's to see and never a seller's.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from elistit.providers.http import BadSettings

FILE_NAME, CHECKPOINT_NAME = "ELISTIT_COMFYUI_WORKFLOW", "ELISTIT_COMFYUI_CHECKPOINT"
NEEDED = ("%prompt%", "%width%", "%height%", "%seed%")
PLACES = (*NEEDED, "%negative%")
BYTES_MAX = 2_000_000


@dataclass(frozen=True)
class Workflow:
    """`text` is the graph as JSON, placeholders and all; `checkpoint` is set for the graph that is built here."""

    text: str
    checkpoint: str = ""

    @property
    def takes_negative(self) -> bool:
        return "%negative%" in self.text

    def filled(self, values: Mapping[str, str | int]) -> dict[str, Any]:
        """The graph for one image. `values` are by placeholder."""
        graph: dict[str, Any] = _put(json.loads(self.text), values)
        return graph


def read(file: str, checkpoint: str) -> Workflow:
    """The workflow of a file, or around a checkpoint. Raises BadSettings, one sentence for the operator."""
    if file:
        return Workflow(_checked(Path(file)))
    if not checkpoint:
        raise BadSettings(f"ELISTIT_COMFYUI_URL is set: set {FILE_NAME} or {CHECKPOINT_NAME} too.")
    return Workflow(json.dumps(_plain(checkpoint)), checkpoint)


def _checked(path: Path) -> str:
    try:
        if path.stat().st_size > BYTES_MAX:
            raise BadSettings(f"{FILE_NAME}: {path} is larger than {BYTES_MAX // 1_000_000} MB.")
        text = path.read_text(encoding="utf-8")
        graph = json.loads(text)
    except OSError as error:
        raise BadSettings(f"{FILE_NAME}: {path} cannot be read ({error.strerror}).") from None
    except (ValueError, RecursionError):
        raise BadSettings(f"{FILE_NAME}: {path} is not JSON.") from None
    nodes = graph.values() if isinstance(graph, dict) else []
    if not nodes or not all(
        isinstance(n, dict) and "class_type" in n and isinstance(n.get("inputs"), dict) for n in nodes
    ):
        raise BadSettings(f"{FILE_NAME}: {path} is not a workflow in ComfyUI's API format (“Export (API)”).")
    values = json.dumps(graph)
    if missing := [place for place in NEEDED if place not in values]:
        words = (
            f"{FILE_NAME}: {path} has no {' and no '.join(missing)}, so every image would come out the same or wrong."
        )
        raise BadSettings(words)
    return values


def _put(part: Any, values: Mapping[str, str | int]) -> Any:
    if isinstance(part, dict):
        return {name: _put(inner, values) for name, inner in part.items()}
    if isinstance(part, list):
        return [_put(inner, values) for inner in part]
    if not isinstance(part, str):
        return part
    if part in values:
        return values[part]
    # Each piece of the template is looked at once, so that a prompt that contains a placeholder stays a prompt.
    found = [(at, place) for place in values if (at := part.find(place)) >= 0]
    if not found:
        return part
    at, place = min(found)
    return part[:at] + str(values[place]) + str(_put(part[at + len(place) :] or "", values))


def _plain(checkpoint: str) -> dict[str, Any]:
    """Text to image with one checkpoint, as small as it can be."""
    return {
        "1": {"class_type": "CheckpointLoaderSimple", "inputs": {"ckpt_name": checkpoint}},
        "2": {"class_type": "CLIPTextEncode", "inputs": {"text": "%prompt%", "clip": ["1", 1]}},
        "3": {"class_type": "CLIPTextEncode", "inputs": {"text": "%negative%", "clip": ["1", 1]}},
        "4": {"class_type": "EmptyLatentImage", "inputs": {"width": "%width%", "height": "%height%", "batch_size": 1}},
        "5": {
            "class_type": "KSampler",
            "inputs": {
                "seed": "%seed%", "steps": 28, "cfg": 6.5, "sampler_name": "dpmpp_2m", "scheduler": "karras", "denoise": 1.0,
                "model": ["1", 0], "positive": ["2", 0], "negative": ["3", 0], "latent_image": ["4", 0],
            },
        },
        "6": {"class_type": "VAEDecode", "inputs": {"samples": ["5", 0], "vae": ["1", 2]}},
        "7": {"class_type": "SaveImage", "inputs": {"filename_prefix": "elistit", "images": ["6", 0]}},
    }  # fmt: skip
