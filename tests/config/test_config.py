"""One typed configuration: what it takes, what it refuses in which words, and that it never shows a secret."""

from __future__ import annotations

import pickle
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import SecretStr, ValidationError

from elistit import config
from elistit.config.model import Config, groups
from elistit.config.setting import setting_of

MARK = "MARK-of-a-secret-0123456789"
SECRETS = [one.name for one in config.settings() if one.secret]


def words(environment: dict[str, str]) -> list[str]:
    return [problem.words for problem in config.read(environment).problems]


def test_without_an_environment_every_default_holds() -> None:
    read = config.read({})
    assert (read.problems, read.given) == ([], {})
    assert read.config.workers.lease_seconds == 6.0 and read.config.storage.keep_calls_days == 90
    assert read.config.general.data == Path("data").absolute()


def test_every_setting_has_one_name_a_meaning_and_words_for_what_it_takes() -> None:
    settings = config.settings()
    assert len({one.name for one in settings}) == len(settings) > 75
    for one in settings:
        assert one.meaning.endswith((".", "….")) and one.takes and one.default, one.name


@pytest.mark.parametrize("name", ["ELISTIT_DB_POOL", "ELISTIT_ENV", "ELISTIT_OPENAI_KEY", "ELISTIT_ETSY_API_URL"])
def test_an_empty_text_is_not_set(name: str) -> None:
    assert config.read({name: ""}).config == config.read({}).config


@pytest.mark.parametrize(
    ("name", "value", "refusal"),
    [
        ("ELISTIT_PROXIES", "two", "ELISTIT_PROXIES is “two”; it should be a whole number from 0 to 100."),
        ("ELISTIT_WEB_THREADS", "0", "ELISTIT_WEB_THREADS is “0”; it should be a whole number from 1 to 1,000."),
        ("ELISTIT_DB_POOL", "٣", "ELISTIT_DB_POOL is “٣”; it should be a whole number from 1 to 1,000."),
        (
            "ELISTIT_DB_POOL",
            "9" * 5000,
            f"ELISTIT_DB_POOL is “{'9' * 40}”; it should be a whole number from 1 to 1,000.",
        ),
        ("ELISTIT_API_BURST", "-1", "ELISTIT_API_BURST is “-1”; it should be a whole number from 1 to 1,000,000."),
        ("ELISTIT_TRIALS_PER_NETWORK", "1.5", "is “1.5”; it should be a whole number from 0 to 1,000,000."),
        ("ELISTIT_UPSCALE_THREADS", "all", "ELISTIT_UPSCALE_THREADS is “all”"),
        ("ELISTIT_CALLS_PER_MINUTE_RECRAFT", "many", "ELISTIT_CALLS_PER_MINUTE_RECRAFT is “many”"),
        ("ELISTIT_LEASE_SECONDS", "nan", "ELISTIT_LEASE_SECONDS is “nan”; it should be a number above 0."),
        ("ELISTIT_CLOCK_SPEED", "inf", "ELISTIT_CLOCK_SPEED is “inf”; it should be a number above 0."),
        ("ELISTIT_SIGNUP", "yes", "ELISTIT_SIGNUP is “yes”; it can be closed or open."),
        ("ELISTIT_LOG_FORMAT", "xml", "ELISTIT_LOG_FORMAT is “xml”; it can be text or json."),
        ("ELISTIT_WEBHOOKS_PRIVATE", "yes", "ELISTIT_WEBHOOKS_PRIVATE is “yes”; it can be 1 for on or 0 for off."),
        ("ELISTIT_EMAIL_URL", "pigeon://x", "ELISTIT_EMAIL_URL should begin with smtp://"),
        ("ELISTIT_ETSY_API_URL", "http://10.0.0.5:9000", "ELISTIT_ETSY_API_URL must be an https address"),
        ("ELISTIT_ETSY_API_URL", "nonsense", "ELISTIT_ETSY_API_URL should begin with http:// or https://."),
        ("ELISTIT_COMFYUI_URL", "ftp://gpu", "ELISTIT_COMFYUI_URL should begin with http:// or https://."),
        ("ELISTIT_COMFYUI_URL", "gpu:8188", "ELISTIT_COMFYUI_URL should begin with http:// or https://."),
        ("ELISTIT_EMAIL_URL", "smtp://mail:port", "ELISTIT_EMAIL_URL is not an address that can be read"),
    ],
)
def test_a_value_that_cannot_be_read_is_refused_in_one_sentence(name: str, value: str, refusal: str) -> None:
    [said] = words({name: value})
    assert refusal in said and said.startswith(name) and said.endswith(".")


def test_all_that_is_wrong_is_said_at_once_and_the_rest_is_read() -> None:
    read = config.read(
        {
            "ELISTIT_DB_POOL": "x",
            "ELISTIT_CALLS_OPENAI": "0",
            "ELISTIT_CALLS_RECRAFT": "x",
            "ELISTIT_CALLS_COMFYUI": "2",
        }
    )
    assert {p.name for p in read.problems} == {"ELISTIT_DB_POOL", "ELISTIT_CALLS_OPENAI", "ELISTIT_CALLS_RECRAFT"}
    assert read.config.workers.calls == {"comfyui": 2} and read.config.storage.db_pool == 10


def test_each_provider_has_limits_of_its_own() -> None:
    workers = config.read(
        {"ELISTIT_CALLS_OPENAI": "5", "ELISTIT_CALLS_PER_MINUTE_OPENAI": "40", "ELISTIT_CALLS_RECRAFT": "3"}
    ).config.workers
    assert (workers.calls, workers.calls_per_minute) == ({"openai": 5, "recraft": 3}, {"openai": 40})


def test_spaces_around_a_value_do_not_count_but_a_secret_key_stays_as_it_is() -> None:
    settings = config.read(
        {"ELISTIT_DB_POOL": " 7 ", "ELISTIT_OPENAI_KEY": " sk-1\n", "ELISTIT_SECRET_KEY": " a key "}
    ).config
    assert (settings.storage.db_pool, settings.openai.key.get_secret_value()) == (7, "sk-1")
    assert settings.general.secret_key.get_secret_value() == " a key "


@pytest.mark.parametrize("name", [*SECRETS, "DATABASE_URL"])
def test_no_text_form_of_the_configuration_shows_a_secret(name: str) -> None:
    value = f"smtp://u:{MARK}@h" if name == "ELISTIT_EMAIL_URL" else MARK
    value = f"postgresql://u:{MARK}@h/d" if name == "DATABASE_URL" else value
    value = f"authorization={MARK}" if name == "ELISTIT_OTLP_HEADERS" else value
    read = config.read({name: value})
    assert all(p.name != name for p in read.problems)
    held = read.config
    assert MARK not in f"{read!r} {held} {held.model_dump()} {held.model_dump_json()}"
    fields = {setting_of(f).name: (g, n) for g, m in groups().items() for n, f in m.model_fields.items()}
    group, field = fields[name]
    kept = getattr(getattr(held, group), field)
    assert isinstance(kept, SecretStr) and MARK in kept.get_secret_value()


@pytest.mark.parametrize("name", SECRETS)
def test_a_refusal_never_repeats_a_secret(name: str) -> None:
    for value in (f"{MARK}ключ", f"bad://{MARK}", f"smtp://{MARK}:port"):
        read = config.read({name: value})
        assert MARK not in " ".join(p.words for p in read.problems) + repr(read.problems)


@given(st.dictionaries(st.sampled_from([one.name for one in config.settings()]), st.text(max_size=60)))
def test_reading_never_raises_and_what_it_refuses_is_not_in_the_rest(environment: dict[str, str]) -> None:
    read = config.read(environment)
    between = {"ELISTIT_SECRET_KEY", "ELISTIT_SECRET_KEY_FALLBACKS", "ELISTIT_LLM_MODEL", "ELISTIT_OIDC_ISSUER"}
    # A whole set of settings can be refused for what is missing beside them; a value that is wrong itself is refused as others are.
    refused = {p.name for p in read.problems if p.name not in between or "should" in p.words}
    assert refused <= set(environment)
    good = {name: text for name, text in environment.items() if name not in refused}
    assert Config.of(good) == read.config


def test_the_configuration_is_frozen() -> None:
    held = config.read({}).config
    with pytest.raises(ValidationError):
        held.workers.db_pool = 5  # type: ignore[attr-defined]
    with pytest.raises(ValidationError):
        held.workers.stop_seconds = 5


def test_it_is_read_once_and_again_when_it_is_changed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ELISTIT_DB_POOL", "3")
    first = config.current()
    assert config.current() is first and first.storage.db_pool == 3
    config.change({"ELISTIT_DB_POOL": "4"})
    assert config.current().storage.db_pool == 4
    config.change({"ELISTIT_DB_POOL": None})
    assert config.current().storage.db_pool == 10


def test_nothing_works_on_a_configuration_that_cannot_be_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ELISTIT_DB_POOL", "x")
    monkeypatch.setenv("ELISTIT_PROXIES", "y")
    with pytest.raises(config.BadConfig, match=r"ELISTIT_DB_POOL is .* ELISTIT_PROXIES is ") as refused:
        config.current()
    assert len(refused.value.problems) == 2
    monkeypatch.delenv("ELISTIT_DB_POOL")
    monkeypatch.delenv("ELISTIT_PROXIES")
    assert config.current().storage.db_pool == 10


def test_it_can_be_sent_to_another_process() -> None:
    held = config.read({"ELISTIT_OPENAI_KEY": "k", "ELISTIT_CALLS_OPENAI": "2"}).config
    assert pickle.loads(pickle.dumps(held)) == held
