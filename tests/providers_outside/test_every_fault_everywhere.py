"""Every fault of a network at every request of a purchase: a picture, or a refund, and never two purchases.

Replicate's exchange is a create, two questions and a download; a create whose answer is lost is looked for in Replicate's list.
OpenAI and Recraft answer with the picture at once and cannot be asked. Slow answers are in test_network_faults.py.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from elistit.network import call
from elistit.ports import Failure, Kind
from elistit.projects.models import Job
from tests.conformance.conftest import World, clock, world
from tests.faulty import QUICK_TROUBLES, REFUSED, UNTRUSTED, Road, Trouble, certificates, road
from tests.providers_outside.asking import openai_at, recraft_at, replicate_at
from tests.providers_outside.fakes import FakeImages, FakeReplicate
from tests.providers_outside.test_network_faults import kind, tries

__all__ = ["clock", "world"]
every_trouble = pytest.mark.parametrize("trouble", QUICK_TROUBLES, ids=lambda t: t.name)
CREATE, REQUESTS = 1, 4
ONE_ANSWER = {"openai": (openai_at, "openai/gpt-image"), "recraft": (recraft_at, "recraft/v4-1")}


@pytest.fixture
def jobs(world: World) -> list[Job]:
    return [world.job(world.launch(f"k{n}")) for n in range(REQUESTS)]


def mending(faulty: Road) -> Any:
    """A provider's `generate` that mends the road behind it: what broke works again from the next request of ours on."""

    def wrap(provider: Any) -> Any:
        generate = provider.generate

        def then_mend(*args: Any) -> Any:
            try:
                return generate(*args)
            finally:
                faulty.mend()

        provider.generate = then_mend
        return provider

    return wrap


def never_sent(trouble: Trouble) -> bool:
    return trouble is REFUSED or trouble.tls


def go_wrong_at_each(faulty: Road, trouble: Trouble, replicate: FakeReplicate, jobs: list[Job], folder: Path) -> None:
    replicate.url = faulty.url  # pictures come by the same road
    for at, job in enumerate(jobs, start=1):
        before = replicate.bought
        faulty.breaks(trouble, at)
        ended = tries(mending(faulty)(replicate_at(faulty.url)), "replicate/flux-schnell", job, folder)
        faulty.mend()
        assert faulty.happened
        if at == CREATE and not trouble.after and not never_sent(trouble):
            # Nothing was bought and nobody can know that: it is never bought, and the seller is refunded.
            assert [kind(o) for o in ended] == [Kind.UNKNOWN] * 4 and replicate.bought == before, (at, ended)
            continue
        assert kind(ended[-1]) == "made" and len(ended) <= 2, (at, ended)
        assert replicate.bought == before + 1, "bought once"


@every_trouble
def test_one_trouble_at_any_request_to_replicate_buys_one_picture_at_most(
    replicate: FakeReplicate, jobs: list[Job], tmp_path: Path, trouble: Trouble
) -> None:
    with road(int(replicate.url.rsplit(":", 1)[1])) as faulty:
        go_wrong_at_each(faulty, trouble, replicate, jobs, tmp_path)


def test_a_certificate_nobody_trusts_at_any_request_to_replicate(
    replicate: FakeReplicate, jobs: list[Job], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    trusting = certificates(tmp_path)
    monkeypatch.setattr(call, "tls", lambda: trusting)
    with road(int(replicate.url.rsplit(":", 1)[1]), over_tls=tmp_path) as faulty:
        go_wrong_at_each(faulty, UNTRUSTED, replicate, jobs, tmp_path)


@pytest.mark.parametrize("name", ONE_ANSWER)
@every_trouble
def test_one_trouble_at_the_one_request_of_a_picture(
    images: FakeImages, jobs: list[Job], tmp_path: Path, name: str, trouble: Trouble
) -> None:
    at, model = ONE_ANSWER[name]
    with road(int(images.url.rsplit(":", 1)[1])) as faulty:
        faulty.breaks(trouble, 1)
        ended = tries(mending(faulty)(at(faulty.url)), model, jobs[0], tmp_path)
    if trouble is REFUSED:
        assert [kind(o) for o in ended] == [Kind.TRANSIENT, "made"] and images.bought == 1
    else:
        assert [kind(o) for o in ended] == [Kind.UNKNOWN] * 4
        assert images.bought == (1 if trouble.after else 0), "whether it was made there or not, it is not bought again"
        last = ended[-1]
        assert isinstance(last, Failure) and "we don't buy it twice" in last.reason
