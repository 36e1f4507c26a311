"""The command line. A command imports what it needs when it runs: pure ones never start Django."""

import argparse
import json
import os
import re
import sys
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any, NoReturn

from qingdan import __version__
from qingdan.foundations.kernel.errors import Refusal

from . import catalogues, places
from .commands import GROUPS
from .trouble import Trouble, WrongUse, in_words, say

SETTINGS = "qingdan.interfaces.site.settings"


class _Help(argparse.HelpFormatter):
    """argparse's help, with its own words in the terminal's language too."""

    def add_usage(self, usage: Any, actions: Any, groups: Any, prefix: str | None = None) -> None:
        super().add_usage(usage, actions, groups, prefix or in_words("usage: ", "用法："))


class Parser(argparse.ArgumentParser):
    """An ArgumentParser that speaks the terminal's language; its complaint is one sentence."""

    def __init__(self, name: str, english: str, chinese: str) -> None:
        super().__init__(
            prog=f"qd {name}",
            description=in_words(english, chinese),
            formatter_class=_Help,
            add_help=False,
            allow_abbrev=False,
        )
        self._positionals.title = in_words("arguments", "参数")
        self._optionals.title = in_words("options", "选项")
        self.add_argument(
            "-h", "--help", action="help", help=in_words("show this help", "显示本说明")
        )
        # taken off the line before we see it (_take_data): here for the help alone
        self.add_argument("--data", metavar="DIR", help=_data_help())

    def error(self, message: str) -> NoReturn:
        said = in_words(message, _complaint(message))
        raise WrongUse(
            in_words(
                f"{self.prog}: {said}. See {self.prog} --help.",
                f"{self.prog}：{said}。用法见 {self.prog} --help。",
            )
        )


COMPLAINTS = (
    (r"the following arguments are required: (.+)", r"缺少参数 \1"),
    (r"unrecognized arguments: (.+)", r"没有 \1 这个参数或选项"),
    (r"argument (\S+): expected one argument", r"选项 \1 后面要有一个值"),
    (r"argument (\S+): not allowed with argument (\S+)", r"\1 和 \2 不能同时使用"),
    (r"argument (\S+): ignored explicit argument (.+)", r"选项 \1 不带值"),
    (r"argument (\S+): invalid int value: '(.*)'", r"选项 \1：“\2”不是整数"),
    (r"argument (\S+): (.+)", r"选项 \1：\2"),
)
"""What argparse complains of, and how we say it in Chinese."""


def _complaint(message: str) -> str:
    for english, chinese in COMPLAINTS:
        if found := re.fullmatch(english, message):
            return found.expand(chinese)
    return message


def _data_help() -> str:
    return in_words(
        "the folder where everything is kept (.qd/data)", "数据文件夹，一切都存在那里（.qd/data）"
    )


def _port(text: str) -> int:
    if not text.isdigit() or not 1 <= int(text) <= 65535:
        raise argparse.ArgumentTypeError(
            in_words(
                f"{text} is not a port between 1 and 65535", f"{text} 不是 1 到 65535 之间的端口"
            )
        )
    return int(text)


def _whole(text: str) -> int:
    if not re.fullmatch(r"[0-9]{1,18}", text):
        raise argparse.ArgumentTypeError(
            in_words(f"{text} is not a whole number", f"{text} 不是整数")
        )
    return int(text)


def _instant(text: str) -> datetime:
    from qingdan.foundations.kernel.clock import COUNTY_ZONE

    try:
        instant = datetime.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(
            in_words(
                f"{text} is not an instant such as 2023-10-31T09:00",
                f"{text} 不是时间，写法如 2023-10-31T09:00",
            )
        ) from None
    return instant if instant.tzinfo else instant.replace(tzinfo=COUNTY_ZONE)


# ------------------------------------------------------------------ the commands


def demo(argv: list[str]) -> int:
    """load the demo county and serve it, with its worker, on this machine"""
    parser = Parser(
        "demo",
        "Set everything up, load the demo county into an embedded database and serve it with its"
        " worker on 127.0.0.1. The county's clock goes on where it stood. Ctrl-C ends it.",
        "自动安装，把演示县载入内置数据库，连同后台进程在 127.0.0.1 上运行。"
        "县里的时钟从上次停下处接着走。按 Ctrl-C 结束。",
    )
    parser.add_argument(
        "--port", type=_port, default=8000, help=in_words("where to serve (8000)", "端口（8000）")
    )
    parser.add_argument(
        "--fresh",
        action="store_true",
        help=in_words("empty the data folder first", "先清空数据文件夹"),
    )
    asked = parser.parse_args(argv)
    from .running import demo

    return demo(asked.port, fresh=asked.fresh)


def test(argv: list[str]) -> int:
    """run the tests, on SQLite and PostgreSQL, browser included"""
    from .testing import test

    return test(argv)


def lint(argv: list[str]) -> int:
    """check formatting, types, templates, translations, migrations, documents, imports"""
    parser = Parser(
        "lint",
        "Check everything that can be checked without running it.",
        "检查一切不必运行就能检查的内容。",
    )
    parser.add_argument(
        "--write",
        action="store_true",
        help=in_words(
            "first write the documents anew that come from code", "先重新生成由代码产生的文档"
        ),
    )
    asked = parser.parse_args(argv)
    from .linting import lint

    return lint(write=asked.write)


def serve(argv: list[str]) -> int:
    """serve the pages and the API of an installation"""
    parser = Parser(
        "serve",
        "Serve the pages and the API. Settings: docs/settings.md.",
        "提供页面和接口服务。设置见 docs/settings.md。",
    )
    for name, metavar, more, english, chinese in (
        ("--host", "HOST", {"default": "127.0.0.1"}, "address to listen on", "监听地址"),
        ("--port", "PORT", {"type": _port, "default": 8000}, "port to listen on", "监听端口"),
        ("--cert", "CERT", {"type": Path}, "certificate (PEM): serve over HTTPS",
         "证书（PEM）：以 HTTPS 提供服务"),
        ("--key", "KEY", {"type": Path}, "the certificate's private key (PEM)", "证书私钥（PEM）"),
        ("--workers", "N", {"type": _whole, "default": 2}, "web processes", "网页进程数"),
    ):  # fmt: skip
        unless = more.get("default")
        said = in_words(english, chinese)
        help_words = in_words(f"{said} ({unless})", f"{said}（{unless}）") if unless else said
        parser.add_argument(name, metavar=metavar, help=help_words, **more)
    asked = parser.parse_args(argv)
    if (asked.cert is None) != (asked.key is None):
        raise WrongUse(
            in_words(
                "qd serve: --cert and --key go together.",
                "qd serve：--cert 和 --key 须同时给出。",
            )
        )
    for path in (asked.cert, asked.key):
        if path and not path.is_file():
            raise WrongUse(
                in_words(f"qd serve: there is no file {path}.", f"qd serve：没有文件 {path}。")
            )
    from .running import serve

    return serve(asked.host, asked.port, asked.workers, asked.cert, asked.key)


def worker(argv: list[str]) -> int:
    """do what the clock and the queue ask for, until stopped"""
    Parser(
        "worker",
        "Run the clock's and the queue's work until stopped.",
        "执行时钟和队列的后台工作，直到停止。",
    ).parse_args(argv)
    _start_django(database=True)
    from qingdan.interfaces.jobs import worker

    worker.run()
    return 0


def migrate(argv: list[str]) -> int:
    """bring the database to this version"""
    Parser("migrate", "Bring the database to this version.", "把数据库升级到本版本。").parse_args(
        argv
    )
    _start_django()
    from .database import migrate

    migrate()
    say("the database is up to date", "数据库已是最新")
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
    """print a new API token of an account, list its tokens, or revoke them"""
    parser = Parser(
        "token",
        "Print a new API token. It is shown once and stored hashed.",
        "打印一个新的接口令牌。令牌只显示这一次，库中只存其散列值。",
    )
    parser.add_argument(
        "user", metavar="USER", help=in_words("the account's name", "账号的用户名")
    )
    instead = parser.add_mutually_exclusive_group()
    instead.add_argument(
        "--list",
        action="store_true",
        help=in_words("list the account's tokens instead", "列出该账号的令牌"),
    )
    instead.add_argument(
        "--revoke",
        nargs="?",
        const=0,
        type=_whole,
        metavar="ID",
        help=in_words(
            "revoke the token with this number, without one all of them",
            "作废此编号的令牌；不写编号则全部作废",
        ),
    )
    asked = parser.parse_args(argv)
    _start_django(database=True)
    from . import keys

    if asked.list:
        keys.show_tokens(asked.user)
    elif asked.revoke is not None:
        keys.revoke(asked.user, asked.revoke or None)
    else:
        keys.make(asked.user)
    return 0


def factor(argv: list[str]) -> int:
    """say whether an account has a second factor, or take off a lost one"""
    parser = Parser(
        "factor",
        "Say whether an account has a second factor. With --forget take it off: the next sign-in"
        " of an administrator adds another.",
        "查看账号是否开启了两步验证。加 --forget 予以取消：管理员下次登录时重新设置。",
    )
    parser.add_argument(
        "user", metavar="USER", help=in_words("the account's name", "账号的用户名")
    )
    parser.add_argument(
        "--forget",
        action="store_true",
        help=in_words(
            "phone and recovery codes are lost: take it off", "手机和备用码都遗失：取消两步验证"
        ),
    )
    asked = parser.parse_args(argv)
    _start_django(database=True)
    from . import keys

    return keys.factor_of(asked.user, forget=asked.forget)


def tick(argv: list[str]) -> int:
    """do now all that the clock would do"""
    parser = Parser(
        "tick",
        "Do all that the clock would do up to an instant. In a demo a later instant first moves"
        " the county's clock.",
        "把时钟到某一时刻为止该做的事都做完。在演示中，更晚的时刻会先把县里的时钟拨过去。",
    )
    parser.add_argument(
        "--at",
        type=_instant,
        metavar="INSTANT",
        help=in_words(
            "up to when (now); Asia/Shanghai if no zone",
            "到何时为止（现在）；不写时区则为北京时间",
        ),
    )
    parser.add_argument(
        "--json",
        action="store_true",
        help=in_words("print what was written, as JSON", "以 JSON 打印写入了什么"),
    )
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
    parser = Parser(
        "verify",
        "Walk the journal's chain; exit 1 names the first broken entry.",
        "逐条核对留痕链；退出码 1 表示有断裂，并指出第一处。",
    )
    parser.add_argument(
        "--save-head",
        type=Path,
        metavar="FILE",
        help=in_words("write the chains' heads", "把链头写入文件"),
    )
    parser.add_argument(
        "--head",
        type=Path,
        metavar="FILE",
        help=in_words("heads that must still be there", "必须仍在链上的链头"),
    )
    asked = parser.parse_args(argv)
    _start_django(database=True)
    from qingdan.foundations.journal.verify import command

    code = command(argv)
    if code == 0 and asked.save_head:
        from .deployment import heads_were_saved

        heads_were_saved()
    return code


def check(argv: list[str]) -> int:
    """say what is unsafe or unset in this installation"""
    Parser(
        "check",
        "Say in words what is unsafe or unset, and what to do; exit 1 if anything is.",
        "逐句说明哪里不安全或未设置、该怎么办；有则退出码为 1。",
    ).parse_args(argv)
    _start_django()
    from .deployment import findings

    found = findings()
    for finding in found:
        print(finding)
    if not found:
        say("nothing is unsafe or unset", "没有不安全或未设置的地方")
    return 1 if found else 0


RUN: dict[str, Callable[[list[str]], int]] = {
    run.__name__: run
    for run in (demo, serve, worker, migrate, tick, token, factor, verify, check, manage,
                deadline, uscc, test, lint)
}  # fmt: skip
"""What a command of commands.py does."""


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
    lines = [
        in_words(
            "Qingdan 清单: every problem an enterprise raises, followed until the enterprise\n"
            "says it is solved.",
            "清单：企业提出的每一个问题，一直跟到企业说解决了为止。",
        ),
        "",
        in_words(
            "usage: ./qd COMMAND [OPTIONS]    (./qd COMMAND --help says more)",
            "用法：./qd 命令 [选项]    （详见 ./qd 命令 --help）",
        ),
    ]
    for group in GROUPS:
        lines += ["", in_words(f"{group.english}:", f"{group.chinese}：")]
        for command in group.commands:
            lines.append(f"  {command.name:<10} {in_words(command.english, command.chinese)}")
    lines += [
        "",
        in_words(
            "Every command takes --data DIR (.qd/data), the folder where everything is kept.",
            "每个命令都可加 --data DIR（.qd/data），即存放一切数据的文件夹。",
        ),
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
            raise WrongUse(in_words("qd: --data needs a folder.", "qd：--data 后面要写文件夹。"))
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
    if name not in RUN:
        raise WrongUse(
            in_words(
                f"qd: there is no command {name}. See ./qd --help.",
                f"qd：没有 {name} 这个命令。见 ./qd --help。",
            )
        )
    catalogues.compile_all()
    places.follow_the_demo()
    return RUN[name](rest)


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
        return _disk_full()
    if isinstance(error, PermissionError):
        return in_words(
            f"Cannot write to {error.filename}. Make it writable and start again.",
            f"无法写入 {error.filename}。请开放写入权限后重新运行。",
        )
    if isinstance(error, FileExistsError | NotADirectoryError):
        return in_words(
            f"{error.filename} is a file, not a folder: name another with --data.",
            f"{error.filename} 是文件，不是文件夹：请用 --data 指定其他文件夹。",
        )
    if type(error).__module__.startswith("django.db") and type(error).__name__ in (
        "OperationalError",
        "DatabaseError",
    ):
        if "full" in str(error):
            return _disk_full()
        said = str(error).splitlines()[0]
        return in_words(f"The database does not answer: {said}.", f"数据库没有应答：{said}。")
    return None


def _disk_full() -> str:
    return in_words(
        "The disk is full. Make room and start again; nothing is lost.",
        "磁盘空间不足。请腾出空间后重新运行，数据没有丢失。",
    )


if __name__ == "__main__":
    sys.exit(main())
