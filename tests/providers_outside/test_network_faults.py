"""Networks that fail at every point of every exchange, driven through the chain's own purchases: nothing is bought twice.

Each case runs the four tries of rules §5.1 as the chain would, against a server that counts what was bought.
"""

from __future__ import annotations

import functools
import ssl
from collections.abc import Iterator
from pathlib import Path

import pytest

from elistit.chain import retry
from elistit.chain.attempt_key import AttemptKey
from elistit.chain.models import ProviderCall
from elistit.ports import Failure, Kind, Made, Outcome
from elistit.projects.models import Job
from elistit.providers.base import ImageProvider
from elistit.purchases import calls
from tests.conformance.conftest import World, clock, world
from tests.providers_outside.asking import KEY, asked_for, openai_at, recraft_at, replicate_at, run
from tests.providers_outside.breaks import every_break, reset
from tests.providers_outside.fakes import FakeImages, FakeReplicate
from tests.providers_outside.loopback import Break, Fault, closed_port

__all__ = ["clock", "world"]
FOR_EVER = 1_000
ONE_PICTURE = {
    "openai": (openai_at, "openai/gpt-image"),
    "recraft": (recraft_at, "recraft/v4-1"),
}


@pytest.fixture
def job(world: World) -> Job:
    return world.job(world.launch())


def accepted(out: Path, made: Made) -> Outcome:
    assert out.read_bytes().startswith(b"\x89PNG"), "only a picture is accepted"
    return made


def tries(
    provider: ImageProvider, model: str, job: Job, tmp_path: Path, up_to: int = retry.MAX_ATTEMPTS
) -> list[Outcome]:
    """What the tries of one item ended with, as many as the retry rules allow."""
    ended: list[Outcome] = []
    for number in range(1, up_to + 1):
        this = AttemptKey(job.pk, "generating", 1, 0, number, 0)
        request = asked_for(tmp_path, model, calls.call_key(this))
        outcome = calls.buy_once(provider, request, this, job, run, functools.partial(accepted, request.out))
        ended.append(outcome)
        if isinstance(outcome, Made) or isinstance(retry.decide(outcome, number, 0), retry.GiveUp):
            break
    for call in ProviderCall.objects.all():
        assert KEY not in call.detail + str(call.answer)
    return ended


def kind(outcome: Outcome) -> Kind | str:
    return outcome.kind if isinstance(outcome, Failure) else "made"


# --- Replicate: whatever was bought is found again --------------------------------------------------------------------


@every_break
def test_a_purchase_whose_answer_was_lost_is_found_in_replicates_list(
    replicate: FakeReplicate, job: Job, tmp_path: Path, play: Break
) -> None:
    replicate.faults["create"] = Fault(play)
    ended = tries(replicate_at(replicate.url), "replicate/flux-schnell", job, tmp_path)
    # On a busy machine a list may take longer than this test's timeout; then the next try asks for it.
    assert kind(ended[-1]) == "made" and {kind(o) for o in ended[:-1]} <= {Kind.UNKNOWN}
    assert replicate.bought == 1


def test_a_purchase_that_cannot_be_found_is_never_made_again(
    replicate: FakeReplicate, job: Job, tmp_path: Path
) -> None:
    replicate.faults["create"] = Fault(reset, early=True)
    ended = tries(replicate_at(replicate.url), "replicate/flux-schnell", job, tmp_path)
    assert [kind(o) for o in ended] == [Kind.UNKNOWN] * 4
    assert replicate.bought == 0


@every_break
def test_a_purchase_whose_list_cannot_be_read_either_waits_for_the_next_look(
    replicate: FakeReplicate, job: Job, tmp_path: Path, play: Break
) -> None:
    replicate.faults["create"], replicate.faults["list"] = Fault(reset), Fault(play)
    ended = tries(replicate_at(replicate.url), "replicate/flux-schnell", job, tmp_path)
    assert [kind(o) for o in ended] == [Kind.UNKNOWN, "made"]
    assert replicate.bought == 1


@every_break
def test_a_question_that_fails_is_asked_again_and_buys_nothing(
    replicate: FakeReplicate, job: Job, tmp_path: Path, play: Break
) -> None:
    replicate.faults["ask"] = Fault(play)
    ended = tries(replicate_at(replicate.url), "replicate/flux-schnell", job, tmp_path)
    assert kind(ended[-1]) == "made"
    assert replicate.bought == 1


def test_a_prediction_that_cannot_be_asked_about_is_unknown_and_never_bought_again(
    replicate: FakeReplicate, job: Job, tmp_path: Path
) -> None:
    replicate.faults["ask"] = Fault(reset, times=FOR_EVER)
    provider = replicate_at(replicate.url)
    assert [kind(o) for o in tries(provider, "replicate/flux-schnell", job, tmp_path)] == [Kind.UNKNOWN] * 4
    assert (replicate.bought, ProviderCall.objects.get().provider_id) == (1, "pred1")
    replicate.faults.clear()
    assert kind(tries(provider, "replicate/flux-schnell", job, tmp_path, up_to=1)[0]) == "made"
    assert replicate.bought == 1


@every_break
def test_a_picture_whose_download_broke_is_fetched_again_and_not_bought_again(
    replicate: FakeReplicate, job: Job, tmp_path: Path, play: Break
) -> None:
    replicate.faults["file"] = Fault(play)
    ended = tries(replicate_at(replicate.url), "replicate/flux-schnell", job, tmp_path)
    assert kind(ended[-1]) == "made"
    assert replicate.bought == 1


def test_a_prediction_that_failed_there_is_bought_anew_by_the_next_try(
    replicate: FakeReplicate, job: Job, tmp_path: Path
) -> None:
    replicate.fate, replicate.ending = ["starting"], {"status": "failed", "error": "Took too long (E6716)"}
    ended = tries(replicate_at(replicate.url), "replicate/flux-schnell", job, tmp_path)
    assert [kind(o) for o in ended] == [Kind.TRANSIENT] * 4
    assert replicate.bought == 4, "each of the four was answered for before the next was made"
    seeds = {p["input"]["seed"] for p in replicate.predictions.values()}
    assert len(seeds) == 4, "each is another picture"


def test_a_worker_that_died_in_a_purchase_finds_it_by_its_id(
    replicate: FakeReplicate, job: Job, tmp_path: Path
) -> None:
    class Died(BaseException):
        pass

    provider = replicate_at(replicate.url)
    followed = provider._followed

    def die(*_: object) -> Outcome:
        raise Died

    provider._followed = die  # type: ignore[method-assign]
    with pytest.raises(Died):
        tries(provider, "replicate/flux-schnell", job, tmp_path)
    provider._followed = followed  # type: ignore[method-assign]
    assert kind(tries(provider, "replicate/flux-schnell", job, tmp_path)[-1]) == "made"
    assert replicate.bought == 1


def test_a_subprocess_that_dies_over_a_picture_costs_nothing_again(
    replicate: FakeReplicate, job: Job, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from elistit.providers import http_images

    real, deaths = http_images.finish, [RuntimeError("the subprocess died"), TimeoutError("took more than 120 s")]

    def finish(*args: object) -> object:
        if deaths:
            raise deaths.pop()
        return real(*args)  # type: ignore[arg-type]

    monkeypatch.setattr(http_images, "finish", finish)
    ended = tries(replicate_at(replicate.url), "replicate/flux-schnell", job, tmp_path)
    assert [kind(o) for o in ended] == [Kind.UNKNOWN, "made"]
    assert replicate.bought == 1


# --- OpenAI and Recraft: what was lost stays unknown ------------------------------------------------------------------


@pytest.mark.parametrize("name", ONE_PICTURE)
@every_break
def test_a_purchase_whose_answer_was_lost_stays_unknown_and_is_never_made_again(
    images: FakeImages, job: Job, tmp_path: Path, name: str, play: Break
) -> None:
    at, model = ONE_PICTURE[name]
    images.faults["create"] = Fault(play)
    ended = tries(at(images.url), model, job, tmp_path)
    assert [kind(o) for o in ended] == [Kind.UNKNOWN] * 4
    assert (images.bought, len(images.asked)) == (1, 1)


@pytest.mark.parametrize("name", ONE_PICTURE)
def test_a_connection_cut_before_the_request_was_read_is_not_guessed_at(
    images: FakeImages, job: Job, tmp_path: Path, name: str
) -> None:
    at, model = ONE_PICTURE[name]
    images.faults["create"] = Fault(reset, early=True)
    assert {kind(o) for o in tries(at(images.url), model, job, tmp_path)} == {Kind.UNKNOWN}
    assert images.bought == 0


@pytest.mark.parametrize("name", ONE_PICTURE)
def test_a_good_answer_is_bought_once_and_used_for_ever(
    images: FakeImages, job: Job, tmp_path: Path, name: str
) -> None:
    at, model = ONE_PICTURE[name]
    for _ in range(2):
        assert kind(tries(at(images.url), model, job, tmp_path)[0]) == "made"
    assert images.bought == 1


# --- never reached ----------------------------------------------------------------------------------------------------

EVERY = {**ONE_PICTURE, "replicate": (replicate_at, "replicate/flux-schnell")}


@pytest.mark.parametrize("name", EVERY)
@pytest.mark.parametrize("where", ["refused", "no such name", "tls to a plain server", "untrusted certificate"])
def test_a_service_that_was_never_reached_is_tried_four_times(
    images: FakeImages, untrusted: FakeImages, job: Job, tmp_path: Path, name: str, where: str
) -> None:
    at, model = EVERY[name]
    url = {
        "refused": closed_port(),
        "no such name": "http://nowhere.invalid",
        "tls to a plain server": images.url.replace("http:", "https:"),
        "untrusted certificate": untrusted.url,
    }[where]
    assert [kind(o) for o in tries(at(url), model, job, tmp_path)] == [Kind.TRANSIENT] * 4
    assert images.bought == untrusted.bought == 0


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """A certificate nobody trusts."""
    import datetime as dt

    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec

    folder = tmp_path_factory.mktemp("tls")
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "127.0.0.1")])
    now = dt.datetime.now(dt.UTC)
    made = (
        x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
        .serial_number(1).not_valid_before(now - dt.timedelta(days=1)).not_valid_after(now + dt.timedelta(days=1))
        .sign(key, hashes.SHA256())
    )  # fmt: skip
    (folder / "cert.pem").write_bytes(made.public_bytes(serialization.Encoding.PEM))
    (folder / "key.pem").write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    return folder / "cert.pem", folder / "key.pem"


@pytest.fixture
def untrusted(certificate: tuple[Path, Path]) -> Iterator[FakeImages]:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(*certificate)
    with FakeImages(tls=context) as server:
        yield server
