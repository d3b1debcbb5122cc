"""Reading the configuration: once for a process, and what is wrong with it, one sentence for each problem.

With `elistit.handover` the only place that touches the environment. It must never show a secret.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache

from pydantic import ValidationError

from elistit.config.model import Config, FlatNames, groups
from elistit.config.setting import Described

SECRET_MIN = 50
"""Characters of a production secret: what is shorter can be guessed from a stolen cookie."""


@dataclass(frozen=True)
class Problem:
    """Something wrong with one environment name, as one sentence that says how to fix it."""

    name: str
    words: str


class BadConfig(ValueError):
    """The environment can't be used as it is. The message is one sentence for each problem."""

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__(" ".join(problem.words for problem in problems))
        self.problems = problems


@dataclass(frozen=True)
class Reading:
    """An environment, read. In `config` a name that can't be read counts as not set: good for further checks and for telling
    where a log goes, never for work. `given` are the texts of the names that are set."""

    config: Config
    problems: list[Problem]
    given: Mapping[str, str] = field(repr=False)


@cache
def current() -> Config:
    """The configuration of this process. Read when it is first asked for. Raises BadConfig."""
    found = read()
    if found.problems:
        raise BadConfig(found.problems)
    return found.config


def forget() -> None:
    """Read again at the next `current()`. For `change` and for tests that change the environment."""
    current.cache_clear()


def change(values: Mapping[str, str | None]) -> None:
    """Set names of this process's environment, and of the processes it starts; None removes one. For commands that run on
    data of their own."""
    for name, value in values.items():
        if value is None:
            os.environ.pop(name, None)
        else:
            os.environ[name] = value
    forget()


def read(environment: Mapping[str, str] | None = None) -> Reading:
    """Read an environment, this process's by default, with everything that is wrong with it. Never raises for a value."""
    given = FlatNames(Config, environment).given()
    readable, problems = dict(given), list[Problem]()
    while True:
        try:
            config = Config.of(readable)
        except ValidationError as wrong:
            # Of a family, as the calls to each provider, one name is refused at a time.
            problems += (refused := _problems(wrong))
            for problem in refused:
                del readable[problem.name]
        else:
            return Reading(config, problems + _rules(config), given)


def settings() -> list[Described]:
    """Every setting, in the order of the page."""
    return [one for model in groups().values() for one in model.described()]


def family_of(name: str) -> Described:
    """The setting that a name of one family member belongs to, as `ELISTIT_CALLS_RECRAFT`. Raises LookupError."""
    found = [one for one in settings() if one.prefix and name.startswith(one.prefix)]
    if not found:
        raise LookupError(name)
    return max(found, key=lambda one: len(one.prefix))


def _problems(wrong: ValidationError) -> list[Problem]:
    found = []
    for error in wrong.errors(include_url=False, include_input=False):
        name = str(error["ctx"]["name"])
        found.append(Problem(name, error["msg"]))
    return found


def _rules(config: Config) -> list[Problem]:
    """What is wrong between settings that can each be read."""
    found = []
    key = config.general.secret_key.get_secret_value().strip()
    if config.general.env == "production" and len(key) < SECRET_MIN:
        words = "Production needs ELISTIT_SECRET_KEY: set it to at least 50 random characters and keep it."
        found.append(Problem("ELISTIT_SECRET_KEY", words))
    if key in config.general.secret_key_fallbacks.get_secret_value().split():
        words = "ELISTIT_SECRET_KEY_FALLBACKS names the key in use as well; keep only earlier keys there."
        found.append(Problem("ELISTIT_SECRET_KEY_FALLBACKS", words))
    oidc = config.oidc
    if (oidc.issuer or oidc.client_id or oidc.client_secret.get_secret_value()) and not oidc.configured:
        words = "Signing in through an identity server needs all of ELISTIT_OIDC_ISSUER, ELISTIT_OIDC_CLIENT_ID and ELISTIT_OIDC_CLIENT_SECRET."
        found.append(Problem("ELISTIT_OIDC_ISSUER", words))
    if (config.llm.url or config.llm.key.get_secret_value()) and not config.llm.model:
        words = "ELISTIT_LLM_MODEL names no model; set it to one the server has."
        found.append(Problem("ELISTIT_LLM_MODEL", words))
    return found
