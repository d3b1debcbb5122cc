"""A flame graph of a program's own processor time as SVG: what was running, over what called it.

The kernel interrupts this process after each thousandth of a second of processor time, or as often as its clock allows; the stack it
then finds is counted. Functions of C are part of the one that called them. Only the main thread is seen.
"""

from __future__ import annotations

import contextlib
import signal
from collections import Counter
from collections.abc import Iterator
from html import escape
from types import FrameType

WIDTH, LINE, TOP = 1200, 17, 28
LEAST = 0.004
"""Share of the whole below which a function is left out: it would be too narrow to read."""
COLORS = {"elistit": "#7fb8a4", "django": "#e8b56a", "sqlite": "#c9806f", "other": "#cfc8ba"}
Stacks = Counter[tuple[str, ...]]


@contextlib.contextmanager
def sampled(below: str) -> Iterator[Stacks]:
    """Count the stacks of what runs within, from the function `below` on, the outermost first."""
    found: Stacks = Counter()

    def look(_number: int, frame: FrameType | None) -> None:
        stack: list[str] = []
        while frame is not None and frame.f_code.co_name != below:
            stack.append(_name(frame))
            frame = frame.f_back
        if frame is not None:
            found[tuple(reversed(stack))] += 1

    before = signal.signal(signal.SIGPROF, look)
    signal.setitimer(signal.ITIMER_PROF, 0.001, 0.001)
    try:
        yield found
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, before)


def _name(frame: FrameType) -> str:
    path = frame.f_code.co_filename
    for root in ("/site-packages/", "/src/", "/lib/python3"):
        path = path.rpartition(root)[2]
    return f"{path.removesuffix('.py')}:{frame.f_code.co_name}"


def svg(stacks: Stacks, title: str, milliseconds: float) -> str:
    """The picture. `milliseconds`: what the whole of it stands for, such as one page."""
    whole = sum(stacks.values())
    boxes: list[tuple[int, float, float, str]] = []
    _lay(stacks, 0, 0.0, whole, boxes)
    height = TOP + LINE * (2 + max((depth for depth, *_ in boxes), default=0))
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" font-family="sans-serif" font-size="11">',
        f'<rect width="100%" height="100%" fill="#fff"/><text x="6" y="18" font-size="13">{escape(title)}</text>',
    ]
    for depth, start, share, name in boxes:
        x, y, width = start * WIDTH, height - LINE * (depth + 1) - 4, share * WIDTH
        words = f"{name} {share * milliseconds:.2f} ms"
        shown = words if len(words) * 6 < width else name.rpartition(":")[2]
        label = f'<text x="{x + 3:.1f}" y="{y + 12}">{escape(shown)}</text>' if len(shown) * 6 < width else ""
        parts.append(
            f'<g><title>{escape(words)}</title><rect x="{x:.1f}" y="{y}" width="{max(width - 0.5, 0.5):.1f}" height="{LINE - 1}" '
            f'fill="{_color(name)}"/>{label}</g>'
        )
    return "\n".join([*parts, "</svg>", ""])


def _color(name: str) -> str:
    if "sqlite3" in name:
        return COLORS["sqlite"]
    return next((color for root, color in COLORS.items() if name.startswith(f"{root}/")), COLORS["other"])


def _lay(stacks: Stacks, depth: int, start: float, whole: int, boxes: list[tuple[int, float, float, str]]) -> None:
    """Lay the functions of one depth beside each other, those with most time first, and what they called on top."""
    groups: dict[str, Stacks] = {}
    for stack, count in stacks.items():
        if stack:
            groups.setdefault(stack[0], Counter())[stack[1:]] += count
    for name, above in sorted(groups.items(), key=lambda pair: -sum(pair[1].values())):
        share = sum(above.values()) / whole
        if share >= LEAST:
            boxes.append((depth, start, share, name))
            _lay(above, depth + 1, start, whole, boxes)
        start += share
