"""Django settings, all from `elistit.config` (`docs/operations/configuration.md` lists every name).

Reading this module creates nothing on disk. Local state lives under `ELISTIT_DATA`; `DATABASE_URL` moves the product
and the engine to PostgreSQL. Mistakes are reported by `elistit.cli` before anything starts, in one sentence each.
"""

from __future__ import annotations

import hashlib
from pathlib import Path

import dj_database_url

from elistit import config

BASE_DIR = Path(__file__).resolve().parent
CONFIG = config.current()
DATA_DIR = CONFIG.general.data
PRODUCTION = CONFIG.general.production


def _secret_key() -> str:
    """From the environment, else the secret made at first start. The derived fallback only lets tools that need no
    secret (tests, type checks) import the settings; the command line refuses to serve with it."""
    if value := CONFIG.general.secret_key.get_secret_value():
        return value
    file = DATA_DIR / "secret.key"
    if file.is_file():
        return file.read_text().strip()
    return "unset-" + hashlib.sha256(str(DATA_DIR).encode()).hexdigest()


def _earlier_keys() -> list[str]:
    """Keys that were in use before the current one, newest first: from the environment, and those `elistit secrets rotate`
    replaced. What was signed or sealed with them can still be read."""
    file = DATA_DIR / "secret.key.old"
    replaced = file.read_text().split() if file.is_file() and not CONFIG.general.secret_key else []
    return [*CONFIG.general.secret_key_fallbacks.get_secret_value().split(), *replaced]


SECRET_KEY = _secret_key()
SECRET_KEY_FALLBACKS = _earlier_keys()
DEBUG = False
ALLOWED_HOSTS = list(CONFIG.general.hosts)
BASE_URL = (CONFIG.general.base_url or "http://127.0.0.1:8000").rstrip("/")

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "django_htmx",
    "elistit.accounts",
    "elistit.credits",
    "elistit.projects",
    "elistit.chain",
    "elistit.maintenance",
    "elistit.listings",
    "elistit.delivery",
    "elistit.payments",
    "elistit.studio",
    "elistit.api",
    "elistit.support",
    # After our own, so that our templates are found first.
    "django.contrib.admin.apps.SimpleAdminConfig",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    # Its tables only: the provider itself is loaded when somebody signs in through it (`support.identity`).
    "allauth.socialaccount",
]
MIDDLEWARE = [
    "elistit.studio.headers.Compression",
    "django.middleware.security.SecurityMiddleware",
    "elistit.studio.headers.ContentSecurityPolicy",
    "elistit.studio.headers.KeptByNobody",
    "elistit.studio.static_files.StaticFiles",
    "elistit.studio.limits.BodyLimit",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "elistit.studio.interrupted.InterruptedActions",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "elistit.accounts.kept.KeepsForms",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "elistit.studio.full.FullDisk",
    "allauth.account.middleware.AccountMiddleware",
]
ROOT_URLCONF = "elistit.urls"
WSGI_APPLICATION = "elistit.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "elistit.studio.context.everywhere",
            ],
            "builtins": [
                "django.contrib.humanize.templatetags.humanize",
                "elistit.studio.templatetags.studio",
                "elistit.studio.templatetags.cached",
                "elistit.studio.templatetags.rows",
            ],
        },
    }
]

SQLITE_PATH = DATA_DIR / "elistit.sqlite3"
DATABASE_URL = CONFIG.storage.database_url.get_secret_value() or f"sqlite:///{SQLITE_PATH}"
DATABASES = {"default": dj_database_url.parse(DATABASE_URL)}
DB = DATABASES["default"]
if DB["ENGINE"] == "django.db.backends.sqlite3":
    # WAL is set once, when the file is made (elistit.cli); FULL because credits are sold. Measured: without IMMEDIATE
    # a transaction that reads before it writes fails at once under concurrency, whatever the time-out.
    DB["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 30,
        "init_command": "PRAGMA synchronous=FULL; PRAGMA cache_size=-32000; PRAGMA foreign_keys=ON;",
    }
else:
    # A connection is tried before it leaves the pool: after a restart of the database none of the old ones is handed out.
    DB["CONN_HEALTH_CHECKS"] = True
    # A server that has silently gone (power, network) is noticed within half a minute, not after the kernel's two hours.
    noticing = {"connect_timeout": 10, "keepalives_idle": 10, "keepalives_interval": 5, "keepalives_count": 3}
    # A process that is stopped in the midst of a transaction (a paused machine) keeps its locks, and everyone who waits for
    # them, a seller's page too, stands still with it. After this the database ends its session: it has lost its connection.
    stopped = "-c idle_in_transaction_session_timeout=15s"
    options = DB.get("OPTIONS", {})
    DB["OPTIONS"] = {
        **noticing,
        "tcp_user_timeout": 25_000,
        **options,
        "options": f"{stopped} {options.get('options', '')}".strip(),
        "pool": {"min_size": 1, "max_size": CONFIG.storage.db_pool, "timeout": 30},
        "prepare_threshold": 1,
        "server_side_binding": True,
    }
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
AUTH_USER_MODEL = "accounts.User"
CSRF_FAILURE_VIEW = "elistit.studio.views.reference.csrf_refused"
LOGIN_URL = "/enter/"
LOGIN_REDIRECT_URL = "/"

# Signing in and up (docs/decisions/0012-signing-in.md). Whether sign-up is open is asked at each request.
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}", **more}
    for name, more in (
        ("UserAttributeSimilarityValidator", {"OPTIONS": {"user_attributes": ["email"]}}),
        ("MinimumLengthValidator", {"OPTIONS": {"min_length": 10}}),
        ("CommonPasswordValidator", {}),
    )
]
ACCOUNT_DEFAULT_HTTP_PROTOCOL = BASE_URL.partition(":")[0]
ACCOUNT_ADAPTER = "elistit.support.entering.Doorkeeper"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1"]
ACCOUNT_FORMS = {"signup": "elistit.support.forms.SignUpForm"}
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_ENABLED = True
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_TIMEOUT = ACCOUNT_LOGIN_BY_CODE_TIMEOUT = 600
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_MAX_ATTEMPTS = ACCOUNT_LOGIN_BY_CODE_MAX_ATTEMPTS = 5
# Five guesses a code: with twenty codes a day, a day of guessing at one address succeeds once in ten thousand.
ACCOUNT_RATE_LIMITS = {
    "request_login_code": "20/m/ip,3/m/key,20/d/key",
    "confirm_email": "1/10s/key,20/d/key",
    "reset_password": "20/m/ip,5/m/key,20/d/key",
}
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
ACCOUNT_LOGIN_BY_CODE_ENABLED = True
ACCOUNT_LOGIN_BY_CODE_SUPPORTS_RESEND = ACCOUNT_EMAIL_VERIFICATION_SUPPORTS_RESEND = True
ACCOUNT_CHANGE_EMAIL = True
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_LOGIN_ON_PASSWORD_RESET = True
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ALLAUTH_USER_CODE_FORMAT = {"numeric": True, "length": 6, "dashed": False}
# Signing in through an identity server (docs/decisions/0052-identity-server.md). Which one is asked at each request.
SOCIALACCOUNT_ADAPTER = "elistit.support.identity.IdentityKeeper"
SOCIALACCOUNT_EMAIL_AUTHENTICATION_AUTO_CONNECT = True
SOCIALACCOUNT_REQUESTS_TIMEOUT = 10
MFA_ADAPTER = "elistit.support.entering.FactorKeeper"
MFA_FORMS = {"add_webauthn": "elistit.support.forms.PasskeyForm"}
MFA_SUPPORTED_TYPES = ["webauthn", "totp", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
# Browsers take a passkey over plain HTTP only at localhost, where there is no network to listen on.
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not BASE_URL.startswith("https")

# Limits on trying must hold for all web processes together, so what they count is kept in the database.
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "elistit_cache",
        "OPTIONS": {"MAX_ENTRIES": 100_000},
    }
}

LANGUAGE_CODE = "en"
# Everything is written in English: looking for a translation of each text and number takes time and finds none.
USE_I18N = False
TIME_ZONE = "UTC"
USE_TZ = True
STATIC_URL = "/static/"
STATICFILES_DIRS: list[str] = []
WHITENOISE_USE_FINDERS = True
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "elistit.studio.static_files.HashedStorage"},
}
STORAGE_URL = CONFIG.storage.storage_url or (DATA_DIR / "files").as_uri()

# Only what a proxy of ours says about the sender and about TLS is believed; without one, nothing of it.
ALLAUTH_TRUSTED_PROXY_COUNT = CONFIG.people.proxies
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if ALLAUTH_TRUSTED_PROXY_COUNT else None
SESSION_ENGINE = "elistit.accounts.sessions"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = PRODUCTION and BASE_URL.startswith("https")
CSRF_TRUSTED_ORIGINS = [BASE_URL]
X_FRAME_OPTIONS = "DENY"
DATA_UPLOAD_MAX_NUMBER_FIELDS = 3_000  # the table of a batch has 200 rows
SECURE_CONTENT_TYPE_NOSNIFF = True
# Sent over TLS only. Off unless asked for: a browser that has seen it can't be changed until the time is over.
SECURE_HSTS_SECONDS = CONFIG.people.hsts_seconds
SECURE_REFERRER_POLICY = "same-origin"

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "handlers": {"stderr": {"class": "elistit.log_limits.LimitedHandler", "formatter": "line"}},
    "root": {"handlers": ["stderr"], "level": CONFIG.general.log},
    # Else the engine brings its own handler, which knows no limit for what repeats.
    "loggers": {"dbos": {"handlers": ["stderr"], "propagate": False}},
}
