"""File names on a draft: Etsy takes them, no two are alike, and the end that tells one from another is never cut off."""

from __future__ import annotations

import dataclasses
import re
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from elistit.artwork import package
from elistit.listings import rules
from elistit.listings.etsy.draft import create_draft
from elistit.listings.etsy.draft_request import DraftRequest
from elistit.listings.etsy.names import file_names, name_before
from elistit.listings.etsy.sandbox import Sandbox
from elistit.listings.models import EtsyShop
from elistit.ports import Failure, Kind, Made

WORDS = st.text(
    st.one_of(st.characters(codec="utf-8"), st.sampled_from("aä猫ก้ि👨\u200d👩.-_ ()")), min_size=0, max_size=120
)


@settings(max_examples=100, deadline=None)
@given(WORDS, st.integers(1, 5))
def test_the_parts_of_any_project_have_names_etsy_takes_that_tell_them_apart(base: str, parts: int) -> None:
    given_names = [f"{base} part {n} of {parts}.zip" for n in range(1, parts + 1)]
    names = file_names(given_names)
    assert len({n.casefold() for n in names}) == parts
    assert not rules.check("x", ["x"], "x", 100, files=[(n, 1) for n in names])
    assert [re.search(r"part_(\d+)_of", n)[1] for n in names] == [str(n) for n in range(1, parts + 1)]  # type: ignore[index]


@settings(max_examples=100, deadline=None)
@given(st.lists(WORDS, max_size=6))
def test_files_of_any_names_never_share_one(names: list[str]) -> None:
    made = file_names(names)
    assert len({n.casefold() for n in made}) == len(names)
    assert all(re.fullmatch(r"[A-Za-z0-9._-]{1,70}", n) for n in made)
    assert file_names(names) == made


@pytest.mark.parametrize(
    "ends",
    [
        ("-2x3.zip", "-3x4.zip", "-11x14.zip"),
        ("-01.zip", "-02.zip", "-10.zip"),
        ("-ISO-A.zip", "-ISO-B.zip"),
        ("-a.zip", "-b.zip"),
        (" part 1 of 12.zip", " part 11 of 12.zip"),
        ("_cut.pdf", "_cut.zip"),
    ],
)
def test_the_end_of_a_long_name_stays(ends: tuple[str, ...]) -> None:
    base = "hand-painted-sunflowers-bees-and-hummingbirds-for-the-wildflower-garden-and-more"
    names = file_names([base + end for end in ends])
    assert [n.endswith(re.sub(r"\s", "_", e)) for n, e in zip(names, ends, strict=True)] == [True] * len(ends)
    assert all(len(n) <= rules.FILE_NAME_MAX and n.startswith("hand-painted-sunflowers") for n in names)


def _parts(folder: Path, count: int) -> list[Path]:
    base = "hand-painted-sunflowers-bees-and-hummingbirds-for-the-wildfl"
    files = []
    for n in range(count):
        files.append(folder / f"{n:02d}-bird.bin")
        files[-1].write_bytes(bytes([n]) * 300_000)
    return package.zip_parts(files, folder / "out", base, part_max=700_000)


def test_a_draft_that_was_refused_for_its_names_is_made_by_the_next_try(
    shop: EtsyShop, sandbox: Sandbox, wanted: DraftRequest, tmp_path: Path
) -> None:
    (tmp_path / "out").mkdir()
    parts = _parts(tmp_path, 6)
    assert len({name_before(p.name) for p in parts}) == 1, "this was the fault"
    made = create_draft(shop, dataclasses.replace(wanted, files=parts))
    assert isinstance(made, Made)
    [draft] = sandbox.drafts()
    assert [f["bytes"] for f in draft["files"]] == [p.stat().st_size for p in parts]
    assert create_draft(shop, dataclasses.replace(wanted, files=parts)) == dataclasses.replace(
        made, data={**made.data, "adopted": True}
    )


def test_a_file_that_went_up_under_its_name_of_before_is_not_sent_twice(
    shop: EtsyShop, sandbox: Sandbox, wanted: DraftRequest, tmp_path: Path
) -> None:
    long = tmp_path / ("Café " + "w" * 80 + " bundle.zip")
    long.write_bytes(b"PK" + b"z" * 100)
    request = dataclasses.replace(wanted, files=[long])
    assert isinstance(create_draft(shop, request), Made)
    sandbox.world.listings[sandbox.drafts()[0]["listing_id"]]["files"][0]["name"] = name_before(long.name)
    assert isinstance(create_draft(shop, request), Made)
    assert len(sandbox.drafts()[0]["files"]) == 1
    long.write_bytes(b"PK" + b"z" * 101)
    assert isinstance(create_draft(shop, request), Made)
    assert len(sandbox.drafts()[0]["files"]) == 2, "another file is another file"


def test_what_a_listing_cannot_take_is_refused_before_anything_is_sent(
    shop: EtsyShop, sandbox: Sandbox, wanted: DraftRequest, tmp_path: Path
) -> None:
    drawing = tmp_path / "fox.svg"
    drawing.write_bytes(b"<svg/>")
    failed = create_draft(shop, dataclasses.replace(wanted, files=[drawing]))
    assert isinstance(failed, Failure) and failed.kind is Kind.REJECTED and "ZIP" in failed.reason
    assert sandbox.drafts() == []
