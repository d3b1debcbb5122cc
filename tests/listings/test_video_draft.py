"""The listing video on a draft: sent once whatever goes wrong, and held by the sandbox to what Etsy takes."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import httpx
import pytest

from elistit.listings.etsy.draft import create_draft
from elistit.listings.etsy.draft_request import DraftRequest
from elistit.listings.etsy.sandbox import Sandbox
from elistit.listings.models import EtsyBudget, EtsyShop
from elistit.ports import Failure, Kind, Made
from tests.clips import by_ffmpeg, clip
from tests.listings.conftest import IMPATIENT
from tests.listings.draft_steps import assert_complete_and_once, digest


@pytest.fixture(scope="module")
def good(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return clip(tmp_path_factory.mktemp("clips") / "listing-video.mp4")


@pytest.fixture
def with_video(wanted: DraftRequest, good: Path) -> DraftRequest:
    return dataclasses.replace(wanted, video=good)


def attempt(shop: EtsyShop, wanted: DraftRequest, fault: str = "") -> Made | Failure:
    EtsyBudget.objects.update(held_until=0)
    return create_draft(shop, wanted, timeouts=IMPATIENT if fault == "timeout" else None)


def videos(sandbox: Sandbox) -> list[tuple[str, float]]:
    [draft] = sandbox.drafts()
    return [(v["sha256"], round(v["seconds"], 2)) for v in draft["videos"]]


def test_the_video_goes_with_the_draft_and_is_not_sent_twice(
    shop: EtsyShop, sandbox: Sandbox, with_video: DraftRequest, good: Path
) -> None:
    made = attempt(shop, with_video)
    assert isinstance(made, Made) and made.data["videos"] == 1
    assert videos(sandbox) == [(digest(good), 6.0)]
    again = attempt(shop, with_video)
    assert isinstance(again, Made) and again.data["adopted"]
    assert sandbox.state()["counts"]["uploadVideo"] == 1
    assert_complete_and_once(sandbox, with_video)


@pytest.mark.parametrize(
    ("fault", "kind"),
    [
        ("500", Kind.UNKNOWN), ("500_but_done", Kind.UNKNOWN), ("reset_but_done", Kind.UNKNOWN), ("timeout", Kind.UNKNOWN),
        ("409", Kind.UNKNOWN), ("429", Kind.THROTTLED), ("upload_error", Kind.TRANSIENT), ("html_but_done", Kind.UNKNOWN),
        ("413", Kind.REJECTED), ("400", Kind.REJECTED), ("403", Kind.REJECTED),
    ],
)  # fmt: skip
def test_after_any_fault_at_the_video_the_draft_is_there_once_with_one_video(
    shop: EtsyShop, sandbox: Sandbox, with_video: DraftRequest, good: Path, fault: str, kind: Kind
) -> None:
    more = {"seconds": 3.0} if fault == "timeout" else {}
    sandbox.fault("uploadVideo", fault, **more)
    failed = attempt(shop, with_video, fault)
    assert isinstance(failed, Failure) and failed.kind is kind, failed
    assert failed.provider_id, "the draft that is there already is known"
    made = attempt(shop, with_video)
    assert isinstance(made, Made)
    assert videos(sandbox) == [(digest(good), 6.0)]
    assert_complete_and_once(sandbox, with_video)


def test_a_fault_while_looking_for_the_video_sends_none(
    shop: EtsyShop, sandbox: Sandbox, with_video: DraftRequest
) -> None:
    sandbox.fault("listVideos", "500")
    assert isinstance(attempt(shop, with_video), Failure)
    assert "uploadVideo" not in sandbox.state()["counts"]
    assert isinstance(attempt(shop, with_video), Made)
    assert len(videos(sandbox)) == 1


def test_a_video_the_seller_put_there_is_left_alone(
    shop: EtsyShop, sandbox: Sandbox, wanted: DraftRequest, with_video: DraftRequest, tmp_path: Path
) -> None:
    assert isinstance(attempt(shop, wanted), Made)
    own = dataclasses.replace(wanted, video=clip(tmp_path / "own.mp4", 8.0))
    assert isinstance(attempt(shop, own), Made)
    assert isinstance(attempt(shop, with_video), Made)
    assert [seconds for _, seconds in videos(sandbox)] == [8.0]


def test_what_etsy_would_refuse_is_refused_by_the_sandbox(
    shop: EtsyShop, sandbox: Sandbox, wanted: DraftRequest, tmp_path: Path
) -> None:
    torn = tmp_path / "torn.mp4"
    torn.write_bytes(clip(tmp_path / "whole.mp4").read_bytes()[:3000])
    text = tmp_path / "text.mp4"
    text.write_text("no video " * 300)
    small = by_ffmpeg(tmp_path / "small.mp4", source="testsrc2=size=320x240:rate=5:duration=6")
    other = by_ffmpeg(tmp_path / "other.mp4", more=("-c:v", "mpeg4"))
    reasons = {
        clip(tmp_path / "short.mp4", 4.0): "5 to 15 seconds", clip(tmp_path / "long.mp4", 16.0): "5 to 15 seconds",
        torn: "not valid", text: "not valid", small: "500 pixels", other: "not valid",
    }  # fmt: skip
    for path, words in reasons.items():
        failed = attempt(shop, dataclasses.replace(wanted, video=path))
        assert isinstance(failed, Failure) and failed.kind is Kind.REJECTED, path.name
        assert words in failed.reason, (path.name, failed.reason)
    assert videos(sandbox) == []


def test_a_file_that_is_no_mp4_by_its_name_or_size_is_refused_before_anything_is_sent(
    shop: EtsyShop, sandbox: Sandbox, wanted: DraftRequest, tmp_path: Path
) -> None:
    path = tmp_path / "video.webm"
    path.write_bytes(b"x" * 100)
    failed = attempt(shop, dataclasses.replace(wanted, video=path))
    assert isinstance(failed, Failure) and "not an MP4" in failed.reason
    huge = tmp_path / "huge.mp4"
    with huge.open("wb") as file:
        file.truncate(100_000_001)
    failed = attempt(shop, dataclasses.replace(wanted, video=huge))
    assert isinstance(failed, Failure) and "huge.mp4" in failed.reason
    assert sandbox.drafts() == []


def test_a_second_video_is_refused_and_a_draft_from_before_videos_can_have_one(
    sandbox: Sandbox, shop: EtsyShop, with_video: DraftRequest, wanted: DraftRequest
) -> None:
    assert isinstance(attempt(shop, wanted), Made)
    for listing in sandbox.world.listings.values():
        del listing["videos"]
    assert isinstance(attempt(shop, with_video), Made)
    assert len(videos(sandbox)) == 1
    assert "<video" in httpx.get(sandbox.url).text
