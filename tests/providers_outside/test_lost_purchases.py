"""What a restored database may have forgotten is asked of the provider: found, never bought, or nobody can tell."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from elistit import ports
from elistit.ports import Failure, Kind, Made
from elistit.providers.base import since_mark
from tests.providers_outside.asking import asked_for, comfy_at, openai_at, recraft_at, replicate_at, run
from tests.providers_outside.fakes import FakeComfy, FakeReplicate
from tests.providers_outside.loopback import Reply

from .test_comfyui import CODE
from .test_replicate_tools import work

MODEL = "replicate/flux-schnell"
SINCE = since_mark(ports.now() - dt.timedelta(days=1))


def test_an_image_bought_at_replicate_since_the_backup_is_found_by_its_key(
    replicate: FakeReplicate, tmp_path: Path
) -> None:
    for key in ("job:1:0:1.0", "job:2:0:1.0"):
        assert isinstance(
            replicate_at(replicate.url).generate(asked_for(tmp_path, MODEL, key), run, lambda _: None), Made
        )
    asked_before = len(replicate.asked)
    provider = replicate_at(replicate.url)
    found = provider.look_up(asked_for(tmp_path, MODEL, "job:2:0:1.0"), SINCE, run)
    assert isinstance(found, Made) and found.provider_id == "pred2"
    assert provider.look_up(asked_for(tmp_path, MODEL, "job:3:0:1.0"), SINCE, run) is None, "never bought"
    assert provider.look_up(asked_for(tmp_path, MODEL, "job:1:0:2.0"), SINCE, run) is None, "nor by this attempt"
    assert replicate.bought == 2
    lists = [a for a in replicate.asked[asked_before:] if a.path.startswith("/predictions?")]
    assert len(lists) == 1 and "created_after=" in lists[0].path, "the list is read once for all of them"


def test_what_replicate_no_longer_knows_for_what_it_was_bought_is_not_bought_again(
    replicate: FakeReplicate, tmp_path: Path
) -> None:
    provider = replicate_at(replicate.url)
    assert isinstance(provider.generate(asked_for(tmp_path, MODEL, "job:1:0:1.0"), run, lambda _: None), Made)
    replicate.predictions["pred1"].update(data_removed=True, input={}, output=None)
    found = replicate_at(replicate.url).look_up(asked_for(tmp_path, MODEL, "job:2:0:1.0"), SINCE, run)
    assert isinstance(found, Failure) and found.kind == Kind.UNKNOWN


def test_a_tools_work_since_the_backup_cannot_be_told_apart(replicate: FakeReplicate, tmp_path: Path) -> None:
    assert replicate_at(replicate.url).look_up(work(tmp_path), SINCE, run) is None, "none was bought at all"
    replicate_at(replicate.url).generate(work(tmp_path), run, lambda _: None)
    found = replicate_at(replicate.url).look_up(work(tmp_path), SINCE, run)
    assert isinstance(found, Failure) and found.kind == Kind.UNKNOWN


def test_a_list_that_cannot_be_read_settles_nothing(
    replicate: FakeReplicate, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    provider, handle = replicate_at(replicate.url), replicate.handle

    def broken(method: str, path: str, body: object) -> Reply:
        return Reply(500, {"detail": "away"}) if path.startswith("/predictions") else handle(method, path, body)

    monkeypatch.setattr(replicate, "handle", broken)
    found = provider.look_up(asked_for(tmp_path, MODEL), SINCE, run)
    assert isinstance(found, Failure) and found.kind != Kind.REJECTED
    monkeypatch.setattr(replicate, "handle", handle)
    assert provider.look_up(asked_for(tmp_path, MODEL), SINCE, run) is None, "and is asked again"


def test_work_at_comfyui_is_found_by_the_id_that_belongs_to_its_key(comfy: FakeComfy, tmp_path: Path) -> None:
    provider = comfy_at(comfy.url)
    assert isinstance(provider.generate(asked_for(tmp_path, CODE, "job:1:0:1.0"), run, lambda _: None), Made)
    assert isinstance(provider.look_up(asked_for(tmp_path, CODE, "job:1:0:1.0"), SINCE, run), Made)
    assert provider.look_up(asked_for(tmp_path, CODE, "job:2:0:1.0"), SINCE, run) is None
    assert comfy.bought == 1


@pytest.mark.parametrize(("provider", "model"), [(openai_at, "openai/gpt-image"), (recraft_at, "recraft/v3")])
def test_who_cannot_be_asked_cannot_tell(provider: object, model: str, tmp_path: Path) -> None:
    found = provider("http://127.0.0.1:9").look_up(asked_for(tmp_path, model), SINCE, run)  # type: ignore[operator]
    assert isinstance(found, Failure) and found.kind == Kind.UNKNOWN
