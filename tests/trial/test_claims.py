"""The claims of a listing against what was found: true ones pass, and each false one is found (rules §3, §4)."""

from __future__ import annotations

from typing import Any

import pytest

from elistit.trial import claims

PRINTS = ["01-fox.png", "02-owl.png"]


def trial(**more: Any) -> dict[str, Any]:
    found = {"width": 1200, "height": 1200, "dpi": 300, "alpha": "real", "kind": "png", **more}
    files = [{"name": name, **found} for name in PRINTS]
    files += [{"name": "01-fox-cut.svg", "kind": "svg", "cut_lines": 1, "inches": [4.0, 4.0]}]
    return {
        "files": [*files, {"name": "product-card.pdf", "kind": "pdf", "inches": [8.5, 11]}],
        "parts": [{"name": "a.zip"}],
    }


PROMISE = {
    "product": "sticker",
    "files": [{"name": n, "role": "print"} for n in PRINTS] + [{"name": "01-fox-cut.svg", "role": "cut"}],
}
GOOD = (
    "2 different pictures (PNG, SVG)\nEach 1200 × 1200 pixels at 300 DPI, which prints up to 4.0 × 4.0 in (10 × 10 cm)\n"
    "Transparent background. Cut lines for every sticker. Save all the files. Not a seamless pattern, no PDF."
)


def failed(description: str, found: dict[str, Any] | None = None, title: str = "Foxes, 2 PNGs") -> set[str]:
    report = claims.check(title, ["fox sticker"], description, found or trial(), 2, PROMISE)
    assert report["ok"] == (not [c for c in report["checks"] if not c["ok"]])
    return {c["name"] for c in report["checks"] if not c["ok"]}


def test_true_claims_pass_and_every_one_was_checked() -> None:
    assert failed(GOOD) == set()
    names = {c["name"] for c in claims.check("T", [], GOOD, trial(), 2, PROMISE)["checks"]}
    assert names >= {
        "listing.count", "listing.pixels", "listing.dpi", "listing.inches", "listing.formats", "listing.transparent",
        "listing.cut_lines",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("lie", "check"),
    [
        ("3 different pictures", "listing.count"),
        ("You get 20 stickers", "listing.count"),
        ("Set of 12 transparent PNGs", "listing.count"),
        ("Each 4096 × 4096 pixels", "listing.pixels"),
        ("at 600 DPI", "listing.dpi"),
        ("prints up to 8.0 × 10.0 in", "listing.inches"),
        ("24 x 36 inches", "listing.inches"),
        ("with a PDF", "listing.formats"),
        ("JPG files included", "listing.formats"),
        ("DXF for your machine", "listing.formats"),
        ("seamless pattern", "listing.seamless"),
        ("layered SVG", "listing.layers"),
        ("save all 3 files", "listing.downloads"),
    ],
)
def test_a_false_claim_is_found(lie: str, check: str) -> None:
    assert failed(lie) == {check}


def test_a_claim_is_held_against_every_file() -> None:
    assert failed("Transparent background", trial(alpha="unused")) == {"listing.transparent"}
    assert failed("300 DPI", trial(dpi=None)) == {"listing.dpi"}
    two_sizes = trial()
    two_sizes["files"][1] |= {"width": 900, "height": 900}
    assert failed("Each 1200 × 1200 pixels", two_sizes) == {"listing.pixels"}
    no_lines = trial()
    no_lines["files"][2]["cut_lines"] = 0
    assert failed("cut lines", no_lines) == {"listing.cut_lines"}


def test_a_title_counts_as_well() -> None:
    assert failed("", title="Foxes, 5 Transparent PNGs") == {"listing.count"}
