"""`./qd lint`: everything that can be checked without running the program's acts."""

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

from . import places
from .trouble import say

TOOLS = Path(sys.executable).parent
PYTHON_FILES = ["qd", "src", "tests"]


def lint() -> int:
    """Run every check, whatever the ones before said; 1 if any found something."""
    os.chdir(places.CLONE)
    checks: list[tuple[str, Callable[[], bool]]] = [
        ("formatting", lambda: tool("ruff", "format", "--check", "--quiet", *PYTHON_FILES)),
        ("lint", lambda: tool("ruff", "check", "--quiet", *PYTHON_FILES)),
        ("types", lambda: tool("mypy", "--no-error-summary")),
        ("templates", templates),
        ("translations", translations),
        ("migrations", migrations),
        # the last: its "N kept, 0 broken" is the last line
        ("import contracts", lambda: tool("lint-imports", "--no-logo")),
    ]
    failed = []
    for name, check in checks:
        say(f"{name} …")
        try:
            content = check()
        except Exception as error:  # a broken module; the other checks still have their say
            print(f"{type(error).__name__}: {error}")
            content = False
        if not content:
            failed.append(name)
    if failed:
        say(f"found something in: {', '.join(failed)}")
    return 1 if failed else 0


def tool(name: str, *arguments: str) -> bool:
    """Whether a command of the environment is content."""
    sys.stdout.flush()
    env = os.environ | {"PYTHONPATH": str(places.CLONE / "src")}
    return subprocess.call([str(TOOLS / name), *arguments], env=env) == 0


def _django() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "qingdan.interfaces.site.settings")
    import django

    django.setup()


def templates() -> bool:
    """Whether every template compiles."""
    _django()
    from django.template import TemplateSyntaxError
    from django.template.loader import get_template

    content = True
    for path in sorted(places.SOURCE.rglob("templates/**/*")):
        if path.suffix not in (".html", ".txt"):
            continue
        name = str(path).split("/templates/", 1)[1]
        try:
            get_template(name)
        except TemplateSyntaxError as error:
            print(f"{path.relative_to(places.CLONE)}: {error}")
            content = False
    return content


def translations() -> bool:
    """Whether every sentence is translated, once."""
    _django()
    from .translations import faults

    found = faults()
    for fault in found:
        print(fault)
    return not found


def migrations() -> bool:
    """Whether models and migrations agree."""
    _django()
    from django.core.management import call_command

    try:
        call_command("makemigrations", "--check", "--dry-run", verbosity=1)
    except SystemExit:
        return False
    return True
