"""Kits for Shopify and Gumroad, judged by readers that share no code with what wrote them: a CSV reader with the columns and rules of
Shopify's documents, an HTML parser, another image library."""

from __future__ import annotations

import csv
import io
import json
import re
import zipfile
from decimal import Decimal
from html.parser import HTMLParser
from pathlib import Path

import pytest
from django.test import Client
from PIL import Image

from elistit.accounts.models import ApiKey
from elistit.actions import shop_kits
from elistit.artwork.squares import square
from elistit.cli.commands import elistit
from elistit.cli.frame import run
from elistit.credits.models import CreditTransaction
from elistit.projects.errors import NotPossible
from elistit.projects.models import Listing, Project
from tests.conformance.conftest import clock
from tests.delivery.test_aftercare import finished, studio
from tests.products import reading as files
from tests.products.conftest import Studio

__all__ = ["clock", "studio"]

# As Shopify's product template names them (help.shopify.com, Using CSV files to import and export products).
TEMPLATE = (
    "Title,URL handle,Description,Vendor,Product category,Type,Tags,Published on online store,Status,SKU,Barcode,Option1 name,"
    "Option1 value,Option1 Linked To,Option2 name,Option2 value,Option2 Linked To,Option3 name,Option3 value,Option3 Linked To,"
    "Price,Compare-at price,Cost per item,Charge tax,Tax code,Unit price total measure,Unit price total measure unit,"
    "Unit price base measure,Unit price base measure unit,Inventory tracker,Inventory quantity,"
    "Continue selling when out of stock,Weight value (grams),Weight unit for display,Requires shipping,Fulfillment service,"
    "Product image URL,Image position,Image alt text,Variant image URL,Gift card,SEO title,SEO description"
)


class Balanced(HTMLParser):
    """Fails for a tag that isn't one of ours or isn't closed; keeps the text."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.text: list[str] = []

    def handle_starttag(self, tag: str, attrs: object) -> None:
        assert tag in ("p", "ul", "li") and not attrs
        self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text.append(data.strip())


def opened(project: Project, code: str, folder: Path) -> zipfile.ZipFile:
    out = folder / f"{code}.zip"
    shop_kits.KITS[code][1](project, out)
    again = folder / f"{code}-again.zip"
    shop_kits.KITS[code][1](project, again)
    assert out.read_bytes() == again.read_bytes(), "the same project gives the same bytes"
    kit = zipfile.ZipFile(out)
    assert kit.testzip() is None
    return kit


def known(project: Project, role: str) -> set[str]:
    return {f.sha256 for f in project.files.filter(role=role)}


def digests(kit: zipfile.ZipFile, folder: str) -> set[str]:
    return {files.hashlib.sha256(kit.read(n)).hexdigest() for n in kit.namelist() if n.startswith(f"{folder}/")}


def say(project: Project, **fields: object) -> None:
    Listing.objects.filter(project=project).update(**fields)
    project.refresh_from_db()


def test_shopify_takes_the_table_by_its_own_rules(studio: Studio, tmp_path: Path) -> None:
    project = finished(studio)
    say(project, title="Blue Door, “Hand-drawn” Art", tags=["blue door", "wall art"], price_cents=1250, currency="USD")
    with opened(project, "shopify", tmp_path) as kit:
        raw = kit.read("products.csv")
        assert raw.decode("utf-8").splitlines()[0] == TEMPLATE and len(raw) < 15_000_000
        [row] = csv.DictReader(io.StringIO(raw.decode("utf-8"), newline=""), strict=True)
        steps = kit.read("how-to-import.txt").decode()
        assert digests(kit, "images") == known(project, "mockup") and digests(kit, "files") == known(project, "zip")
    assert row["Title"] == "Blue Door, “Hand-drawn” Art" and row["Tags"].split(", ") == ["blue door", "wall art"]
    assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", row["URL handle"]) and row["URL handle"].endswith(
        project.pk[-8:].lower()
    )
    assert Decimal(row["Price"]) == Decimal("12.50")
    assert (row["Option1 name"], row["Option1 value"]) == ("Title", "Default Title")
    assert row["Status"] == "draft" and row["Published on online store"] == "FALSE"
    for column in ("Requires shipping", "Charge tax", "Gift card", "Published on online store"):
        assert row[column] in ("TRUE", "FALSE")
    assert row["Requires shipping"] == "FALSE" and row["Continue selling when out of stock"] in ("DENY", "CONTINUE")
    assert (row["Product image URL"] == "" and row["Vendor"] == "") or len(row["Vendor"]) > 1
    assert len(row["SEO title"]) <= 70 and len(row["SEO description"]) <= 320
    assert "public addresses" in steps and "12.50 USD" in steps


def test_what_is_about_etsy_is_left_out_and_the_rest_is_escaped(studio: Studio, tmp_path: Path) -> None:
    project = finished(studio)
    words = (
        "A <door> & more.\n\nWHAT YOU GET\n• 1 image\n• 300 DPI\n\n"
        "HOW TO DOWNLOAD\n1. Open Purchases in your Etsy account.\n2. Save.\n\nMade with software."
    )
    say(project, description=words)
    with opened(project, "shopify", tmp_path) as kit:
        [row] = csv.DictReader(io.StringIO(kit.read("products.csv").decode(), newline=""), strict=True)
    read = Balanced()
    read.feed(row["Description"])
    assert read.open == []
    assert [t for t in read.text if t] == [
        "A <door> & more.",
        "WHAT YOU GET",
        "1 image",
        "300 DPI",
        "Made with software.",
    ]
    with opened(project, "gumroad", tmp_path) as kit:
        text = kit.read("description.txt").decode()
    assert "Etsy" not in text and "Made with software." in text and "A <door> & more." in text


def test_the_description_the_writer_makes_says_nothing_of_etsy_elsewhere(studio: Studio, tmp_path: Path) -> None:
    project = finished(studio)
    assert "Etsy" in project.listing.description
    for code, name in (("shopify", "products.csv"), ("gumroad", "description.txt")):
        with opened(project, code, tmp_path) as kit:
            assert "etsy" not in kit.read(name).decode().lower()


def test_gumroads_form_gets_name_price_covers_thumbnail_and_files(studio: Studio, tmp_path: Path) -> None:
    project = finished(studio)
    say(project, price_cents=1250, currency="EUR")
    with opened(project, "gumroad", tmp_path) as kit:
        text = kit.read("product.txt").decode()
        covers = sorted(n for n in kit.namelist() if n.startswith("covers/"))
        assert digests(kit, "files") == known(project, "zip") and digests(kit, "covers") <= known(project, "mockup")
        for name in covers:
            assert re.fullmatch(r"covers/cover-[1-8]\.(jpg|jpeg|png)", name)
            with Image.open(io.BytesIO(kit.read(name))) as cover:
                assert cover.width >= 1280 and cover.height >= 720 and len(kit.read(name)) < 50_000_000
        with Image.open(io.BytesIO(kit.read("thumbnail.jpg"))) as thumbnail:
            assert thumbnail.format == "JPEG" and thumbnail.size == (600, 600) and thumbnail.mode == "RGB"
        stated = b"digitalsourcetype" in kit.read(covers[0]).lower()
        assert (b"digitalsourcetype" in kit.read("thumbnail.jpg").lower()) is stated
    assert 1 <= len(covers) <= 8
    assert "12.50 EUR" in text and "Gumroad has no importer" in text and project.listing.title in text


def test_a_currency_gumroad_does_not_sell_in_becomes_a_suggestion_in_dollars(studio: Studio, tmp_path: Path) -> None:
    project = finished(studio)
    say(project, price_cents=125_000_00, currency="VND")
    with opened(project, "gumroad", tmp_path) as kit:
        text = kit.read("product.txt").decode()
    assert re.search(r"PRICE\r\n\d+\.\d\d USD\r\n", text) and "doesn't sell in VND" in text and "125000 VND" in text


@pytest.mark.parametrize("size", [(2000, 1600), (400, 900), (600, 600)])
def test_a_thumbnail_shows_the_whole_image(tmp_path: Path, size: tuple[int, int]) -> None:
    source, out = tmp_path / "wide.png", tmp_path / "out.jpg"
    image = Image.new("RGB", size, (240, 240, 230))
    for x, y in ((0, 0), (size[0] - 1, size[1] - 1)):
        image.putpixel((x, y), (200, 30, 30))
    image.save(source)
    assert square(str(source), str(out), 600) == {"width": 600, "height": 600}
    with Image.open(out) as made:
        assert made.size == (600, 600)
        corner = made.getpixel((2, 2))
        assert all(abs(a - b) < 30 for a, b in zip(corner, (240, 240, 230), strict=True))
    with pytest.raises(RuntimeError):
        square(str(tmp_path / "none.png"), str(out), 600)


def test_names_in_any_script_make_a_handle(db: None) -> None:
    for name, words in (("Füchse & Eulen!", "fuchse-eulen-"), ("狐", ""), ("---", "")):
        made = shop_kits.handle(Project(public_id="01JD000000000000000000ABCD", name=name))
        assert made == f"{words}0000abcd"


def test_before_the_listing_is_written_there_is_no_kit(studio: Studio, tmp_path: Path) -> None:
    project = finished(studio)
    say(project, text="failed")
    for code in shop_kits.KITS:
        with pytest.raises(NotPossible, match="available once"):
            shop_kits.KITS[code][1](project, tmp_path / "kit.zip")


def test_pages_api_and_command_line_give_the_same_kit_free(
    studio: Studio, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    project = finished(studio)
    rows = CreditTransaction.objects.count()
    client = Client()
    client.force_login(studio.world.user)
    base = f"/projects/{project.pk}/downloads/"
    shown = client.get(base).content.decode()
    assert "Kit for Shopify" in shown and "Kit for Gumroad" in shown
    bearer = {"Authorization": f"Bearer {ApiKey.issue(studio.world.user, 'k', ApiKey.Scope.READ)}"}
    monkeypatch.setattr("elistit.cli.preflight.ready", lambda: None)
    for code in shop_kits.KITS:
        page = b"".join(client.get(f"{base}{code}.zip").streaming_content)  # type: ignore[attr-defined]
        api = Client().get(f"/api/v1/projects/{project.pk}/kits/{code}", headers=bearer)
        assert api.status_code == 200 and api.content == page
        out = tmp_path / f"cli-{code}.zip"
        assert run(elistit, ["kit", project.pk, code, "--out", str(out), "--json"]) == 0
        assert out.read_bytes() == page and json.loads(capsys.readouterr().out)["bytes"] == len(page)
    assert Client().get(f"/api/v1/projects/{project.pk}/kits/other", headers=bearer).status_code in (404, 422)
    assert run(elistit, ["kit", project.pk, "etsy", "--out", str(tmp_path / "etsy.zip")]) == 0
    assert CreditTransaction.objects.count() == rows
    say(project, text="failed")
    assert client.get(f"{base}shopify.zip").status_code == 302
    assert run(elistit, ["kit", project.pk, "shopify"]) == 1
