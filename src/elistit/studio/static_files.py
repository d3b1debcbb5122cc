"""Static files under names that carry a hash of their content, so that browsers may keep them for a year.

No step collects them: each process hashes what the apps bring when it starts. A name without a hash, or with the hash of
another version (a page loaded before an upgrade), gets the file there is now, kept for a minute. Files of sellers are served
elsewhere.
"""

from __future__ import annotations

import hashlib
import re
from functools import cache
from pathlib import Path, PurePosixPath
from typing import Any, ClassVar

from django.contrib.staticfiles import finders
from django.contrib.staticfiles.storage import StaticFilesStorage
from whitenoise.middleware import WhiteNoiseMiddleware

YEAR = 365 * 24 * 3600
"""Seconds."""
_HASH = re.compile(r"\.[0-9a-f]{12}(?=\.[a-z0-9]+$)")


def hashed(name: str, content: bytes) -> str:
    """The name under which this content may be kept: `studio/tokens.css` becomes `studio/tokens.1f3870be274f.css`."""
    path = PurePosixPath(name)
    return str(path.with_suffix(f".{hashlib.sha256(content).hexdigest()[:12]}{path.suffix}"))


@cache
def _found(name: str) -> str:
    path = finders.find(name)
    if not isinstance(path, str):
        raise ValueError(f"There is no static file {name}.")
    return hashed(name, Path(path).read_bytes())


class HashedStorage(StaticFilesStorage):
    """What `{% static %}` asks. Raises ValueError for a file that isn't there, so that a wrong name fails in every test."""

    def url(self, name: str | None) -> str:
        return super().url(_found(name) if name else name)


class StaticFiles(WhiteNoiseMiddleware):  # type: ignore[misc]  # the package has no types
    """Middleware that answers for static files under either name. What may be kept for a year, the package asks the storage."""

    FOREVER = YEAR
    files: dict[str, Any]
    _known: ClassVar[dict[str, dict[str, Any]]] = {}
    """By prefix, what was found and hashed before in this process: each handler makes its own middleware."""

    def add_files_from_finders(self) -> None:
        known = self._known.get(self.static_prefix)
        if known is None:
            super().add_files_from_finders()
            self._known[self.static_prefix] = self.files
        else:
            self.files = known

    def add_file_to_dictionary(self, url: str, path: str, stat_cache: Any = None) -> None:
        super().add_file_to_dictionary(url, path, stat_cache=stat_cache)
        name = url.removeprefix(self.static_prefix)
        kept = self.static_prefix + hashed(name, Path(path).read_bytes())
        self.files[kept] = self.get_static_file(path, kept, stat_cache=stat_cache)

    def __call__(self, request: Any) -> Any:
        path = request.path_info
        static_file = self.files.get(path) or self.files.get(_HASH.sub("", path))
        return self.get_response(request) if static_file is None else self.serve(static_file, request)
