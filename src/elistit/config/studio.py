"""Settings of the studio itself: where it is, what it keeps, how it works and for whom."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, ClassVar, Literal

from pydantic import Field, SecretStr

from elistit.config.setting import Group, Setting
from elistit.config.values import (
    Above0,
    Address,
    Choice,
    Exactly,
    Family,
    Folder,
    Headers,
    Key,
    Switch,
    Text,
    Whole,
    Words,
)

UNSET = SecretStr("")
LEVELS = Choice(("DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL"), also=("NOTSET", "WARN", "FATAL"))
KEPT_DAYS = Whole(1, 36_500, "days")


class General(Group):
    title: ClassVar[str] = "General"

    data: Annotated[
        Path,
        Setting("ELISTIT_DATA", Folder(), "The folder of all local state: SQLite file, files, the secret."),
        Field(validate_default=True),
    ] = Path("data")
    env: Annotated[
        Literal["local", "production"],
        Setting("ELISTIT_ENV", Choice(("local", "production")), "Production needs ELISTIT_SECRET_KEY."),
    ] = "local"
    secret_key: Annotated[
        SecretStr,
        Setting(
            "ELISTIT_SECRET_KEY", Exactly("secret"),
            "Signs sessions and encrypts shop connections. At least 50 random characters.",
            "made at first start, in secret.key",
        ),
    ] = UNSET  # fmt: skip
    secret_key_fallbacks: Annotated[
        SecretStr,
        Setting(
            "ELISTIT_SECRET_KEY_FALLBACKS", Exactly("secrets"),
            "Secret keys that were in use before, newest first, separated by spaces. See `elistit secrets rotate`.",
        ),
    ] = UNSET  # fmt: skip
    base_url: Annotated[
        str,
        Setting(
            "ELISTIT_BASE_URL", Address(), "The address sellers reach the studio at; used in links.",
            "http://127.0.0.1:8000",
        ),
    ] = ""  # fmt: skip
    hosts: Annotated[
        tuple[str, ...],
        Setting(
            "ELISTIT_HOSTS", Words(",", "host names"), "Host names the pages answer to, separated by commas.",
            "127.0.0.1,localhost,[::1]",
        ),
    ] = ("127.0.0.1", "localhost", "[::1]", "testserver")  # fmt: skip
    log: Annotated[str, Setting("ELISTIT_LOG", LEVELS, "Least weight of what is logged.")] = "WARNING"
    log_format: Annotated[
        Literal["text", "json"],
        Setting(
            "ELISTIT_LOG_FORMAT", Choice(("text", "json"), any_case=True),
            "`json` writes each log line as JSON with project and job.",
        ),
    ] = "text"  # fmt: skip

    @property
    def production(self) -> bool:
        return self.env == "production"


class Storage(Group):
    title: ClassVar[str] = "Database and files"

    database_url: Annotated[
        SecretStr,
        Setting(
            "DATABASE_URL", Address(("postgresql", "postgres", "sqlite")),
            "`postgresql://user:password@host/name` for PostgreSQL.", "SQLite, in ELISTIT_DATA", shown=True,
        ),
    ] = UNSET  # fmt: skip
    db_pool: Annotated[
        int, Setting("ELISTIT_DB_POOL", Whole(1, 1000), "Most PostgreSQL connections one process holds.")
    ] = 10
    storage_url: Annotated[
        str,
        Setting(
            "ELISTIT_STORAGE_URL", Address(("file", "s3")),
            "Where files are kept: `file:///an/absolute/folder`, or `s3://bucket/prefix?endpoint=…&region=…&links=on`.",
            "file://, in ELISTIT_DATA",
        ),
    ] = ""  # fmt: skip
    aws_access_key_id: Annotated[
        SecretStr,
        Setting(
            "AWS_ACCESS_KEY_ID", Text("secret"), "The access key of the bucket, when files are kept in one.",
        ),
    ] = UNSET  # fmt: skip
    aws_secret_access_key: Annotated[
        SecretStr, Setting("AWS_SECRET_ACCESS_KEY", Key(), "The secret key of the bucket.")
    ] = UNSET
    aws_session_token: Annotated[
        SecretStr,
        Setting("AWS_SESSION_TOKEN", Key(), "The session token of the bucket, where its keys are temporary."),
    ] = UNSET
    keep_days: Annotated[
        int,
        Setting(
            "ELISTIT_KEEP_DAYS", Whole(0, 36_500, "days", "a whole number of days, or 0 forever"),
            "Days the finished files of a project are kept; its originals stay.", "0, forever",
        ),
    ] = 0  # fmt: skip
    keep_engine_days: Annotated[
        int, Setting("ELISTIT_KEEP_ENGINE_DAYS", KEPT_DAYS, "Days the engine's rows of ended work are kept.")
    ] = 7
    keep_calls_days: Annotated[
        int,
        Setting(
            "ELISTIT_KEEP_CALLS_DAYS", KEPT_DAYS,
            "Days a provider's answers are kept; that it was asked, and the cost, stay.",
        ),
    ] = 90  # fmt: skip
    keep_mail_days: Annotated[
        int,
        Setting(
            "ELISTIT_KEEP_MAIL_DAYS", KEPT_DAYS,
            "Days the record of sent mail is kept, and mail in ELISTIT_DATA/mail.",
        ),
    ] = 90  # fmt: skip
    keep_quotes_days: Annotated[
        int,
        Setting(
            "ELISTIT_KEEP_QUOTES_DAYS", Whole(7, 36_500, "days"),
            "Days a quote that was never launched is kept, with its storyboard; quotes of launched projects stay.",
        ),
    ] = 90  # fmt: skip
    backup_url: Annotated[
        str,
        Setting(
            "ELISTIT_BACKUP_URL", Address(("file", "s3")),
            "With it, backups are taken automatically: a folder's `file:///…` or `s3://bucket/prefix?endpoint=…`.",
        ),
    ] = ""  # fmt: skip
    backup_every_hours: Annotated[
        int, Setting("ELISTIT_BACKUP_EVERY_HOURS", Whole(1, 8_760, "hours"), "Hours between two backups.")
    ] = 24
    backup_keep: Annotated[
        int, Setting("ELISTIT_BACKUP_KEEP", Whole(1, 10_000), "Backups kept there; older ones are removed.")
    ] = 7
    pg_bin: Annotated[
        str,
        Setting(
            "ELISTIT_PG_BIN", Text("folder"), "The folder of pg_dump, pg_restore and psql, for backups of PostgreSQL.",
            "found on the PATH",
        ),
    ] = ""  # fmt: skip


class Workers(Group):
    title: ClassVar[str] = "Workers"

    calls: Annotated[
        dict[str, int],
        Setting(
            "ELISTIT_CALLS_OPENAI", Family("ELISTIT_CALLS_", Whole(1, 10_000)),
            "Calls at once to one provider, by all workers together; every outside provider has such a name.", "8",
        ),
    ] = {}  # fmt: skip
    calls_per_minute: Annotated[
        dict[str, int],
        Setting(
            "ELISTIT_CALLS_PER_MINUTE_OPENAI", Family("ELISTIT_CALLS_PER_MINUTE_", Whole(1, 10_000, "a minute")),
            "Calls to one provider begun within a minute; take 80 % of what it allows. Every outside provider has such a name.",
            "not limited",
        ),
    ] = {}  # fmt: skip
    upscale: Annotated[
        str,
        Setting(
            "ELISTIT_UPSCALE", Text("`auto`, `neural`, `fast` or a tool"),
            "`auto`: the network of `elistit packs add upscale` where it is; `neural`: always; `fast`: never. Or a tool: "
            "`replicate/real-esrgan`, `replicate/clarity-upscaler`.",
        ),
    ] = "auto"  # fmt: skip
    poster_upscale: Annotated[
        str,
        Setting(
            "ELISTIT_POSTER_UPSCALE", Text("`local` or a tool"),
            "`local`: posters are enlarged as ELISTIT_UPSCALE says for this machine; or one of its tools, ten times.",
        ),
    ] = "local"  # fmt: skip
    cutout: Annotated[
        str,
        Setting(
            "ELISTIT_CUTOUT", Text("`local` or a tool"),
            "Tool that removes backgrounds: `local`, or `replicate/background-remover`.",
        ),
    ] = "local"  # fmt: skip
    ffmpeg: Annotated[
        str,
        Setting(
            "ELISTIT_FFMPEG", Text("a program"),
            "The FFmpeg that writes listing videos, for pages and workers; it needs an H.264 encoder.", "found on the PATH",
        ),
    ] = ""  # fmt: skip
    upscale_threads: Annotated[
        int, Setting("ELISTIT_UPSCALE_THREADS", Whole(1, 256), "Threads of one enlargement by the network.")
    ] = 1
    task_memory_mb: Annotated[
        int,
        Setting(
            "ELISTIT_TASK_MEMORY_MB", Whole(1, 10_000_000, "MB"),
            "Most memory one piece of heavy work may take.",
        ),
    ] = 6144  # fmt: skip
    stop_seconds: Annotated[
        int,
        Setting(
            "ELISTIT_STOP_SECONDS", Whole(1, 86_400, "seconds"), "How long a stopping worker waits for running work.",
        ),
    ] = 120  # fmt: skip
    lease_seconds: Annotated[
        float,
        Setting(
            "ELISTIT_LEASE_SECONDS", Above0("seconds"),
            "Without a heartbeat for this long a worker counts as dead. On SQLite 600 is the least.",
        ),
    ] = 6.0  # fmt: skip

    @property
    def task_memory_bytes(self) -> int:
        return self.task_memory_mb * 1024 * 1024


class Signing(Group):
    title: ClassVar[str] = "Content Credentials (C2PA)"

    certificate: Annotated[
        str,
        Setting(
            "ELISTIT_C2PA_CERTIFICATE", Text("a file"),
            "The certificate chain (PEM, the signing certificate first) that delivered images and PDFs are signed with.",
        ),
    ] = ""  # fmt: skip
    key: Annotated[
        str,
        Setting(
            "ELISTIT_C2PA_KEY", Text("a file"), "Its private key (PEM, without a password), readable by the studio."
        ),
    ] = ""

    @property
    def wanted(self) -> bool:
        """Whether files are to be signed. One setting without the other can't sign, and is reported as such."""
        return bool(self.certificate or self.key)


class People(Group):
    title: ClassVar[str] = "People, mail and programs"

    url: Annotated[
        str, Setting("ELISTIT_URL", Address(), "The studio that `elistit mcp` talks to.", "http://127.0.0.1:8000")
    ] = ""
    api_key: Annotated[
        SecretStr, Setting("ELISTIT_API_KEY", Key(), "The seller's API key that `elistit mcp` uses.")
    ] = UNSET
    api_per_minute: Annotated[
        int,
        Setting(
            "ELISTIT_API_PER_MINUTE", Whole(1, 1_000_000, "a minute"),
            "Requests a minute one API key may make, in the long run.",
        ),
    ] = 300  # fmt: skip
    api_burst: Annotated[
        int, Setting("ELISTIT_API_BURST", Whole(1, 1_000_000), "Requests one API key may make at once.")
    ] = 100
    webhooks_private: Annotated[
        bool,
        Setting(
            "ELISTIT_WEBHOOKS_PRIVATE", Switch(), "1 lets webhooks and push notifications go to private addresses."
        ),
    ] = False
    email_url: Annotated[
        SecretStr,
        Setting(
            "ELISTIT_EMAIL_URL", Address(("smtp", "smtps", "file", "console", "memory", "off")),
            "How mail is sent: `smtp://user:password@host`, `file:///folder`, `off:`.",
            "files in ELISTIT_DATA/mail; none in production",
        ),
    ] = UNSET  # fmt: skip
    email_from: Annotated[
        str, Setting("ELISTIT_EMAIL_FROM", Text(), "The sender of the studio's mail.", "studio@ the host")
    ] = ""
    signup: Annotated[
        Literal["closed", "open"],
        Setting(
            "ELISTIT_SIGNUP", Choice(("closed", "open"), any_case=True), "`open` lets people sign up by a code sent by mail.",
        ),
    ] = "closed"  # fmt: skip
    erasure_days: Annotated[
        int,
        Setting(
            "ELISTIT_ERASURE_DAYS", Whole(0, 30, "days"),
            "How long a person can withdraw the erasure of their account before it begins.",
        ),
    ] = 7  # fmt: skip
    trials_per_network: Annotated[
        int,
        Setting(
            "ELISTIT_TRIALS_PER_NETWORK", Whole(0, 1_000_000, "a day"),
            "Trials one network may start in a day; 0 for any number.",
        ),
    ] = 5  # fmt: skip
    trial_refused_domains: Annotated[
        str,
        Setting(
            "ELISTIT_TRIAL_REFUSED_DOMAINS", Text("domains, or `off`"),
            "More domains whose addresses get no trial, separated by commas; `off` refuses none.", "the bundled list",
        ),
    ] = ""  # fmt: skip
    seller_credits_per_day: Annotated[
        int,
        Setting(
            "ELISTIT_SELLER_CREDITS_PER_DAY", Whole(0, 1_000_000, "credits a day"),
            "The most credits one seller can spend in a day (UTC), unless set for the person; 0 for any number.",
        ),
    ] = 0  # fmt: skip
    seller_projects_per_day: Annotated[
        int,
        Setting(
            "ELISTIT_SELLER_PROJECTS_PER_DAY", Whole(0, 1_000_000, "projects a day"),
            "The most projects one seller can launch in a day (UTC), unless set for the person; 0 for any number.",
        ),
    ] = 0  # fmt: skip
    proxies: Annotated[
        int,
        Setting(
            "ELISTIT_PROXIES", Whole(0, 100),
            "Number of trusted proxies in front; their headers for client address and TLS are used.",
        ),
    ] = 0  # fmt: skip
    hsts_seconds: Annotated[
        int,
        Setting(
            "ELISTIT_HSTS_SECONDS", Whole(0, 63_072_000, "seconds", "a whole number of seconds up to 63,072,000, or 0"),
            "Seconds in which browsers reach the studio by https only (Strict-Transport-Security); 31536000 for a year.",
            "0, not sent",
        ),
    ] = 0  # fmt: skip
    fairness_page: Annotated[
        Literal["off", "on"],
        Setting(
            "ELISTIT_FAIRNESS_PAGE", Choice(("off", "on"), any_case=True),
            "`on` opens the page /fairness/ to everyone: refunds in numbers.",
        ),
    ] = "off"  # fmt: skip
    web_processes: Annotated[
        int,
        Setting(
            "ELISTIT_WEB_PROCESSES", Whole(1, 64),
            "Processes that answer requests; each needs about 100 MB. One serves a small studio; for many visitors, one for each core.",
        ),
    ] = 1  # fmt: skip
    web_threads: Annotated[
        int, Setting("ELISTIT_WEB_THREADS", Whole(1, 1000), "Requests one web process works on at once.")
    ] = 8
    metrics_token: Annotated[
        SecretStr,
        Setting(
            "ELISTIT_METRICS_TOKEN", Key(), "Bearer token with which /metrics may be read from elsewhere.", "loopback only",
        ),
    ] = UNSET  # fmt: skip


class Tracing(Group):
    title: ClassVar[str] = "Tracing"

    url: Annotated[
        str,
        Setting(
            "ELISTIT_OTLP_URL", Address(),
            "With it, traces are sent to this OpenTelemetry collector (OTLP over HTTP); needs the extra `elistit[otel]`.",
        ),
    ] = ""  # fmt: skip
    headers: Annotated[
        SecretStr,
        Setting(
            "ELISTIT_OTLP_HEADERS", Headers(), "Headers the collector asks for, for example `authorization=Bearer …`.",
        ),
    ] = UNSET  # fmt: skip


class Practice(Group):
    title: ClassVar[str] = "Practice and tests"

    clock_speed: Annotated[
        float,
        Setting(
            "ELISTIT_CLOCK_SPEED", Above0(),
            "Divides the waits between attempts, for demonstrations; 1 in normal use.",
        ),
    ] = 1.0  # fmt: skip
    faults: Annotated[
        str,
        Setting(
            "ELISTIT_FAULTS",
            Text("`stage[.item]=fault`"),
            "Failures the worker makes on purpose, for practice.",
            "none",
        ),
    ] = ""
