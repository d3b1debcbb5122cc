"""DXF files as a cutting program reads them: pairs of group code and value, every outline followed (AutoCAD DXF reference).

A separate reader that shares nothing with the library that writes ours. It must never open anything a drawing refers
to.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from elistit.trial.report import Findings

BYTES_MAX = 60_000_000
MILLIMETERS = "4"
# Entities with a flag for being closed, and those that are always closed.
_FLAGGED, _ROUND = {"LWPOLYLINE", "POLYLINE", "SPLINE"}, {"CIRCLE"}
_OPEN = {"LINE", "ARC", "ELLIPSE"}
# Parts of the preceding entity, and entities irrelevant to cutting.
_PARTS = {"VERTEX", "SEQEND", "POINT", "TEXT", "MTEXT"}


@dataclass
class _Entity:
    kind: str
    layer: str = "0"
    flags: int = 0
    across: list[float] = field(default_factory=list)
    down: list[float] = field(default_factory=list)


def look_at(name: str, data: bytes, findings: Findings) -> dict[str, Any]:
    """Check one DXF. Returns `cut_lines`, `layers`, `inches`; empty when it doesn't open."""
    try:
        header, entities = _read(data)
    except ValueError as broken:
        findings.failed("dxf.opens", name, f"The DXF can't be opened: {broken}")
        return {}
    findings.passed("dxf.opens", header.get("$ACADVER", ""))
    unit = header.get("$INSUNITS", "")
    findings.judge("dxf.units", name, "" if unit == MILLIMETERS else "It doesn't say that its unit is the millimeter.")
    lines = [e for e in entities if e.kind not in _PARTS]
    words = "" if lines else "There is nothing to cut in it."
    for entity in lines:
        if entity.kind in _OPEN or (entity.kind in _FLAGGED and not entity.flags & 1):
            words = "An outline isn't closed, so the blade doesn't free the piece."
        elif entity.kind not in _FLAGGED | _ROUND:
            words = f"It contains {entity.kind[:20]}, which cutting programs leave out."
        if words:
            break
    findings.judge("dxf.closed", name, words)
    found: dict[str, Any] = {"cut_lines": len(lines), "layers": len({e.layer for e in lines})}
    across = [x for e in entities for x in e.across]
    down = [y for e in entities for y in e.down]
    if across and down:
        found["inches"] = [round((max(v) - min(v)) / 25.4, 3) for v in (across, down)]
    return found


def _read(data: bytes) -> tuple[dict[str, str], list[_Entity]]:
    """The variables of the header, and the entities. Raises ValueError with the reason."""
    if len(data) > BYTES_MAX:
        raise ValueError("it is too large.")
    header: dict[str, str] = {}
    entities: list[_Entity] = []
    section, variable, ended = "", "", False
    for code, value in _pairs(data):
        if code == 0:
            ended = value == "EOF"
            if section == "ENTITIES" and value != "ENDSEC":
                entities.append(_Entity(value))
            if value in ("SECTION", "ENDSEC"):
                section = ""
        elif code == 2 and not section:
            section = value
        elif section == "HEADER":
            variable = value if code == 9 else variable
            if code != 9:
                header.setdefault(variable, value)
        elif section == "ENTITIES" and entities:
            _put(entities[-1], code, value)
    if not ended:
        raise ValueError("it ends too early.")
    return header, entities


def _put(entity: _Entity, code: int, value: str) -> None:
    if code == 8:
        entity.layer = value
    elif code == 70:
        entity.flags = int(value)
    elif code == 10:
        entity.across.append(float(value))
    elif code == 20:
        entity.down.append(float(value))


def _pairs(data: bytes) -> Iterator[tuple[int, str]]:
    lines = data.decode("utf-8", "replace").splitlines()
    if len(lines) % 2:
        raise ValueError("a value is missing.")
    for number in range(0, len(lines), 2):
        try:
            yield int(lines[number]), lines[number + 1].strip()
        except ValueError:
            raise ValueError(f"line {number + 1} isn't a group code.") from None
