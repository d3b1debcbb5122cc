"""The names of files and folders on a Drive, and the marks by which they are found again. Pure.

Drive accepts any name, even twice in one folder; but Drives are often synchronized to a computer, so the names must be
valid on every computer, and a second project of the same name must get a separate folder.
"""

from __future__ import annotations

import hashlib

from elistit import names

ROOT = "Elistit"
NAME_MAX = names.FOLDER_MAX
PROJECT, PART = "elistitProject", "elistitPart"
ROOT_MARK = "root"


def clean(name: str, otherwise: str = "Project") -> str:
    """A name that every computer accepts, as close to the given one as possible (`names.shown_name`). At most 100
    characters."""
    return names.shown_name(name, otherwise)


def apart(name: str, project: str) -> str:
    """The name of a project's folder when another project has the plain one: with the end of its public id."""
    return f"{names.cut(name, NAME_MAX - 9).rstrip(' .-')} ({project[-6:]})"


def mark(project: str, path: str) -> dict[str, str]:
    """The private properties of one of our files or folders. `path` is within the project's folder, empty for the
    folder itself; it is stored as a digest because Drive allows at most 124 bytes."""
    return {PROJECT: project, PART: part(path)}


def part(path: str) -> str:
    return hashlib.sha256(path.encode()).hexdigest()[:32]


def delivery_name(number: int, count: int) -> str:
    """The name of a delivery ZIP: `delivery.zip`, or `delivery part 2 of 3.zip`."""
    return "delivery.zip" if count == 1 else f"delivery part {number} of {count}.zip"


def marked(project: str) -> str:
    """A query for everything of ours that belongs to a project (or is the root folder) and is not in the bin."""
    return f"appProperties has {{ key='{PROJECT}' and value='{quoted(project)}' }} and trashed = false"


def named(name: str, parent: str) -> str:
    """A query for folders of a name in a folder."""
    return (
        f"name = '{quoted(name)}' and '{quoted(parent)}' in parents and "
        "mimeType = 'application/vnd.google-apps.folder' and trashed = false"
    )


def quoted(text: str) -> str:
    """A text inside the quotes of a query."""
    return text.replace("\\", "\\\\").replace("'", "\\'")
