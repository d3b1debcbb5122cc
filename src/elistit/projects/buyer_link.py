"""The address at which a buyer downloads what doesn't fit into an Etsy listing (rules §3).

It is signed with the installation's key and stored nowhere: it can't be guessed, and works for as long as the project's download
files are served. It must never lead to anything but those files.
"""

from __future__ import annotations

import base64
import hashlib
import hmac

from django.conf import settings

from elistit.projects.models import FileRole, Project, ProjectFile
from elistit.projects.serving import Serving
from elistit.projects.states import Stage

TOKEN = r"[A-Za-z0-9_-]{27}"


def _signed(public_id: str, key: str) -> str:
    digest = hmac.new(key.encode(), f"elistit buyer link {public_id}".encode(), hashlib.sha256).digest()
    return base64.urlsafe_b64encode(digest[:20]).decode().rstrip("=")


def address(public_id: str) -> str:
    """The whole address of a project's download page."""
    return f"{settings.BASE_URL}/get/{public_id}/{_signed(public_id, settings.SECRET_KEY)}/"


def is_right(public_id: str, token: str) -> bool:
    """Whether a token is the project's, signed with the key in use or one that was in use before."""
    keys = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    return any(hmac.compare_digest(_signed(public_id, str(key)), token) for key in keys)


def files(project: Project) -> list[ProjectFile]:
    """The download files a buyer gets, in order; empty once the project or its files are deleted or refunded."""
    if project.stage in (Stage.DELETED, Stage.FAILED):
        return []
    rows = list(ProjectFile.objects.filter(project=project, role=FileRole.DOWNLOAD).order_by("name"))
    if not rows:
        return []
    serving = Serving(project)
    return [row for row in rows if serving.may(row)]
