"""The variants of figures that differ only by kind and by pose."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from .subject import Params


def kinds(names: Iterable[str], poses: Sequence[str] = ("",)) -> list[Params]:
    """Every kind in the first pose, then every kind in the next; the pose "" is none."""
    listed = list(names)
    return [{"kind": k} | ({"pose": p} if p else {}) for p in poses for k in listed]
