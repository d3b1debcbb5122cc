"""What the configuration says of a ComfyUI server: where it is and which workflow it runs.

Every command reads it before anything starts, so nothing here may load what works on images. It must never ask the server.
"""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass
from urllib.parse import urlsplit

from elistit import config
from elistit.providers import http
from elistit.providers.comfyui import workflow
from elistit.providers.comfyui.models import NAME
from elistit.providers.comfyui.workflow import Workflow

URL_NAME = "ELISTIT_COMFYUI_URL"
_PRIVATE = tuple(
    ipaddress.ip_network(n)
    for n in ("127.0.0.0/8", "10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10", "::1/128", "fc00::/7")
)
_PRIVATE_NAMES = (".local", ".lan", ".internal", ".home.arpa", ".localhost")


@dataclass(frozen=True)
class Configured:
    """A server of the operator's own and the workflow that it runs."""

    service: http.Service
    workflow: Workflow


def read(settings: config.Config | None = None) -> Configured | None:
    """The server that the configuration names; None without ELISTIT_COMFYUI_URL. Raises http.BadSettings."""
    ours = (settings or config.current()).comfyui
    url = ours.url.rstrip("/")
    if not url:
        return None
    if urlsplit(url).scheme != "https" and not _near(url):
        raise http.BadAddress(f"{URL_NAME} must be an https address, or an http address in your own network.")
    service = http.Service(NAME, url, ours.key.get_secret_value())
    return Configured(service, workflow.read(ours.workflow, ours.checkpoint))


def _near(url: str) -> bool:
    """Whether an http address lies in a network of the operator's own: a private address, or a name that only it knows."""
    try:
        parts = urlsplit(url)
        host = (parts.hostname or "").lower()
    except ValueError:
        return False
    try:
        near = any(ipaddress.ip_address(host) in network for network in _PRIVATE)
    except ValueError:
        near = bool(host) and ("." not in host or host.endswith(_PRIVATE_NAMES))
    return parts.scheme == "http" and near
