"""Deliveries of the real finishing code pass the buyer's trial; each planted fault is found, by its check and its file (rules §3)."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from elistit.trial import report as reports
from tests.trial.deliveries import MAKERS, Delivery
from tests.trial.faults import FAULTS


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Delivery]:
    """One good delivery of each product type, made once."""
    return {product: maker(tmp_path_factory.mktemp(product)) for product, maker in MAKERS.items()}


@pytest.mark.parametrize("product", list(MAKERS))
def test_a_good_delivery_passes_as_packed_and_as_zipped_again(
    made: dict[str, Delivery], product: str, tmp_path: Path
) -> None:
    from elistit.trial import buyer

    delivery = made[product]
    packed = buyer.examine([str(p) for p in delivery.parts], delivery.promise)
    again = delivery.examined(tmp_path)
    for report in (packed, again):
        assert report["ok"], reports.first_problem(report)
        assert reports.first_problem(report) == ""
        assert json.loads(json.dumps(report)) == report
        assert len(report["checks"]) >= 25
        assert all(c["looked_at"] > 0 for c in report["checks"])


def test_there_are_enough_faults_of_every_kind() -> None:
    checks = {check for _, check, _, _ in FAULTS.values()}
    assert len(FAULTS) >= 60
    for kind in ("zip.", "delivery.", "image.", "pdf.", "svg."):
        assert sum(check.startswith(kind) for check in checks) >= 5, kind


@pytest.mark.parametrize("name", list(FAULTS))
def test_a_planted_fault_is_found_and_named(made: dict[str, Delivery], name: str, tmp_path: Path) -> None:
    product, check, file, plant = FAULTS[name]
    delivery = made[product].copy()
    data = plant(delivery)
    report = delivery.examined(tmp_path, data)
    assert not report["ok"]
    found = {c["name"]: c for c in report["checks"] if not c["ok"]}
    assert check in found, {n: c["problems"] for n, c in found.items()}
    said = [p for p in found[check]["problems"] if file in p["file"]]
    assert said, found[check]["problems"]
    assert said[0]["words"].endswith(".") and len(said[0]["words"]) > 10
    words = reports.first_problem(report)
    assert words and len(words) < 330
