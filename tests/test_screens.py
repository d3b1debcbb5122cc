"""The screenshots cover every page, and the documents keep ten of them (docs/screens/catalog.py)."""

from __future__ import annotations

import importlib.util
import sys
from collections import defaultdict
from pathlib import Path
from types import ModuleType

import pytest
from django.urls import resolve

from tests.browser import every_page
from tests.test_links import pages, tokens

ROOT = Path(__file__).resolve().parents[1]
IMAGES = ROOT / "docs/images"
ULID = "0" * 26


@pytest.fixture(scope="module")
def catalog() -> ModuleType:
    spec = importlib.util.spec_from_file_location("screens_catalog", ROOT / "docs/screens/catalog.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


def test_every_page_is_photographed_or_says_why_not(catalog: ModuleType) -> None:
    made = defaultdict(lambda: ULID, seller="1")
    shot = {
        resolve(address.partition("?")[0]).url_name
        for name, _, address in catalog.pages(made, "/enter/a-link-not-used-yet/")
        if name not in ("not-there", "tables")
    }
    known = {*every_page.OPEN, *every_page.SELLER, *every_page.PROJECT, *every_page.CONSOLE}
    known |= every_page.MADE_FIRST | every_page.IN_BETWEEN
    assert known - shot - set(catalog.NOT_SHOT) == set()
    assert shot & set(catalog.NOT_SHOT) == set()
    assert all(len(reason.split()) >= 3 for reason in catalog.NOT_SHOT.values())


def test_pages_are_photographed_from_the_smallest_phone_to_a_wide_screen(catalog: ModuleType) -> None:
    widths = sorted(width for width, _, _ in catalog.DEVICES.values())
    assert (widths[0], widths[-1]) == (360, 1600)
    assert len(widths) >= 3
    assert set(catalog.SCHEMES) == {"light", "dark"}


def test_the_documents_keep_ten_images_and_show_each(catalog: ModuleType) -> None:
    assert sorted(p.name for p in IMAGES.iterdir()) == sorted(f"{name}.webp" for name in catalog.KEPT)
    assert len(catalog.KEPT) == 10
    assert {kept.page for kept in catalog.KEPT.values()} - {""} <= {
        name for name, _, _ in catalog.pages(defaultdict(lambda: ULID), "")
    }
    shown = {
        (page.parent / str(token.attrs["src"])).resolve()
        for page in pages()
        for token in tokens(page)
        if token.type == "image"
    }
    assert set(IMAGES.iterdir()) - shown == set()
    assert max(p.stat().st_size for p in IMAGES.iterdir()) < catalog.BYTES_MAX


def test_no_screenshot_lies_beside_the_program_that_makes_them() -> None:
    assert {p.suffix for p in (ROOT / "docs/screens").iterdir() if p.is_file()} == {".py"}
