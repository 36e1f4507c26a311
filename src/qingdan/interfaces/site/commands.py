"""The commands: what each does, in both languages, and who may use it. cli.py runs them.

Its help and docs/access.md are written from here, so neither needs the other.
"""

from typing import NamedTuple

SHELL = "the machine's shell"
"""Who may use a command: whoever may run programs with the installation's settings and data."""


class Command(NamedTuple):
    """A command as the overview names it. who: a column of docs/access.md."""

    name: str
    english: str
    chinese: str
    who: str = SHELL


class Group(NamedTuple):
    """Commands for one purpose."""

    english: str
    chinese: str
    commands: tuple[Command, ...]


GROUPS = (
    Group(
        "To look at it",
        "先看一看",
        (
            Command(
                "demo",
                "load the demo county and serve it, with its worker, on this machine",
                "载入演示县，连同后台进程在本机运行",
            ),
        ),
    ),
    Group(
        "To run an installation",
        "正式运行",
        (
            Command(
                "serve", "serve the pages and the API of an installation", "提供页面和接口服务"
            ),
            Command(
                "worker",
                "do what the clock and the queue ask for, until stopped",
                "执行时钟和队列的后台工作，直到停止",
            ),
            Command("migrate", "bring the database to this version", "把数据库升级到本版本"),
            Command(
                "tick",
                "do now all that the clock would do",
                "立即做完时钟该做的事",
                f"{SHELL}; acts as the system",
            ),
            Command(
                "token",
                "print a new API token of an account, list its tokens, or revoke them",
                "打印账号的新接口令牌，列出或作废其令牌",
                f"{SHELL}; makes a token that acts as the account named",
            ),
            Command(
                "factor",
                "say whether an account has a second factor, or take off a lost one",
                "查看账号的两步验证，手机遗失的予以取消",
            ),
            Command("verify", "walk the journal's chain", "逐条核对留痕链"),
            Command(
                "check",
                "say what is unsafe or unset in this installation",
                "说明哪里不安全或未设置",
            ),
            Command(
                "manage",
                "Django's own commands, such as `manage shell`",
                "Django 自带命令，如 manage shell",
            ),
        ),
    ),
    Group(
        "Rules, without a database",
        "规则（不需要数据库）",
        (
            Command(
                "deadline",
                "a date by working days, with its explanation",
                "按工作日推算日期并说明理由",
            ),
            Command("uscc", "check unified social credit codes", "校验统一社会信用代码"),
        ),
    ),
    Group(
        "To work on it",
        "开发",
        (
            Command(
                "test",
                "run the tests, on SQLite and PostgreSQL, browser included",
                "运行测试：SQLite、PostgreSQL、浏览器",
            ),
            Command(
                "lint",
                "check formatting, types, templates, translations, migrations, documents, imports",
                "检查格式、类型、模板、译文、迁移、文档、层次",
            ),
        ),
    ),
)
COMMANDS = {command.name: command for group in GROUPS for command in group.commands}
