"""Outcomes as JSON: what the engine records, and what a quarantined process returns. The format must stay readable by
other versions."""

from __future__ import annotations

from dataclasses import fields
from typing import Any

from elistit.ports import Failure, Kind, Made, Outcome


def outcome_to_json(outcome: Outcome | None) -> dict[str, Any] | None:
    """An outcome as a JSON-safe dictionary."""
    if outcome is None:
        return None
    if isinstance(outcome, Made):
        return {
            "made": True,
            "data": outcome.data,
            "cost_micros": outcome.cost_micros,
            "provider_id": outcome.provider_id,
        }
    return {
        "made": False, "kind": outcome.kind.value, "reason": outcome.reason, "detail": outcome.detail,
        "retry_after": outcome.retry_after, "provider_id": outcome.provider_id, "cost_micros": outcome.cost_micros,
        "service": outcome.service, "ours": outcome.ours,
    }  # fmt: skip


def outcome_from_json(data: dict[str, Any] | None) -> Outcome | None:
    """The outcome that `outcome_to_json` wrote, in this version or a later one; unknown fields are ignored."""
    if data is None:
        return None
    if data["made"]:
        return Made(**_known(Made, data))
    return Failure(**{**_known(Failure, data), "kind": Kind(data["kind"])})


def _known(shape: type[Made] | type[Failure], data: dict[str, Any]) -> dict[str, Any]:
    """The fields of a recorded outcome that this version knows: a later version may have recorded more before it was
    rolled back."""
    return {f.name: data[f.name] for f in fields(shape) if f.name in data}
