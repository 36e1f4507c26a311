"""Settings of an installation, by QINGDAN_* in the environment; docs/settings.md lists them."""

import os
import secrets
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

from csp.constants import NONE, SELF

from . import places


def _told(name: str, default: str = "") -> str:
    return os.environ.get(f"QINGDAN_{name}") or default


def _switched_on(name: str) -> bool:
    return _told(name) == "1"


# ------------------------------------------------------------------ where things lie

DATA_DIR = places.data_dir()
DEMO = _switched_on("DEMO")
DEBUG = False
SECRET_KEY = _told("SECRET_KEY") or places.keep_secret(
    DATA_DIR / "secret-key", secrets.token_urlsafe(50)
)


def _database() -> dict[str, Any]:
    """SQLite in the data folder, unless a URL or the test cluster names a PostgreSQL."""
    if test_cluster := _told("TEST_PG"):
        host, name = test_cluster.split("|")
        return {
            "ENGINE": "django.db.backends.postgresql",
            "HOST": host,
            "NAME": name,
            "USER": "postgres",
        }
    if url := _told("DATABASE_URL"):
        parts = urlsplit(url)
        asked = parse_qs(parts.query)
        return {
            "ENGINE": "django.db.backends.postgresql",
            "HOST": asked.get("host", [parts.hostname or ""])[0],
            "PORT": asked.get("port", [parts.port or ""])[0],
            "NAME": parts.path.lstrip("/"),
            "USER": unquote(parts.username or ""),
            "PASSWORD": unquote(parts.password or ""),
            "CONN_MAX_AGE": 60,
            "CONN_HEALTH_CHECKS": True,
        }
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": DATA_DIR / "qingdan.sqlite3",
        "CONN_MAX_AGE": 60,
        "OPTIONS": {
            "transaction_mode": "IMMEDIATE",
            "timeout": 20,
            # FULL: NORMAL can lose what was acknowledged when the power fails (D13)
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL",
        },
    }


DATABASES: dict[str, Any] = {"default": _database()}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
# allauth's limits count in the cache, so all processes must share it; it counts real time (D17)
CACHES: dict[str, Any] = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "shared_cache",
        # as many counts of wrong tries as half an hour can bring; with Django's 300, whoever tries
        # enough names would push a locked account's count out and open it to more tries
        "OPTIONS": {"MAX_ENTRIES": 100_000},
    }
}

# ------------------------------------------------------------------ the rooms

INSTALLED_APPS = [
    "qingdan.foundations.kernel",
    "qingdan.foundations.workdays",
    "qingdan.foundations.journal",
    "qingdan.domain.people",
    "qingdan.domain.enterprises",
    "qingdan.domain.ledger",
    "qingdan.domain.visits",
    "qingdan.domain.groups",
    "qingdan.domain.evaluation",
    "qingdan.interfaces.shared",
    "qingdan.interfaces.desk",
    "qingdan.interfaces.field",
    "qingdan.interfaces.portal",
    "qingdan.interfaces.board",
    "qingdan.interfaces.api",
    "qingdan.interfaces.jobs",
    "qingdan.interfaces.site",
    # ours come first: our templates win over those of the packages
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django_htmx",
    "allauth",
    "allauth.account",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    # before the sessions, because thousands of open pages ask every few seconds (D14)
    "qingdan.interfaces.shared.live.LiveMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "qingdan.interfaces.site.sessions.IdleMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "qingdan.interfaces.shared.people.PersonMiddleware",
    "qingdan.interfaces.site.second_factor.SecondFactorMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]
ROOT_URLCONF = "qingdan.interfaces.site.urls"
WSGI_APPLICATION = "qingdan.interfaces.site.wsgi.application"
APPEND_SLASH = True

TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    }
]
FORM_RENDERER = "django.forms.renderers.DjangoTemplates"
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"

# ------------------------------------------------------------------ files for the browser

STATIC_URL = "/static/"
WHITENOISE_USE_FINDERS = True  # nothing to collect, in the demo and elsewhere
WHITENOISE_AUTOREFRESH = False
# the names carry no hash, so a new version must be seen soon
WHITENOISE_MAX_AGE = 300

CONTENT_SECURITY_POLICY: dict[str, Any] = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "img-src": [SELF, "data:"],
        "base-uri": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    }
}
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"

# ------------------------------------------------------------------ words and days

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", "简体中文"), ("en", "English")]  # each in its own words
LANGUAGE_COOKIE_NAME = "language"
LANGUAGE_COOKIE_AGE = 365 * 24 * 3600
LANGUAGE_COOKIE_SAMESITE = "Lax"
LOCALE_PATHS = sorted(str(path) for path in places.SOURCE.rglob("locale") if path.is_dir())
USE_I18N = True
USE_TZ = True
TIME_ZONE = "Asia/Shanghai"

# ------------------------------------------------------------------ who is there

AUTH_USER_MODEL = "people.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 10},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "/accounts/login/"
LOGIN_REDIRECT_URL = "/"
ACCOUNT_ADAPTER = "qingdan.interfaces.site.accounts.ClosedDoors"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_LOGOUT_REDIRECT_URL = "/accounts/login/"
ACCOUNT_SESSION_REMEMBER = True
LOCKOUT = _told("LOCKOUT", "5/30m")
# a whole office stands behind one address, so the address alone has a wide limit
ACCOUNT_RATE_LIMITS: dict[str, str] = {
    "login": "600/m/ip",
    "login_failed": f"{LOCKOUT}/key,200/m/ip",
    "second_factor": f"{LOCKOUT}/key",
}
PROXIES = int(_told("PROXIES", "0"))
ALLAUTH_TRUSTED_PROXY_COUNT = PROXIES

TOKEN_DAYS = int(_told("TOKEN_DAYS", "365"))
IDLE_MINUTES = int(_told("IDLE_MINUTES", "30"))
SESSION_HOURS = int(_told("SESSION_HOURS", "12"))
SESSION_COOKIE_AGE = SESSION_HOURS * 3600
# who may do most proves more than a password; a demo prints its password, so it proves nothing
SECOND_FACTOR = _told("SECOND_FACTOR", "0" if DEMO else "1") == "1"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_HTTPONLY = False  # htmx and the form keeper read it from the page, not from here
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "qingdan.interfaces.shared.errors.stale_form"

# ------------------------------------------------------------------ the outside

HOSTS = _told("HOSTS", "127.0.0.1,localhost,testserver").split(",")
ALLOWED_HOSTS = [host.strip() for host in HOSTS]
HTTPS = _switched_on("HTTPS")
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = HTTPS
SECURE_HSTS_SECONDS = 3600 * 24 * 365 if HTTPS else 0
if PROXIES:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    CSRF_TRUSTED_ORIGINS = [f"https://{host}" for host in ALLOWED_HOSTS if host != "*"]

LOGGING: dict[str, Any] = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name}: {message}", "style": "{"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["stderr"], "level": _told("LOG_LEVEL", "WARNING")},
    "loggers": {
        # a refusal is an answer, not an incident
        "django.request": {"level": "ERROR"},
        "django": {"handlers": [], "propagate": True},
    },
}

# ------------------------------------------------------------------ results looked at by sample

# the key makes the sample one that no unit can foresee; unset, the policy says how many
SAMPLE_KEY = _told("SAMPLE_KEY") or SECRET_KEY
SAMPLE_EVERY = int(_told("SAMPLE_EVERY")) if _told("SAMPLE_EVERY") else None
