"""The address at which a buyer downloads what doesn't fit into an Etsy listing (rules §3).

It is signed with the installation's key and stored nowhere: it can't be guessed, and works for as long as the project's download
files are served. It must never lead to anything but those files.
"""

from __future__ import annotations

from django.conf import settings

from elistit.accounts import signed_links
from elistit.projects.models import FileRole, Project, ProjectFile
from elistit.projects.serving import Serving
from elistit.projects.states import Stage


def address(public_id: str) -> str:
    """The whole address of a project's download page."""
    return f"{settings.BASE_URL}/get/{public_id}/{signed_links.token(_name(public_id))}/"


def is_right(public_id: str, token: str) -> bool:
    """Whether a token is the project's, signed with the key in use or one that was in use before."""
    return signed_links.is_right(_name(public_id), token)


def _name(public_id: str) -> str:
    return f"elistit buyer link {public_id}"


def files(project: Project) -> list[ProjectFile]:
    """The download files a buyer gets, in order; empty once the project or its files are deleted or refunded."""
    if project.stage in (Stage.DELETED, Stage.FAILED):
        return []
    rows = list(ProjectFile.objects.filter(project=project, role=FileRole.DOWNLOAD).order_by("name"))
    if not rows:
        return []
    serving = Serving(project)
    return [row for row in rows if serving.may(row)]
