"""What the tests of outside providers ask for: a request, the image that comes back, and clients of local addresses."""

from __future__ import annotations

import base64
import functools
import hashlib
import hmac
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy
import pyvips

from elistit import ports
from elistit.providers import http
from elistit.providers.base import ImageRequest
from elistit.providers.comfyui import client as comfyui
from elistit.providers.comfyui import workflow
from elistit.providers.comfyui.client import ComfyUi
from elistit.providers.comfyui.workflow import Workflow
from elistit.providers.openai.client import OpenAi
from elistit.providers.recraft.client import Recraft
from elistit.providers.replicate.client import Replicate, Waiting

KEY = "sk-secret-0123456789abcdef"


SECRET = "whsec_" + base64.b64encode(b"replicate's own secret, 32 bytes").decode()


QUICK = http.Timeouts(connect=2, read=1.0, write=2, whole=1.4)


WAITING = Waiting(
    first=0.01,
    most=0.02,
    most_with_webhook=0.02,
    hear=0.01,
    run=0.5,
    look_up=0.3,
    end_there=60,
    call=QUICK,
    picture=QUICK,
    large=QUICK,
)


COMFY_WAITING = comfyui.Waiting(step=0.01, run=0.5, look_up=0.3, call=QUICK, picture=QUICK)


SVG = (
    b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 100 100"><rect x="10" y="10" width="60" height="60" fill="#336699"/>'
    b'<circle cx="60" cy="60" r="25" fill="#cc4422"/></svg>'
)


def run(function: Callable[..., Any], *args: Any, timeout: float = 0.0, **more: Any) -> Any:
    """Heavy work, done here and now."""
    return function(*args, **more)


@functools.cache
def picture(width: int = 64, height: int = 64, kind: str = "png", *, alpha: bool = False) -> bytes:
    """A picture with something on it; with alpha, only its middle is opaque."""
    across = numpy.linspace(0, 255, width)[None, :].repeat(height, 0)
    down = numpy.linspace(0, 255, height)[:, None].repeat(width, 1)
    planes = [across, down, 255 - across]
    if alpha:
        inside = numpy.zeros((height, width))
        inside[height // 4 : -height // 4, width // 4 : -width // 4] = 255
        planes.append(inside)
    image = pyvips.Image.new_from_array(numpy.dstack(planes).astype("uint8")).copy(interpretation="srgb")
    return bytes(image.write_to_buffer({"png": ".png", "jpeg": ".jpg[Q=95]", "webp": ".webp[lossless]"}[kind]))


def asked_for(tmp_path: Path, model: str, key: str = "job:1:0:1.0", **more: Any) -> ImageRequest:
    facts: dict[str, Any] = {
        "key": key, "model": model, "prompt": "a red fox, watercolor", "negative": "text", "width": 64, "height": 64, "seed": 7,
        "transparent": False, "out": tmp_path / "image.png",
    }  # fmt: skip
    return ImageRequest(**{**facts, **more})


def signed(
    message: Any, *, secret: str = SECRET, age: int = 0, message_id: str = "msg_1"
) -> tuple[dict[str, str], bytes]:
    """A message as Replicate signs it: headers and body."""
    body = message if isinstance(message, bytes) else json.dumps(message).encode()
    stamp = int(ports.now().timestamp()) - age
    key = base64.b64decode(secret.removeprefix("whsec_"))
    right = base64.b64encode(hmac.new(key, f"{message_id}.{stamp}.".encode() + body, hashlib.sha256).digest()).decode()
    headers = {"webhook-id": message_id, "webhook-timestamp": str(stamp), "webhook-signature": f"v1,AAAA v1,{right}"}
    return headers, body


def replicate_at(url: str) -> Replicate:
    return Replicate(http.Service("replicate", url, KEY, ("replicate.delivery",)), WAITING)


def comfy_at(url: str, graph: Workflow | None = None, key: str = "") -> ComfyUi:
    graph = graph or workflow.read("", "sdxl.safetensors")
    return ComfyUi(http.Service("comfyui", url, key), graph, COMFY_WAITING)


def openai_at(url: str) -> OpenAi:
    return OpenAi(http.Service("openai", url, KEY), QUICK)


def recraft_at(url: str) -> Recraft:
    return Recraft(http.Service("recraft", url, KEY), QUICK)
