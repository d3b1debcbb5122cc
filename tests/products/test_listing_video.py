"""A listing video at its real size, of a poster painted and printed in full. What happens around a video:
tests/stages/test_listing_video.py."""

from __future__ import annotations

import pytest

from elistit.actions import queries
from elistit.trial import videos
from tests.products.conftest import Studio

# A poster is painted at print size and a video encoded: minutes on a machine with other work.
pytestmark = pytest.mark.timeout(900)


def test_the_video_is_made_of_the_projects_own_files(studio: Studio) -> None:
    project = studio.launch("poster", "a red fox", mode="production", video=True)
    assert project.stage == "completed"
    [file] = studio.files("video")
    [row] = [f for f in queries.current_files(project) if f.role == "video"]
    assert (row.name, row.width, row.height) == ("listing-video.mp4", 1350, 1080)
    report = videos.examine(str(file), 1350, 1080)
    assert report["ok"], report["checks"]
