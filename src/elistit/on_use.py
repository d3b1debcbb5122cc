"""Modules that are loaded when they are first used, for what only some of a process's work needs: an image library in a process
that mostly serves pages.

The importing module names the real import under `TYPE_CHECKING`, so that types and the rules of imports see it, and an `OnUse` in
its place otherwise. It must never be used for a module whose import registers something that others rely on.
"""

from __future__ import annotations

import importlib
import sys
import threading
from collections.abc import Callable
from typing import Any

_LOADING = threading.RLock()


class OnUse:
    """Stands for the module `name`: the first attribute that is asked for loads it. For any number of threads. `before` is called
    right before each such answer and must be cheap when it has been called already."""

    # Without attributes of its own, so that what is set, and set back, is set in the module.
    __slots__ = ("_before", "_name")

    _name: str
    _before: Callable[[], object] | None

    def __init__(self, name: str, before: Callable[[], object] | None = None) -> None:
        object.__setattr__(self, "_name", name)
        object.__setattr__(self, "_before", before)

    def __getattr__(self, attribute: str) -> Any:
        # Nothing is kept here: a value that is changed in the module is seen by everyone who uses it.
        return getattr(self._loaded(), attribute)

    def __setattr__(self, attribute: str, value: Any) -> None:
        setattr(self._loaded(), attribute, value)

    def __delattr__(self, attribute: str) -> None:
        delattr(self._loaded(), attribute)

    def __dir__(self) -> list[str]:
        return dir(self._loaded())

    def __repr__(self) -> str:
        return f"<module {self._name!r}, loaded on use>"

    def _loaded(self) -> Any:
        # One thread at a time: of two that import each other's modules, Python would give one a half-loaded module. `before`
        # imports as well, and so does whatever it calls for the first time.
        if self._before is not None:
            with _LOADING:
                self._before()
        module = sys.modules.get(self._name)
        if module is not None and not getattr(module.__spec__, "_initializing", False):
            return module
        with _LOADING:
            return importlib.import_module(self._name)
