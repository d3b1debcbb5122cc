"""How files are spread over the ZIP parts an Etsy listing takes: plain arithmetic on sizes in bytes, with no image library.

It must never open a file, so that a form can say beforehand what a delivery will need.
"""

from __future__ import annotations

from collections.abc import Sequence

PART_MAX = 20_000_000
PARTS_MAX = 5
# A stored entry costs its local header, its central entry and its name twice; an archive its end record.
ENTRY_BYTES, END_BYTES = 30 + 46, 22
NAME_MAX = 80
# Room for the product card and the licences, for a forecast made before there are any.
CARD_RESERVE = 600_000


def need_link(sizes: Sequence[int]) -> bool:
    """Whether files of these sizes in bytes, which go along as they are, cannot fit into an Etsy listing."""
    each = [size + ENTRY_BYTES + 2 * NAME_MAX for size in sizes]
    return bool(each) and first_fit(each, CARD_RESERVE, PART_MAX, PARTS_MAX) is None


def first_fit(sizes: list[int], reserve: int, part_max: int, parts_max: int) -> list[list[int]] | None:
    """First-fit-decreasing: indexes per part, or None. Every part stays strictly under `part_max` bytes."""
    room = [part_max - 1 - END_BYTES - reserve]
    if room[0] < 0:
        return None
    parts: list[list[int]] = [[]]
    for index in sorted(range(len(sizes)), key=lambda i: (-sizes[i], i)):
        part = next((p for p, free in enumerate(room) if sizes[index] <= free), len(parts))
        if part == len(parts):
            if len(parts) == parts_max or sizes[index] > part_max - 1 - END_BYTES:
                return None
            parts.append([])
            room.append(part_max - 1 - END_BYTES)
        parts[part].append(index)
        room[part] -= sizes[index]
    return parts
