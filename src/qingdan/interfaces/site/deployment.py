"""What is unsafe or unset in an installation, in words."""

import os
import stat

from django.conf import settings
from django.db import connection

from .database import NewerData, refuse_newer
from .health import migrations_done

LOCAL = {"127.0.0.1", "localhost", "testserver"}


def findings() -> list[str]:
    """A sentence for each thing that an installation should change; empty if all is well."""
    found = []
    if settings.DEMO:
        found.append("This is a demo: its password is printed and its clock can be moved.")
    if not settings.HTTPS:
        found.append(
            "HTTPS is off: set QINGDAN_HTTPS=1 behind a proxy, or serve with --cert and --key."
            " Without it, field pages work only online."
        )
    if "*" in settings.ALLOWED_HOSTS:
        found.append("QINGDAN_HOSTS allows every name: name the server's own.")
    elif set(settings.ALLOWED_HOSTS) <= LOCAL:
        found.append("QINGDAN_HOSTS is unset: only this machine itself can open the pages.")
    if len(settings.SECRET_KEY) < 40:
        found.append("QINGDAN_SECRET_KEY is short: use 50 characters nobody can guess.")
    if stat.S_IMODE(os.stat(settings.DATA_DIR).st_mode) & stat.S_IWOTH:
        found.append(f"Everybody on this machine can write to {settings.DATA_DIR}.")
    if settings.DEBUG:
        found.append("DEBUG is on: error pages show the program's inside.")
    try:
        refuse_newer()
    except NewerData as newer:
        found.append(str(newer))
    if not migrations_done():
        found.append("The database is not up to date: run ./qd migrate.")
    if connection.vendor == "sqlite" and not settings.DEMO:
        found.append(
            "The database is SQLite, on one machine: for more than one, or for a whole county's"
            " history, name a PostgreSQL by QINGDAN_DATABASE_URL."
        )
    return found
