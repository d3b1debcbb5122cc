"""The listing video of a project that was launched with one (rules §3): made after the mockups, checked before it is
stored. Free. It must never be left out silently: without an encoder, or if the video fails our check, the attempt
fails."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from elistit import config
from elistit.artwork import encoder, mockup_jobs
from elistit.on_use import OnUse
from elistit.ports import TRIAL, Failure, Kind
from elistit.projects.models import FileRole
from elistit.projects.products import Product
from elistit.stages.finishing.base import Kept, Stop, Work, stored
from elistit.trial.report import first_problem

if TYPE_CHECKING:
    from elistit.artwork import video
    from elistit.trial import videos
else:
    video = OnUse("elistit.artwork.video")
    videos = OnUse("elistit.trial.videos")

NAME = "listing-video.mp4"
SECONDS = 900
CHECK_SECONDS = 300
"""How long making and checking the video may take, in seconds. Beyond it the attempt has hit our own limit (rules §5.8)."""
# Product types whose delivered image differs from the generated one: a sticker with its border, a card's front with its
# words.
_AS_PRINTED = (Product.STICKER, Product.GREETING_CARD)


def listing_video(work: Work, made: Kept) -> Kept:
    """The video from the mockups in `made` and the kept images; empty for a project without one. Raises Stop."""
    if not work.job.project.video:
        return []
    mockups = [str(work.context.store.local_path(f["path"])) for f in _mockups(made)]
    role = FileRole.PRINT if work.job.project.product in _AS_PRINTED else FileRole.IMAGE
    images = [str(path) for path in stored(work, role) if path.suffix != ".pdf"]
    out, ffmpeg = work.folder / NAME, config.current().workers.ffmpeg
    try:
        found = work.context.run(mockup_jobs.listing_video, str(out), mockups, images, ffmpeg, timeout=SECONDS)
    except encoder.EncoderMissing as missing:
        raise Stop(
            Failure(Kind.OPERATOR, "This studio can't make listing videos right now.", detail=str(missing))
        ) from missing
    except encoder.EncodingFailed as failed:
        raise Stop(Failure(Kind.TRANSIENT, "The listing video couldn't be made.", detail=str(failed))) from failed
    report = work.context.run(videos.examine, str(out), *video.SIZE, timeout=CHECK_SECONDS)
    if not report["ok"]:
        raise Stop(_failure(report))
    kept = work.keep(out, FileRole.VIDEO)
    return [{**kept, "width": found["width"], "height": found["height"]}]


def _mockups(made: Kept) -> Kept:
    return sorted((f for f in made if f["role"] == FileRole.MOCKUP), key=lambda f: str(f["name"]))


def _failure(report: dict[str, Any]) -> Failure:
    detail = f"{TRIAL}: {json.dumps({'ok': False, 'checks': report['checks']}, ensure_ascii=False)}"
    return Failure(Kind.TRANSIENT, f"The listing video failed our check. {first_problem(report)}"[:400], detail=detail)
