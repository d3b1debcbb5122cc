"""Which letters of a line run from right to left: the Unicode bidirectional algorithm (UAX #9) for text without direction
marks, which the studio removes from everything it sets.

It must never be asked about text with embeddings, overrides or isolates: `elistit.names` has taken them out by then.
"""

from __future__ import annotations

import unicodedata
from functools import cache

_NEUTRAL = ("B", "S", "WS", "ON")


def levels(text: str, rtl: bool | None = None) -> list[int]:
    """The embedding level of every character; odd ones run from right to left.

    `rtl` is the direction of the paragraph the line belongs to; None takes it from the first letter with a direction.
    """
    base = int(is_rtl(text) if rtl is None else rtl)
    given = [unicodedata.bidirectional(c) or "L" for c in text]
    found = _numbers(_marks_and_separators(given, base), base)
    found = _brackets(text, found, given, base)
    found = _neutrals(found, base)
    deep = [_level(kind, base) for kind in found]
    # Spaces at the end of the line stay at its end (L1).
    for index in range(len(text) - 1, -1, -1):
        if given[index] not in ("WS", "S", "B"):
            break
        deep[index] = base
    return deep


def is_rtl(text: str) -> bool:
    """Whether the first letter with a direction runs from right to left."""
    for character in text:
        kind = unicodedata.bidirectional(character)
        if kind in ("L", "R", "AL"):
            return kind != "L"
    return False


def visual_order(run_levels: list[int]) -> list[int]:
    """The indexes of runs of one level each, as they stand from left to right (L2)."""
    order = list(range(len(run_levels)))
    for level in range(max(run_levels, default=0), 0, -1):
        start = 0
        while start < len(order):
            end = start
            while end < len(order) and run_levels[order[end]] >= level:
                end += 1
            if end > start:
                order[start:end] = order[start:end][::-1]
            start = max(end, start + 1)
    return order


def _level(kind: str, base: int) -> int:
    if base:
        return 1 if kind == "R" else 2
    return {"R": 1, "EN": 2, "AN": 2}.get(kind, 0)


def _marks_and_separators(given: list[str], base: int) -> list[str]:
    """Marks take the kind of what they stand on (W1)."""
    found: list[str] = []
    for kind in given:
        found.append((found[-1] if found else "LR"[base]) if kind == "NSM" else "ON" if kind == "BN" else kind)
    return found


def _numbers(found: list[str], base: int) -> list[str]:
    """Digits by the letters before them, and the signs within and beside numbers (W2 to W7)."""
    strong = "LR"[base]
    for index, kind in enumerate(found):
        if kind in ("L", "R", "AL"):
            strong = kind
        elif kind == "EN" and strong == "AL":
            found[index] = "AN"
    found = ["R" if kind == "AL" else kind for kind in found]
    for index in range(1, len(found) - 1):
        before, after = found[index - 1], found[index + 1]
        if before == after and (
            (found[index] == "ES" and before == "EN") or (found[index] == "CS" and before in ("EN", "AN"))
        ):
            found[index] = before
    index = 0
    while index < len(found):
        end = index
        while end < len(found) and found[end] == "ET":
            end += 1
        beside = (found[index - 1] if index else "", found[end] if end < len(found) else "")
        if end > index:
            found[index:end] = ["EN" if "EN" in beside else "ON"] * (end - index)
        index = max(end, index + 1)
    found = ["ON" if kind in ("ES", "CS") else kind for kind in found]
    strong = "LR"[base]
    for index, kind in enumerate(found):
        if kind in ("L", "R"):
            strong = kind
        elif kind == "EN" and strong == "L":
            found[index] = "L"
    return found


def _side(kind: str) -> str:
    return "R" if kind in ("R", "EN", "AN") else kind if kind == "L" else ""


@cache
def _partners() -> dict[str, str]:
    """Opening brackets and what closes them: pairs of mirrored characters that stand beside each other in Unicode."""
    pairs = {}
    for code in range(0x110000):
        if unicodedata.category(chr(code)) == "Ps" and unicodedata.mirrored(chr(code)):
            for other in (chr(code + 1), chr(code + 2)):
                if unicodedata.category(other) == "Pe":
                    pairs[chr(code)] = other
                    break
    return pairs


def _pairs(text: str, found: list[str]) -> list[tuple[int, int]]:
    stack: list[tuple[str, int]] = []
    pairs: list[tuple[int, int]] = []
    canonical = {"\u2329": "\u3008", "\u232a": "\u3009"}
    for index, character in enumerate(text):
        if found[index] != "ON":
            continue
        if character in _partners():
            if len(stack) == 63:
                return []
            stack.append((canonical.get(_partners()[character], _partners()[character]), index))
            continue
        for depth in range(len(stack) - 1, -1, -1):
            if stack[depth][0] == canonical.get(character, character):
                pairs.append((stack[depth][1], index))
                del stack[depth:]
                break
    return sorted(pairs)


def _brackets(text: str, found: list[str], given: list[str], base: int) -> list[str]:
    """A pair of brackets takes the direction of what it holds, or of what stands before it (N0)."""
    own, other = ("R", "L") if base else ("L", "R")
    for opening, closing in _pairs(text, found):
        inside = {_side(kind) for kind in found[opening + 1 : closing]}
        if own in inside:
            side = own
        elif other in inside:
            before = next((s for kind in reversed(found[:opening]) if (s := _side(kind))), own)
            side = other if before == other else own
        else:
            continue
        for index in (opening, closing):
            found[index] = side
            after = index + 1
            while after < len(found) and given[after] == "NSM":
                found[after] = side
                after += 1
    return found


def _neutrals(found: list[str], base: int) -> list[str]:
    """What has no direction takes that of its neighbors where they agree, else the paragraph's (N1, N2)."""
    embedding = "LR"[base]
    index = 0
    while index < len(found):
        end = index
        while end < len(found) and found[end] in _NEUTRAL:
            end += 1
        if end > index:
            before = _side(found[index - 1]) if index else embedding
            after = _side(found[end]) if end < len(found) else embedding
            found[index:end] = [before if before == after else embedding] * (end - index)
        index = max(end, index + 1)
    return found
