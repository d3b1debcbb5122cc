"""Whether Windows and macOS accept the names in a ZIP, by their published rules. Pure. It must never use the code that
makes our file names, because that is what it checks."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

# Windows opens the ZIP from the Downloads folder of a person with a long name.
_FOLDER = len("C:\\Users\\") + 20 + len("\\Downloads\\")
PATH_MAX, NAME_BYTES_MAX = 259, 255
_FORBIDDEN = re.compile(r'[<>:"|?*\\\x00-\x1f]')
_DEVICE = re.compile(r"(?:con|prn|aux|nul|conin\$|conout\$|com[0-9¹²³]|lpt[0-9¹²³])\Z", re.IGNORECASE)
_DRIVE = re.compile(r"\A[A-Za-z]:")


def unsafe(name: str) -> str:
    """Why a name would leave the folder the ZIP is unzipped to; empty when it doesn't."""
    plain = name.replace("\\", "/")
    if plain.startswith("/") or _DRIVE.match(plain):
        return "its name starts at the root of a drive."
    if ".." in plain.split("/"):
        return "its name points outside the folder with “..”."
    return ""


def windows(name: str) -> str:
    """Why Windows refuses or changes a name; empty when it doesn't."""
    for part in name.rstrip("/").split("/"):
        if bad := _FORBIDDEN.search(part):
            shown = bad.group() if bad.group().isprintable() else f"character number {ord(bad.group())}"
            return f"Windows doesn't allow {shown} in a file name."
        if not part:
            return "a folder in its path has no name."
        if part not in (".", "..") and part[-1] in ". ":
            return "Windows cuts off the dot or space at the end of this name."
        if _DEVICE.match(part.split(".")[0].rstrip(" ")):
            return f"Windows reserves the name {part.split('.')[0]} for a device."
    return ""


def too_long(name: str, archive: str) -> str:
    """Why a path is too long to be unpacked into a folder named after its ZIP; empty when it isn't."""
    whole = _FOLDER + len(archive.removesuffix(".zip")) + 1 + len(name)
    if whole > PATH_MAX:
        return f"unzipped in the Downloads folder its path has {whole} characters, and Windows allows {PATH_MAX}."
    if any(len(part.encode("utf-8", "surrogatepass")) > NAME_BYTES_MAX for part in name.split("/")):
        return f"macOS allows {NAME_BYTES_MAX} bytes in a name."
    return ""


def collisions(names: Iterable[str]) -> list[tuple[str, str]]:
    """Pairs of names that are the same file on a disk that ignores case and Unicode normalization (Windows, macOS), and
    files that are also a folder."""
    seen: dict[str, str] = {}
    found = []
    names = list(names)
    for name in names:
        key = _key(name)
        if key in seen:
            found.append((name, seen[key]))
        else:
            seen[key] = name
    for name in names:
        parts = _key(name).split("/")
        for depth in range(1, len(parts)):
            folder = "/".join(parts[:depth])
            if folder in seen and not seen[folder].endswith("/"):
                found.append((name, seen[folder]))
    return found


def _key(name: str) -> str:
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", name).casefold()).rstrip("/")
