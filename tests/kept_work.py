"""Image work whose result is kept for the tests of one process: the same function on the same arguments and the same bytes is done
once, and its files are written again from memory.

For tests of what happens around the work. A function runs in full for the first test that needs it, and again for another
argument, another input file or another function in its place. It must never be used by a test that changes what such a function
does inside, or that compares two runs of it.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from elistit.artwork import jobs, mockup_jobs
from elistit.providers.builtin import work

PURE = frozenset(
    {
        work.paint_to_file, work.draw_svg, jobs.examine, jobs.unusable, jobs.take_in, jobs.own_print, jobs.own_drawing,
        jobs.poster_print, jobs.finish_vector, mockup_jobs.poster_mockups, mockup_jobs.listing_mockups, mockup_jobs.own_mockups,
    }
)  # fmt: skip
"""What is expensive and depends on nothing but its arguments."""

_kept: dict[str, tuple[str, dict[str, bytes]]] = {}
_FOLDER = "/the-folder-it-works-in"


def here(function: Callable[..., Any], *args: Any, timeout: float = 0, **named: Any) -> Any:
    """What `runtime.cpu` does, in this process, with the results of image work kept."""
    if function not in PURE:
        return function(*args, **named)
    folders = list(dict.fromkeys(str(folder) for text in _texts([args, named]) if (folder := _folder(text))))
    key = json.dumps([function.__module__, function.__qualname__, _bare([args, named], folders)])
    if key not in _kept:
        before = _inside(folders)
        answer = json.dumps(_marked(function(*args, **named), folders))
        made = [path for path, state in _inside(folders).items() if before.get(path) != state]
        _kept[key] = answer, {_mark(path, folders): Path(path).read_bytes() for path in made}
    answer, files = _kept[key]
    for path, data in files.items():
        out = Path(_unmark(path, folders))
        out.parent.mkdir(parents=True, exist_ok=True)
        out.write_bytes(data)
    return json.loads(_unmark(answer, folders))


def _texts(value: Any) -> Iterator[str]:
    """All strings in a value of lists and tables."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        yield from _texts(list(value.values()))
    elif isinstance(value, (list, tuple)):
        for one in value:
            yield from _texts(one)


def _folder(text: str) -> Path | None:
    """The folder that a path leads to or into, where the string is one."""
    if not text.startswith("/") or len(text) > 400:
        return None
    path = Path(text)
    return path if path.is_dir() else path.parent if path.parent.is_dir() else None


def _bare(value: Any, folders: list[str]) -> Any:
    """A value with the bytes of files in place of their paths, and without the names of folders."""
    if isinstance(value, dict):
        return {name: _bare(one, folders) for name, one in value.items()}
    if isinstance(value, (list, tuple)):
        return [_bare(one, folders) for one in value]
    if isinstance(value, str) and _folder(value):
        path = Path(value)
        seen = hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else ""
        return [_mark(value, folders), seen]
    return value


def _inside(folders: list[str]) -> dict[str, tuple[int, int]]:
    """The size and time of every file in these folders."""
    files = (path for folder in folders for path in Path(folder).rglob("*") if path.is_file())
    return {str(path): ((state := path.stat()).st_size, state.st_mtime_ns) for path in files}


def _marked(value: Any, folders: list[str]) -> Any:
    if isinstance(value, dict):
        return {name: _marked(one, folders) for name, one in value.items()}
    if isinstance(value, (list, tuple)):
        return [_marked(one, folders) for one in value]
    return _mark(value, folders) if isinstance(value, str) else value


def _mark(text: str, folders: list[str]) -> str:
    for folder in sorted(folders, key=len, reverse=True):  # one may lie in another
        text = text.replace(folder, f"{_FOLDER}-{folders.index(folder)}-")
    return text


def _unmark(text: str, folders: list[str]) -> str:
    for number, folder in enumerate(folders):
        text = text.replace(f"{_FOLDER}-{number}-", folder)
    return text
