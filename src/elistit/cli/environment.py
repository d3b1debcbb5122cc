"""Every environment name Elistit reads, what it means, and what can be wrong with it.

The one list behind `elistit config`, `elistit doctor`, the checks before every command and
docs/operations/configuration.md. Pure: imports neither Django nor our settings, writes nothing.
"""

from __future__ import annotations

import logging
import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

from elistit.delivery import address
from elistit.listings import currencies, trademarks
from elistit.providers import http, tools
from elistit.providers.comfyui import client as comfyui

SECRET_MIN = 50
"""Characters of a production secret: what is shorter can be guessed from a stolen cookie."""


@dataclass(frozen=True)
class Name:
    """One environment name. `default` is what holds when it is not set, in words when it depends on something."""

    name: str
    default: str
    meaning: str
    group: str
    secret: bool = False


GENERAL, DATABASE, WORKER = "General", "Database and files", "Workers"
OUTSIDE, PEOPLE, PRACTICE = "Outside services", "People, mail and programs", "Practice and tests"

NAMES: tuple[Name, ...] = (
    Name("ELISTIT_DATA", "./data", "The folder of all local state: SQLite file, files, the secret.", GENERAL),
    Name("ELISTIT_ENV", "local", "`local` or `production`. Production needs ELISTIT_SECRET_KEY.", GENERAL),
    Name(
        "ELISTIT_SECRET_KEY",
        "made at first start, in secret.key",
        "Signs sessions and encrypts shop connections. At least 50 random characters.",
        GENERAL,
        secret=True,
    ),
    Name(
        "ELISTIT_SECRET_KEY_FALLBACKS",
        "not set",
        "Secret keys that were in use before, newest first, separated by spaces. See `elistit secrets rotate`.",
        GENERAL,
        secret=True,
    ),
    Name(
        "ELISTIT_BASE_URL", "http://127.0.0.1:8000", "The address sellers reach the studio at; used in links.", GENERAL
    ),
    Name("ELISTIT_HOSTS", "127.0.0.1,localhost,[::1]", "Host names the pages answer to, separated by commas.", GENERAL),
    Name("ELISTIT_LOG", "WARNING", "Least weight of what is logged: DEBUG, INFO, WARNING, ERROR or CRITICAL.", GENERAL),
    Name("DATABASE_URL", "SQLite, in ELISTIT_DATA", "`postgresql://user:password@host/name` for PostgreSQL.", DATABASE),
    Name("ELISTIT_DB_POOL", "10", "Most PostgreSQL connections one process holds.", DATABASE),
    Name(
        "ELISTIT_STORAGE_URL",
        "file://, in ELISTIT_DATA",
        "Where files are kept: `file:///an/absolute/folder`, or `s3://bucket/prefix?endpoint=…&region=…&links=on`.",
        DATABASE,
    ),
    Name(
        "AWS_ACCESS_KEY_ID",
        "not set",
        "The access key of the bucket, when files are kept in one.",
        DATABASE,
        secret=True,
    ),
    Name("AWS_SECRET_ACCESS_KEY", "not set", "The secret key of the bucket.", DATABASE, secret=True),
    Name(
        "AWS_SESSION_TOKEN",
        "not set",
        "The session token of the bucket, where its keys are temporary.",
        DATABASE,
        secret=True,
    ),
    Name(
        "ELISTIT_KEEP_DAYS",
        "0, forever",
        "Days the finished files of a project are kept; its originals stay.",
        DATABASE,
    ),
    Name("ELISTIT_KEEP_ENGINE_DAYS", "7", "Days the engine's rows of ended work are kept.", DATABASE),
    Name(
        "ELISTIT_KEEP_CALLS_DAYS",
        "90",
        "Days a provider's answers are kept; that it was asked, and the cost, stay.",
        DATABASE,
    ),
    Name(
        "ELISTIT_KEEP_MAIL_DAYS", "90", "Days the record of sent mail is kept, and mail in ELISTIT_DATA/mail.", DATABASE
    ),
    Name(
        "ELISTIT_BACKUP_URL",
        "not set",
        "With it, backups are taken automatically: a folder's `file:///…` or `s3://bucket/prefix?endpoint=…`.",
        DATABASE,
    ),
    Name("ELISTIT_BACKUP_EVERY_HOURS", "24", "Hours between two backups.", DATABASE),
    Name("ELISTIT_BACKUP_KEEP", "7", "Backups kept there; older ones are removed.", DATABASE),
    Name(
        "ELISTIT_PG_BIN",
        "found on the PATH",
        "The folder of pg_dump, pg_restore and psql, for backups of PostgreSQL.",
        DATABASE,
    ),
    Name(
        "ELISTIT_CALLS_OPENAI",
        "8",
        "Calls at once to one provider, by all workers together; every outside provider has such a name.",
        WORKER,
    ),
    Name(
        "ELISTIT_CALLS_PER_MINUTE_OPENAI",
        "not limited",
        "Calls to one provider begun within a minute; take 80 % of what it allows. Every outside provider has such a name.",
        WORKER,
    ),
    Name(
        "ELISTIT_UPSCALE",
        "auto",
        "`auto`: the network of `elistit packs add upscale` where it is; `neural`: always; `fast`: never. Or a tool: "
        "`replicate/real-esrgan`, `replicate/clarity-upscaler`.",
        WORKER,
    ),
    Name(
        "ELISTIT_POSTER_UPSCALE",
        "local",
        "`local`: posters are enlarged as ELISTIT_UPSCALE says for this machine; or one of its tools, ten times.",
        WORKER,
    ),
    Name(
        "ELISTIT_CUTOUT", "local", "Tool that removes backgrounds: `local`, or `replicate/background-remover`.", WORKER
    ),
    Name("ELISTIT_UPSCALE_THREADS", "1", "Threads of one enlargement by the network.", WORKER),
    Name("ELISTIT_TASK_MEMORY_MB", "6144", "Most memory one piece of heavy work may take, in MB.", WORKER),
    Name("ELISTIT_STOP_SECONDS", "120", "How long a stopping worker waits for running work.", WORKER),
    Name("ELISTIT_LEASE_SECONDS", "6", "Without a heartbeat for this long a worker counts as dead.", WORKER),
    Name("ELISTIT_ETSY_API_URL", "Etsy's own", "Base address of the Etsy API.", OUTSIDE),
    Name("ELISTIT_ETSY_AUTH_URL", "Etsy's own", "Where sellers allow access to their shop.", OUTSIDE),
    Name("ELISTIT_ETSY_TOKEN_URL", "Etsy's own", "Where Etsy's tokens are issued and renewed.", OUTSIDE),
    Name("ELISTIT_ETSY_KEYSTRING", "not set", "The keystring of your Etsy app.", OUTSIDE, secret=True),
    Name("ELISTIT_ETSY_SHARED_SECRET", "not set", "The shared secret of your Etsy app.", OUTSIDE, secret=True),
    Name("ELISTIT_CURRENCIES", "ours", "A file with your own price points and limits per currency.", OUTSIDE),
    Name("ELISTIT_TRADEMARKS", "ours", "A file with further protected names to point out, one a line.", OUTSIDE),
    Name("ELISTIT_ETSY_WHEN_MADE", "the running decade", "Overrides the `when_made` range sent to Etsy.", OUTSIDE),
    Name("ELISTIT_REPLICATE_API_URL", "Replicate's own", "Base address of the Replicate API.", OUTSIDE),
    Name(
        "ELISTIT_GOOGLE_CLIENT_ID", "not set", "With it and the next, sellers can connect their Google Drive.", OUTSIDE
    ),
    Name("ELISTIT_GOOGLE_CLIENT_SECRET", "not set", "The secret of your Google OAuth client.", OUTSIDE, secret=True),
    Name("ELISTIT_GOOGLE_API_URL", "Google's own", "Base address of the Drive API, for tests.", OUTSIDE),
    Name("ELISTIT_GOOGLE_AUTH_URL", "Google's own", "Where sellers give their consent, for tests.", OUTSIDE),
    Name("ELISTIT_GOOGLE_TOKEN_URL", "Google's own", "Where tokens come from, for tests.", OUTSIDE),
    Name("ELISTIT_REPLICATE_TOKEN", "not set", "With it, Replicate's models are offered.", OUTSIDE, secret=True),
    Name(
        "ELISTIT_REPLICATE_WEBHOOK_SECRET",
        "asked for with the token",
        "Proves that a message comes from Replicate (`whsec_…`).",
        OUTSIDE,
        secret=True,
    ),
    Name(
        "ELISTIT_REPLICATE_MODELS",
        "the pinned ones",
        "Pins other models or costs: `real-esrgan=owner/model:version@0.002; …`.",
        OUTSIDE,
    ),
    Name(
        "ELISTIT_COMFYUI_URL",
        "not set",
        "With it, your ComfyUI server's workflow is offered: https, or http in your own network.",
        OUTSIDE,
    ),
    Name(
        "ELISTIT_COMFYUI_KEY",
        "not set",
        "Bearer token, where a proxy in front of it asks for one.",
        OUTSIDE,
        secret=True,
    ),
    Name(
        "ELISTIT_COMFYUI_WORKFLOW",
        "not set",
        "A workflow file in API format, with `%prompt%` and so on in it.",
        OUTSIDE,
    ),
    Name("ELISTIT_COMFYUI_CHECKPOINT", "not set", "Instead of a file: the checkpoint of a plain workflow.", OUTSIDE),
    Name("ELISTIT_OPENAI_API_URL", "OpenAI's own", "Base address of the OpenAI API.", OUTSIDE),
    Name("ELISTIT_OPENAI_KEY", "not set", "With it, OpenAI's image models are offered.", OUTSIDE, secret=True),
    Name("ELISTIT_OPENAI_MODEL", "the newest known", "The OpenAI image model to ask for.", OUTSIDE),
    Name("ELISTIT_RECRAFT_API_URL", "Recraft's own", "Base address of the Recraft API.", OUTSIDE),
    Name("ELISTIT_RECRAFT_KEY", "not set", "With it, Recraft's models are offered.", OUTSIDE, secret=True),
    Name("ELISTIT_LLM_MODEL", "not set", "With it, a language model writes listings and outside prompts.", OUTSIDE),
    Name("ELISTIT_LLM_URL", "OpenAI's own", "Where the language model answers chat completions, up to `/v1`.", OUTSIDE),
    Name("ELISTIT_LLM_KEY", "not set", "The key for it; a model on this machine may need none.", OUTSIDE, secret=True),
    Name("ELISTIT_STRIPE_API_URL", "Stripe's own", "Base address of the Stripe API.", OUTSIDE),
    Name(
        "ELISTIT_STRIPE_KEY", "not set", "With it and the next, plans and top-ups can be bought.", OUTSIDE, secret=True
    ),
    Name(
        "ELISTIT_STRIPE_WEBHOOK_SECRET",
        "not set",
        "Proves that a message comes from Stripe (`whsec_…`).",
        OUTSIDE,
        secret=True,
    ),
    Name("ELISTIT_URL", "http://127.0.0.1:8000", "The studio that `elistit mcp` talks to.", PEOPLE),
    Name("ELISTIT_API_KEY", "not set", "The seller's API key that `elistit mcp` uses.", PEOPLE, secret=True),
    Name("ELISTIT_API_PER_MINUTE", "300", "Requests a minute one API key may make, in the long run.", PEOPLE),
    Name("ELISTIT_API_BURST", "100", "Requests one API key may make at once.", PEOPLE),
    Name("ELISTIT_WEBHOOKS_PRIVATE", "not set", "1 lets webhooks go to private addresses.", PEOPLE),
    Name(
        "ELISTIT_EMAIL_URL",
        "files in ELISTIT_DATA/mail; none in production",
        "How mail is sent: `smtp://user:password@host`, `file:///folder`, `off`.",
        PEOPLE,
        secret=True,
    ),
    Name("ELISTIT_EMAIL_FROM", "studio@ the host", "The sender of the studio's mail.", PEOPLE),
    Name("ELISTIT_SIGNUP", "closed", "`open` lets people sign up by a code sent by mail.", PEOPLE),
    Name("ELISTIT_TRIALS_PER_NETWORK", "5", "Trials one network may start in a day; 0 for any number.", PEOPLE),
    Name(
        "ELISTIT_TRIAL_REFUSED_DOMAINS",
        "the bundled list",
        "More domains whose addresses get no trial, separated by commas; `off` refuses none.",
        PEOPLE,
    ),
    Name(
        "ELISTIT_PROXIES",
        "0",
        "Number of trusted proxies in front; their headers for client address and TLS are used.",
        PEOPLE,
    ),
    Name(
        "ELISTIT_HSTS_SECONDS",
        "0, not sent",
        "Seconds in which browsers reach the studio by https only (Strict-Transport-Security); 31536000 for a year.",
        PEOPLE,
    ),
    Name("ELISTIT_FAIRNESS_PAGE", "not set", "`on` opens the page /fairness/ to everyone: refunds in numbers.", PEOPLE),
    Name("ELISTIT_WEB_THREADS", "8", "Requests one web process works on at once.", PEOPLE),
    Name(
        "ELISTIT_METRICS_TOKEN",
        "loopback only",
        "Bearer token with which /metrics may be read from elsewhere.",
        PEOPLE,
        secret=True,
    ),
    Name("ELISTIT_LOG_FORMAT", "text", "`json` writes each log line as JSON with project and job.", GENERAL),
    Name(
        "ELISTIT_CLOCK_SPEED", "1", "Divides the waits between attempts, for demonstrations; 1 in normal use.", PRACTICE
    ),
    Name("ELISTIT_FAULTS", "none", "Failures the worker makes on purpose, for practice.", PRACTICE),
)
SECRETIVE = ("ELISTIT_ETSY_", "ELISTIT_GOOGLE_", "ELISTIT_STRIPE_")
"""Names of addresses that are sent tokens and secrets: never unencrypted to another machine."""

SCHEMES = {
    "DATABASE_URL": ("postgresql", "postgres", "sqlite"),
    "ELISTIT_STORAGE_URL": ("file", "s3"),
    "ELISTIT_BACKUP_URL": ("file", "s3"),
    "ELISTIT_EMAIL_URL": ("smtp", "smtps", "file", "console", "memory", "off"),
}
LOCAL, PRODUCTION = "local", "production"


@dataclass(frozen=True)
class Problem:
    """Something wrong with one environment name, as one sentence that says how to mend it."""

    name: str
    words: str


def problems(env: Mapping[str, str] | None = None) -> list[Problem]:
    """What is wrong with the environment as it is, before anything is opened or written."""
    env = os.environ if env is None else env
    found: list[Problem] = []
    mode = env.get("ELISTIT_ENV", LOCAL)
    if mode not in (LOCAL, PRODUCTION):
        found.append(Problem("ELISTIT_ENV", f"ELISTIT_ENV is “{mode}”; it can be local or production."))
    if mode == PRODUCTION and len(env.get("ELISTIT_SECRET_KEY", "").strip()) < SECRET_MIN:
        found.append(
            Problem(
                "ELISTIT_SECRET_KEY",
                "Production needs ELISTIT_SECRET_KEY: set it to at least 50 random characters and keep it.",
            )
        )
    if env.get("ELISTIT_SECRET_KEY", "").strip() in env.get("ELISTIT_SECRET_KEY_FALLBACKS", "").split():
        words = "ELISTIT_SECRET_KEY_FALLBACKS names the key in use as well; keep only earlier keys there."
        found.append(Problem("ELISTIT_SECRET_KEY_FALLBACKS", words))
    found += _address_problems(env) + _number_problems(env) + _key_problems(env)
    for name in ("ELISTIT_STORAGE_URL", "ELISTIT_BACKUP_URL"):
        place = env.get(name, "").strip()
        if place.startswith(("file:", "s3:")) and (wrong := address.problem(place, env)):
            found.append(Problem(name, wrong.replace("ELISTIT_STORAGE_URL", name)))
    level = env.get("ELISTIT_LOG", "WARNING")
    if level not in logging.getLevelNamesMapping():
        found.append(
            Problem("ELISTIT_LOG", f"ELISTIT_LOG is “{level}”; it can be DEBUG, INFO, WARNING, ERROR or CRITICAL.")
        )
    if (env.get("ELISTIT_LLM_URL") or env.get("ELISTIT_LLM_KEY")) and not env.get("ELISTIT_LLM_MODEL", "").strip():
        found.append(Problem("ELISTIT_LLM_MODEL", "ELISTIT_LLM_MODEL names no model; set it to one the server has."))
    if (page := env.get("ELISTIT_FAIRNESS_PAGE", "").strip()) and page.lower() not in ("on", "off"):
        words = f"ELISTIT_FAIRNESS_PAGE is “{page[:40]}”; it can be on or off."
        found.append(Problem("ELISTIT_FAIRNESS_PAGE", words))
    return found + _table_problems(env) + _provider_problems(env)


def _table_problems(env: Mapping[str, str]) -> list[Problem]:
    """What is wrong with files of the operator's own that settings name."""
    found = []
    if path := env.get(currencies.SETTING, "").strip():
        try:
            currencies.read(Path(path))
        except currencies.BadTable as bad:
            found.append(Problem(currencies.SETTING, str(bad)))
    if path := env.get(trademarks.SETTING, "").strip():
        try:
            trademarks.read(Path(path), own=True)
        except trademarks.BadList as wrong:
            found.append(Problem(trademarks.SETTING, str(wrong)))
    return found


def _provider_problems(env: Mapping[str, str]) -> list[Problem]:
    """What is wrong with the settings of tools and of a ComfyUI server, which are looked into before anything starts."""
    found = [Problem(name, words) for name, words in tools.problems(env).items()]
    try:
        comfyui.configured(env)
    except http.BadSettings as bad:
        found.append(Problem(next((n.name for n in NAMES if n.name in str(bad)), comfyui.URL_NAME), str(bad)))
    return found


def faults_problem(env: Mapping[str, str] | None = None) -> Problem | None:
    """What is wrong with ELISTIT_FAULTS. Apart from `problems`, because its grammar names stages that only a loaded
    Django knows."""
    env = os.environ if env is None else env
    text = env.get("ELISTIT_FAULTS", "").strip()
    if not text:
        return None
    from elistit.stages import faults

    try:
        faults.parse(text)
    except ValueError as wrong:
        return Problem("ELISTIT_FAULTS", str(wrong))
    return None


def _address_problems(env: Mapping[str, str]) -> list[Problem]:
    found = []
    for name in sorted(n.name for n in NAMES if n.name.endswith("_URL")):
        value = env.get(name, "").strip()
        if not value:
            continue
        allowed = SCHEMES.get(name, ("http", "https"))
        try:
            parts = urlsplit(value)
            port_is_number = parts.port is None or parts.port >= 0
        except ValueError:
            found.append(
                Problem(name, f"{name} is not an address that can be read; it should begin with {allowed[0]}://.")
            )
            continue
        if parts.scheme not in allowed or not port_is_number or (allowed[0] == "http" and not parts.netloc):
            found.append(Problem(name, f"{name} should begin with {' or '.join(a + '://' for a in allowed)}."))
        elif name.startswith(SECRETIVE) and parts.scheme == "http" and not http.loopback(value):
            found.append(Problem(name, f"{name} must be an https address, or an http address of this machine."))
    return found


def _key_problems(env: Mapping[str, str]) -> list[Problem]:
    """Keys travel in headers, which hold plain characters only; a stray one is from copying."""
    keys = (n.name for n in NAMES if n.name.endswith(("_KEY", "_TOKEN", "_SECRET", "_KEYSTRING")))
    return [
        Problem(name, f"{name} holds a character that no key has; copy it again.")
        for name in keys
        if name != "ELISTIT_SECRET_KEY" and re.search(r"[^!-~]", env.get(name, "").strip())
    ]


def _number_problems(env: Mapping[str, str]) -> list[Problem]:
    found = []
    whole = {"ELISTIT_DB_POOL": 1000, "ELISTIT_TASK_MEMORY_MB": 10_000_000, "ELISTIT_STOP_SECONDS": 86_400}
    whole |= dict.fromkeys(("ELISTIT_KEEP_ENGINE_DAYS", "ELISTIT_KEEP_CALLS_DAYS", "ELISTIT_KEEP_MAIL_DAYS"), 36_500)
    whole |= {"ELISTIT_BACKUP_EVERY_HOURS": 8_760, "ELISTIT_BACKUP_KEEP": 10_000}
    whole |= {name: 10_000 for name in env if name.startswith("ELISTIT_CALLS_")}
    for name, most in whole.items():
        value = env.get(name, "1")
        if not value.isascii() or not value.isdigit() or not 1 <= int(value) <= most:
            words = f"{name} is “{value[:40]}”; it should be a whole number from 1 to {most:,}."
            found.append(Problem(name, words))
    keep = env.get("ELISTIT_KEEP_DAYS", "0") or "0"
    if not (keep.isascii() and keep.isdigit() and int(keep) <= 36_500):
        words = f"ELISTIT_KEEP_DAYS is “{keep[:40]}”; it should be a whole number of days, or 0 forever."
        found.append(Problem("ELISTIT_KEEP_DAYS", words))
    hsts = env.get("ELISTIT_HSTS_SECONDS", "0") or "0"
    if not (hsts.isascii() and hsts.isdigit() and int(hsts) <= 63_072_000):
        words = f"ELISTIT_HSTS_SECONDS is “{hsts[:40]}”; it should be a whole number of seconds up to 63,072,000, or 0."
        found.append(Problem("ELISTIT_HSTS_SECONDS", words))
    for name in ("ELISTIT_CLOCK_SPEED", "ELISTIT_LEASE_SECONDS"):
        value = env.get(name, "") or "1"
        try:
            good = 0 < float(value) < float("inf")
        except ValueError:
            good = False
        if not good:
            found.append(Problem(name, f"{name} is “{value[:40]}”; it should be a number above 0."))
    return found


def shown(value: str, secret: bool) -> str:
    """A value fit to be printed: secrets hidden, and the password inside an address."""
    if secret:
        return "set (hidden)" if value else "not set"
    if "://" not in value:
        return value
    try:
        parts = urlsplit(value)
        if parts.password is None:
            return value
        host = parts.hostname or ""
        host = f"[{host}]" if ":" in host else host
        port = f":{parts.port}" if parts.port else ""
        return urlunsplit(parts._replace(netloc=f"{parts.username}:(hidden)@{host}{port}"))
    except ValueError:
        return "(cannot be read)"
