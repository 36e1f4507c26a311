"""Settings of an installation, all by QINGDAN_* in the environment; docs/settings.md lists them."""

import os
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

SOURCE = Path(__file__).resolve().parents[2]
DATA_DIR = Path(os.environ.get("QINGDAN_DATA_DIR", ".qd/data")).absolute()
DEMO = os.environ.get("QINGDAN_DEMO", "") == "1"
DEBUG = False
SECRET_KEY = os.environ.get("QINGDAN_SECRET_KEY", "") or "not-secret-before-the-data-folder-exists"
ALLOWED_HOSTS = os.environ.get("QINGDAN_HOSTS", "127.0.0.1,localhost,testserver").split(",")


def _database() -> dict[str, Any]:
    """SQLite in the data folder, unless a URL or the test cluster names a PostgreSQL."""
    if test_cluster := os.environ.get("QINGDAN_TEST_PG"):
        host, name = test_cluster.split("|")
        return {
            "ENGINE": "django.db.backends.postgresql",
            "HOST": host,
            "NAME": name,
            "USER": "postgres",
        }
    if url := os.environ.get("QINGDAN_DATABASE_URL"):
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
        }
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": DATA_DIR / "qingdan.sqlite3",
        "OPTIONS": {
            "transaction_mode": "IMMEDIATE",
            "timeout": 20,
            # FULL: NORMAL can lose what was acknowledged when the power fails (D13)
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL",
        },
    }


DATABASES: dict[str, Any] = {"default": _database()}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django_htmx",
    "allauth",
    "allauth.account",
    "qingdan.foundations.kernel",
    "qingdan.foundations.workdays",
    "qingdan.foundations.journal",
    "qingdan.domain.people",
    "qingdan.domain.enterprises",
    "qingdan.domain.ledger",
    "qingdan.domain.visits",
    "qingdan.domain.groups",
    "qingdan.interfaces.shared",
    "qingdan.interfaces.desk",
    "qingdan.interfaces.field",
    "qingdan.interfaces.portal",
    "qingdan.interfaces.board",
    "qingdan.interfaces.api",
    "qingdan.interfaces.jobs",
    "qingdan.interfaces.site",
]
AUTH_USER_MODEL = "people.User"
ROOT_URLCONF = "qingdan.interfaces.site.urls"
USE_TZ = True
TIME_ZONE = "Asia/Shanghai"
LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", "简体中文"), ("en", "English")]
USE_I18N = True
STATIC_URL = "/static/"
