"""The command line. A command imports what it needs when it runs: pure ones never start Django."""

import argparse
import json
import os
import sys
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any, NoReturn

from qingdan import __version__
from qingdan.foundations.kernel.errors import Refusal

from . import catalogues, places
from .trouble import Trouble, WrongUse, in_words, say

SETTINGS = "qingdan.interfaces.site.settings"
ABOUT = """Qingdan 清单: every problem an enterprise raises, followed until the enterprise
says it is solved."""


class Parser(argparse.ArgumentParser):
    """An ArgumentParser whose complaint is one sentence."""

    def __init__(self, name: str, description: str) -> None:
        super().__init__(prog=f"qd {name}", description=description)

    def error(self, message: str) -> NoReturn:
        raise WrongUse(f"{self.prog}: {message}. See {self.prog} --help.")


def _port(text: str) -> int:
    if not text.isdigit() or not 1 <= int(text) <= 65535:
        raise argparse.ArgumentTypeError(f"{text} is not a port between 1 and 65535")
    return int(text)


def _instant(text: str) -> datetime:
    from qingdan.foundations.kernel.clock import COUNTY_ZONE

    try:
        instant = datetime.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(
            f"{text} is not an instant such as 2023-10-31T09:00"
        ) from None
    return instant if instant.tzinfo else instant.replace(tzinfo=COUNTY_ZONE)


# ------------------------------------------------------------------ the commands


def demo(argv: list[str]) -> int:
    """load the demo county and serve it, with its worker, on this machine"""
    parser = Parser(
        "demo",
        "Set everything up, load the demo county into an embedded database and serve it with its"
        " worker on 127.0.0.1. The county's clock goes on where it stood. Ctrl-C ends it.",
    )
    parser.add_argument("--port", type=_port, default=8000, help="where to serve (8000)")
    parser.add_argument("--fresh", action="store_true", help="empty the data folder first")
    asked = parser.parse_args(argv)
    from .running import demo

    return demo(asked.port, fresh=asked.fresh)


def test(argv: list[str]) -> int:
    """run the tests, on SQLite and PostgreSQL, browser included"""
    from .testing import test

    return test(argv)


def lint(argv: list[str]) -> int:
    """check formatting, lint, types, templates, translations, migrations, import contracts"""
    Parser("lint", "Check everything that can be checked without running it.").parse_args(argv)
    from .linting import lint

    return lint()


def serve(argv: list[str]) -> int:
    """serve the pages and the API of an installation"""
    parser = Parser("serve", "Serve the pages and the API. Settings: docs/settings.md.")
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on (127.0.0.1)")
    parser.add_argument("--port", type=_port, default=8000, help="port to listen on (8000)")
    parser.add_argument("--cert", type=Path, help="certificate (PEM): serve over HTTPS")
    parser.add_argument("--key", type=Path, help="the certificate's private key (PEM)")
    parser.add_argument("--workers", type=int, default=2, help="web processes (2)")
    asked = parser.parse_args(argv)
    if (asked.cert is None) != (asked.key is None):
        raise WrongUse("qd serve: --cert and --key go together.")
    for path in (asked.cert, asked.key):
        if path and not path.is_file():
            raise WrongUse(f"qd serve: there is no file {path}.")
    from .running import serve

    return serve(asked.host, asked.port, asked.workers, asked.cert, asked.key)


def worker(argv: list[str]) -> int:
    """do what the clock and the queue ask for, until stopped"""
    Parser("worker", "Run the clock's and the queue's work until stopped.").parse_args(argv)
    _start_django(database=True)
    from qingdan.interfaces.jobs import worker

    worker.run()
    return 0


def migrate(argv: list[str]) -> int:
    """bring the database to this version"""
    Parser("migrate", "Bring the database to this version.").parse_args(argv)
    _start_django()
    from .database import migrate

    migrate()
    say("the database is up to date")
    return 0


def manage(argv: list[str]) -> int:
    """Django's own commands, such as `manage shell`"""
    from . import assets

    if argv[:1] == ["runserver"]:
        assets.ensure()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", SETTINGS)
    from django.core.management import execute_from_command_line

    execute_from_command_line(["qd manage", *argv])
    return 0


def token(argv: list[str]) -> int:
    """print a new API token of an account"""
    parser = Parser("token", "Print a new API token. It is shown once and stored hashed.")
    parser.add_argument("user", metavar="USER", help="the account's name")
    asked = parser.parse_args(argv)
    _start_django(database=True)
    from qingdan.domain.people.actions import make_token

    print(make_token(asked.user))
    return 0


def tick(argv: list[str]) -> int:
    """do now all that the clock would do"""
    parser = Parser(
        "tick",
        "Do all that the clock would do up to an instant. In a demo a later instant first moves"
        " the county's clock.",
    )
    parser.add_argument(
        "--at", type=_instant, metavar="INSTANT", help="up to when (now); Asia/Shanghai if no zone"
    )
    parser.add_argument("--json", action="store_true", help="print what was written, as JSON")
    asked = parser.parse_args(argv)
    _start_django(database=True)
    from qingdan.interfaces.jobs.tick import tick

    wrote = tick(asked.at)
    if asked.json:
        print(json.dumps(wrote, ensure_ascii=False))
    else:
        for kind, number in wrote.items():
            print(f"{kind}: {number}")
    return 0


def deadline(argv: list[str]) -> int:
    """a date by working days, with its explanation"""
    from .pure import deadline

    return deadline(argv)


def uscc(argv: list[str]) -> int:
    """check unified social credit codes"""
    from .pure import uscc

    return uscc(argv)


def verify(argv: list[str]) -> int:
    """walk the journal's chain"""
    parser = Parser("verify", "Walk the journal's chain; exit 1 names the first broken entry.")
    parser.add_argument("--save-head", type=Path, metavar="FILE", help="write the chains' heads")
    parser.add_argument("--head", type=Path, metavar="FILE", help="heads that must still be there")
    parser.parse_args(argv)
    _start_django(database=True)
    from qingdan.foundations.journal.verify import command

    return command(argv)


def check(argv: list[str]) -> int:
    """say what is unsafe or unset in this installation"""
    Parser("check", "Say in words what is unsafe or unset; exit 1 if anything is.").parse_args(
        argv
    )
    _start_django()
    from .deployment import findings

    found = findings()
    for finding in found:
        print(finding)
    return 1 if found else 0


GROUPS: dict[str, list[Callable[[list[str]], int]]] = {
    "To look at it": [demo],
    "To run an installation": [serve, worker, migrate, tick, token, verify, check, manage],
    "Rules, without a database": [deadline, uscc],
    "To work on it": [test, lint],
}
COMMANDS = {command.__name__: command for group in GROUPS.values() for command in group}


# ------------------------------------------------------------------ what all share


def _start_django(*, database: bool = False) -> None:
    """Set Django up; with `database`, also see that the database is there and of this version."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", SETTINGS)
    if database:
        _require_data()
    import django

    django.setup()
    from django.utils import translation

    translation.activate(in_words("en", "zh-hans"))
    if database:
        from .database import require_this_version

        require_this_version()


def _require_data() -> None:
    """A folder without a database is a slip of the pen: say so, and make nothing there."""
    elsewhere = os.environ.get("QINGDAN_DATABASE_URL") or os.environ.get("QINGDAN_TEST_PG")
    if not elsewhere and not (places.data_dir() / "qingdan.sqlite3").exists():
        raise WrongUse(
            in_words(
                f"There is no data in {places.data_dir()}: name its folder with --data, or run"
                " ./qd migrate to begin there.",
                f"{places.data_dir()} 里没有数据：请用 --data 指定文件夹，或先运行 ./qd migrate。",
            )
        )


def _help() -> str:
    lines = [ABOUT, "", "usage: ./qd COMMAND [OPTIONS]    (./qd COMMAND --help says more)"]
    for title, group in GROUPS.items():
        lines += ["", f"{title}:"]
        lines += [f"  {command.__name__:<10} {command.__doc__}" for command in group]
    lines += [
        "",
        "Every command takes --data DIR (.qd/data), the folder where everything is kept.",
    ]
    return "\n".join(lines)


def _take_data(argv: list[str]) -> list[str]:
    """Take `--data DIR` off the line and put it into the environment."""
    rest: list[str] = []
    words = iter(argv)
    for word in words:
        name, given, value = word.partition("=")
        if name != "--data":
            rest.append(word)
            continue
        folder = value if given else next(words, "")
        if not folder:
            raise WrongUse("qd: --data needs a folder.")
        os.environ["QINGDAN_DATA_DIR"] = str(Path(folder).absolute())
    return rest


def run(argv: list[str]) -> int:
    """Run one command; its exit code."""
    argv = _take_data(argv)
    name, *rest = argv or [""]
    if name in ("", "-h", "--help", "help"):
        print(_help())
        return 0 if name else 2
    if name == "--version":
        print(__version__)
        return 0
    if name not in COMMANDS:
        raise WrongUse(f"qd: there is no command {name}. See ./qd --help.")
    catalogues.compile_all()
    places.follow_the_demo()
    return COMMANDS[name](rest)


def main(argv: list[str] | None = None) -> int:
    """The entry point of `./qd` and `qingdan`: 0 success, 1 a finding, 2 wrong use."""
    try:
        return run(sys.argv[1:] if argv is None else argv)
    except Trouble as trouble:
        say(str(trouble))
        return trouble.code
    except Refusal as refusal:
        say(_said(refusal))
        return 2
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except Exception as error:
        if sentence := _known(error):
            say(sentence)
            return 1
        raise


def _said(refusal: Refusal) -> str:
    """A refusal in the terminal's language; in English where Django never started."""
    if "django.utils.translation" not in sys.modules:
        return str(refusal)
    from django.utils.translation import gettext

    return gettext(refusal.sentence) % refusal.facts


def _known(error: Any) -> str | None:
    """The sentence for what the outside world does to us; everything else is a bug."""
    if isinstance(error, OSError) and error.errno == 28:  # ENOSPC
        return "The disk is full. Make room and start again; nothing is lost."
    if isinstance(error, PermissionError):
        return f"Cannot write to {error.filename}. Make it writable and start again."
    if isinstance(error, FileExistsError | NotADirectoryError):
        return f"{error.filename} is a file, not a folder: name another with --data."
    if type(error).__module__.startswith("django.db") and type(error).__name__ in (
        "OperationalError",
        "DatabaseError",
    ):
        if "full" in str(error):
            return "The disk is full. Make room and start again; nothing is lost."
        return f"The database does not answer: {str(error).splitlines()[0]}."
    return None


if __name__ == "__main__":
    sys.exit(main())
