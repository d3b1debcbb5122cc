"""Deliveries of the real finishing code pass the buyer's trial; each planted fault is found, by its check and its file (rules §3)."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path

import pytest
from PIL import Image

from elistit.artwork import packing_jobs
from elistit.trial import buyer
from elistit.trial import report as reports
from tests.trial.deliveries import ABOUT, MAKERS, Delivery, examined_in_shares, picture, saved
from tests.trial.faults import FAULTS

LINK = "https://studio.example/get/abc"


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Delivery]:
    """One good delivery of each product type, made once."""
    return {product: maker(tmp_path_factory.mktemp(product)) for product, maker in MAKERS.items()}


@pytest.mark.parametrize("product", list(MAKERS))
def test_a_good_delivery_passes_as_packed_and_as_zipped_again(
    made: dict[str, Delivery], product: str, tmp_path: Path
) -> None:
    delivery = made[product]
    parts = [str(p) for p in delivery.parts]
    packed = buyer.examine(parts, delivery.promise)
    assert examined_in_shares(parts, delivery.promise) == packed
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


def test_a_delivery_behind_a_link_is_opened_whole(made: dict[str, Delivery], tmp_path: Path) -> None:
    """The small ZIP and the one behind the link share their name; what is missing in either is found."""
    folders = {kind: tmp_path / kind for kind in ("zip", "download")}
    about = {**ABOUT, "link": LINK, "link_how_to": ["Open the link."]}
    delivery = made["clipart"]
    images = []
    for name in ("01-blob.png", "02-blob.png"):
        (tmp_path / name).write_bytes(delivery.contents[name])
        images.append(str(tmp_path / name))
    packing_jobs.pack_with_link(str(tmp_path), about, images, images)
    [small], [whole] = ([str(p) for p in folders[kind].iterdir()] for kind in ("zip", "download"))
    promise = {**delivery.promise, "link": LINK}
    report = buyer.examine([small], promise, [whole])
    assert report["ok"], reports.first_problem(report)
    assert [c["looked_at"] for c in report["checks"] if c["name"] == "delivery.card"] == [4]
    assert not buyer.examine([small], {**promise, "link": f"{LINK}x"}, [whole])["ok"]
    with zipfile.ZipFile(small, "w") as archive:
        archive.writestr("LICENSES-ART.txt", b"01: drawn here")
    missing = [c for c in buyer.examine([small], promise, [whole])["checks"] if not c["ok"]]
    assert [(c["name"], c["problems"][0]["file"]) for c in missing] == [("delivery.card", "product-card.pdf")]


def test_what_a_seller_brought_or_accepted_is_not_held_against_them(made: dict[str, Delivery], tmp_path: Path) -> None:
    """An image our check flagged and the seller kept, and the seller's own text and plain images, are no failure of ours."""
    delivery = made["clipart"].copy()
    size = picture(delivery.contents["01-blob.png"]).size
    delivery.remade("01-blob.png", saved(Image.new("RGBA", size, "white")))
    assert not delivery.examined(tmp_path)["ok"]
    delivery.promise["files"][0]["flagged"] = True
    report = delivery.examined(tmp_path)
    assert report["ok"], reports.first_problem(report)
    own = made["svg"].copy()
    own.promise["product"] = "custom"
    text = own.contents["01-squares.svg"].replace(b"</svg>", b'<text x="9" y="99">Hello</text></svg>')
    own.remade("01-squares.svg", text)
    assert not own.examined(tmp_path)["ok"], "a drawing we made ourselves has a cut file beside it"
    own.promise["files"] = [f for f in own.promise["files"] if not f["name"].endswith("-cut.svg")]
    del own.contents["01-squares-cut.svg"]
    report = own.examined(tmp_path)
    assert report["ok"], reports.first_problem(report)
