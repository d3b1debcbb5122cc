"""Heavy work of one attempt at the same time: results in order, failures after everything has ended, the seller's turn kept."""

from __future__ import annotations

import threading
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from elistit.artwork import mockup_jobs
from elistit.runtime.cpu import _OWNER, Cpu
from elistit.stages.context import StageContext
from tests.artwork.conftest import blob


def here(function: Any, *args: Any, timeout: float = 0) -> Any:
    return function(*args)


def test_results_come_in_the_order_of_the_tasks_and_tasks_run_at_once() -> None:
    meeting = threading.Barrier(3, timeout=20)

    def task(number: int) -> tuple[int, int]:
        meeting.wait()
        return number, threading.get_ident()

    made = StageContext(here, 3).side_by_side([partial(task, n) for n in range(3)])
    assert [number for number, _ in made] == [0, 1, 2]
    assert len({thread for _, thread in made}) == 3
    assert made[0][1] == threading.get_ident()


def test_no_more_at_once_than_the_worker_has_subprocesses() -> None:
    running, most, lock = [0], [0], threading.Lock()

    def task() -> None:
        with lock:
            running[0] += 1
            most[0] = max(most[0], running[0])
        threading.Event().wait(0.02)
        with lock:
            running[0] -= 1

    StageContext(here, 2).side_by_side([task] * 6)
    assert most == [2]
    most[0] = 0
    assert StageContext(here).side_by_side([task] * 3) == [None] * 3
    assert most == [1]


@pytest.mark.parametrize("failing", [0, 1, 2])
def test_a_failure_is_raised_when_all_have_ended(failing: int) -> None:
    ended = []

    def task(number: int) -> None:
        if number == failing:
            raise ValueError(f"task {number}")
        threading.Event().wait(0.05)
        ended.append(number)

    with pytest.raises(ValueError, match=f"task {failing}"):
        StageContext(here, 3).side_by_side([partial(task, n) for n in range(3)])
    assert sorted(ended) == [n for n in range(3) if n != failing]


def test_all_of_it_counts_as_the_sellers_work() -> None:
    with Cpu(2).working_for(7):
        assert StageContext(here, 2).side_by_side([_OWNER.get] * 4) == ["7"] * 4
    assert StageContext(here, 2).side_by_side([_OWNER.get] * 2) == ["", ""]


def test_mockups_drawn_apart_are_the_same_files(tmp_path: Path) -> None:
    images = [str(tmp_path / f"{n:02d}.png") for n in range(3)]
    for number, image in enumerate(images):
        Image.fromarray(blob(number, 300)).save(image)
    folders = [tmp_path / name for name in ("whole", "apart")]
    for folder in folders:
        folder.mkdir()
    whole = mockup_jobs.listing_mockups(str(folders[0]), "Foxes", "3 PNGs", images, images[0])
    apart = [
        path
        for which in ([1], [2, 3])
        for path in mockup_jobs.listing_mockups(
            str(folders[1]), "Foxes", "3 PNGs", images, images[0], None, None, which
        )
    ]
    assert (
        [Path(p).name for p in apart]
        == [Path(p).name for p in whole]
        == ["1-cover.jpg", "2-everything.jpg", "3-details.jpg"]
    )
    assert [Path(p).read_bytes() for p in apart] == [Path(p).read_bytes() for p in whole]
