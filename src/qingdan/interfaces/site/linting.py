"""`./qd lint`: everything that can be checked without running the program's acts."""

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

from . import places
from .trouble import in_words, say

TOOLS = Path(sys.executable).parent
PYTHON_FILES = ["qd", "src", "tests"]
CHINESE = {
    "formatting": "格式",
    "lint": "代码",
    "types": "类型",
    "templates": "模板",
    "translations": "译文",
    "migrations": "迁移",
    "documents": "文档",
    "import contracts": "层次",
}
"""The checks' names in Chinese."""


def lint(*, write: bool = False) -> int:
    """Run every check, whatever the ones before said; 1 if any found something.

    write: first bring the documents up to date that are written from the code.
    """
    os.chdir(places.CLONE)
    if write:
        documents(write=True)
    checks: list[tuple[str, Callable[[], bool]]] = [
        ("formatting", lambda: tool("ruff", "format", "--check", "--quiet", *PYTHON_FILES)),
        ("lint", lambda: tool("ruff", "check", "--quiet", *PYTHON_FILES)),
        ("types", lambda: tool("mypy", "--no-error-summary")),
        ("templates", templates),
        ("translations", translations),
        ("migrations", migrations),
        ("documents", documents),
        # the last: its "N kept, 0 broken" is the last line
        ("import contracts", lambda: tool("lint-imports", "--no-logo")),
    ]
    failed = []
    for name, check in checks:
        say(f"{name} …", f"{CHINESE.get(name, name)}……")
        try:
            content = check()
        except Exception as error:  # a broken module; the other checks still have their say
            print(f"{type(error).__name__}: {error}")
            content = False
        if not content:
            failed.append(name)
    if failed:
        say(
            f"found something in: {', '.join(failed)}",
            f"以下检查有发现：{'、'.join(CHINESE.get(name, name) for name in failed)}",
        )
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


def documents(*, write: bool = False) -> bool:
    """Whether the documents that are written from the code's tables are up to date."""
    _django()
    from . import access, lifedoc

    content = True
    written = (
        (access.WHERE, access.document),
        (lifedoc.WHERE, lifedoc.document),
        (lifedoc.DRAWN, lifedoc.picture),
    )
    for name, told in written:
        path = places.CLONE / name
        if write:
            path.write_text(told(), encoding="utf-8")
        elif not path.exists() or path.read_text(encoding="utf-8") != told():
            print(
                in_words(
                    f"{name} is out of date: ./qd lint --write brings it up to date",
                    f"{name} 已过时：用 ./qd lint --write 更新",
                )
            )
            content = False
    return content
