"""What is unsafe or unset in an installation, in words, each with what to do.

Empty on a machine that was set up well: whatever stands here is worth a person's time.
"""

import os
import stat
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.db import connection
from django.db.models import Count

from qingdan.domain.people.models import Holding, User
from qingdan.domain.people.states import ADMINISTRATORS
from qingdan.foundations.journal.canonical import digest
from qingdan.foundations.journal.models import Entry, Head
from qingdan.foundations.kernel import clock

from . import places
from .database import NewerData, refuse_newer
from .health import migrations_done
from .models import SecondFactor
from .trouble import in_words

LOCAL = {"127.0.0.1", "localhost", "testserver"}
SHORTEST_KEY = 40
SHORTEST_SAMPLE_KEY = 16
LONGEST_IDLE = 120
LONGEST_SIGN_IN = 24
VERIFIED_EVERY = timedelta(days=31)
SKEW = timedelta(minutes=2)


def findings() -> list[str]:
    """A sentence for each thing that an installation should change; empty if all is well."""
    found = [sentence for check in ALWAYS for sentence in check()]
    if there := list(_database()):
        return found + there  # what its tables hold cannot be asked, or belongs to another version
    return found + [sentence for check in WITH_DATA for sentence in check()]


# ------------------------------------------------------------------ settings and files


def _demo() -> Iterator[str]:
    if settings.DEMO:
        yield in_words(
            "This is a demo: its password is printed, its clock can be moved and anybody may take"
            " any seat. For real work name an empty folder with --data and run ./qd migrate.",
            "这是演示环境：密码公开、时钟可拨、任何人可坐任何席位。"
            "正式使用请用 --data 指定空文件夹并运行 ./qd migrate。",
        )
        return
    if (settings.DATA_DIR / places.DEMO_PASSWORD).exists():
        yield in_words(
            f"{settings.DATA_DIR} holds a demo's password: begin the real county in another"
            " folder.",
            f"{settings.DATA_DIR} 中有演示密码：正式县请另用文件夹。",
        )


def _clock() -> Iterator[str]:
    moved = abs(clock.now() - clock.real())
    if moved > SKEW and not settings.DEMO:
        yield in_words(
            f"The county's clock is moved by {moved}: unset QINGDAN_DEMO_CLOCK.",
            f"县里的时钟与本机相差 {moved}：请取消 QINGDAN_DEMO_CLOCK。",
        )


def _debug() -> Iterator[str]:
    if settings.DEBUG:
        yield in_words(
            "DEBUG is on: error pages show the program's inside. Switch it off.",
            "DEBUG 已打开：出错页面会暴露程序内部。请关闭。",
        )
    if settings.LOGGING["root"]["level"] == "DEBUG":
        yield in_words(
            "QINGDAN_LOG_LEVEL is DEBUG: the log may hold what people wrote. Use WARNING.",
            "QINGDAN_LOG_LEVEL 为 DEBUG：日志中可能出现办理内容。请改为 WARNING。",
        )


def _keys() -> Iterator[str]:
    if len(settings.SECRET_KEY) < SHORTEST_KEY:
        yield in_words(
            "QINGDAN_SECRET_KEY is short: use 50 characters nobody can guess, or unset it and one"
            " is made.",
            "QINGDAN_SECRET_KEY 太短：请用 50 个无法猜出的字符，或不设置，由程序自动生成。",
        )
    sample = settings.SAMPLE_KEY
    if sample == places.DEMO_SAMPLE and not settings.DEMO:
        yield in_words(
            "QINGDAN_SAMPLE_KEY is the demo's: everybody can work out which results are looked"
            " at. Unset it, or choose one that no unit knows.",
            "QINGDAN_SAMPLE_KEY 用的是演示密钥：谁都能算出哪些结果会被抽查。"
            "请取消设置，或换成各单位不知道的密钥。",
        )
    elif sample != settings.SECRET_KEY and len(sample) < SHORTEST_SAMPLE_KEY and not settings.DEMO:
        yield in_words(
            "QINGDAN_SAMPLE_KEY is short: use 16 characters or more, or unset it.",
            "QINGDAN_SAMPLE_KEY 太短：请用 16 个以上字符，或取消设置。",
        )


def _outside() -> Iterator[str]:
    if not settings.HTTPS:
        yield in_words(
            "HTTPS is off: set QINGDAN_HTTPS=1 behind a proxy, or serve with --cert and --key."
            " Without it, field pages work only online.",
            "HTTPS 未启用：在代理之后请设 QINGDAN_HTTPS=1，或用 serve --cert --key。"
            "未启用时走访页面只能在线使用。",
        )
    if "*" in settings.ALLOWED_HOSTS:
        yield in_words(
            "QINGDAN_HOSTS allows every name: name the server's own.",
            "QINGDAN_HOSTS 允许任何名称：请写明服务器自己的名称。",
        )
    elif set(settings.ALLOWED_HOSTS) <= LOCAL:
        yield in_words(
            "QINGDAN_HOSTS is unset: only this machine itself can open the pages. Name the"
            " server's own.",
            "QINGDAN_HOSTS 未设置：只有本机能打开页面。请写明服务器自己的名称。",
        )


def _sign_in() -> Iterator[str]:
    if not settings.SECOND_FACTOR and not settings.DEMO:
        yield in_words(
            "QINGDAN_SECOND_FACTOR is off: a stolen password is enough to be an administrator."
            " Unset it.",
            "QINGDAN_SECOND_FACTOR 已关闭：密码一旦被盗即可成为管理员。请取消此设置。",
        )
    if settings.IDLE_MINUTES > LONGEST_IDLE or settings.SESSION_HOURS > LONGEST_SIGN_IN:
        yield in_words(
            f"Sign-ins last long ({settings.IDLE_MINUTES} minutes idle, {settings.SESSION_HOURS}"
            f" hours): at most {LONGEST_IDLE} and {LONGEST_SIGN_IN}, in QINGDAN_IDLE_MINUTES and"
            " QINGDAN_SESSION_HOURS.",
            f"登录保持过久（空闲 {settings.IDLE_MINUTES} 分钟，最长 {settings.SESSION_HOURS}"
            f" 小时），QINGDAN_IDLE_MINUTES 不宜超过 {LONGEST_IDLE}，"
            f"QINGDAN_SESSION_HOURS 不宜超过 {LONGEST_SIGN_IN}。",
        )
    if not settings.TOKEN_DAYS:
        yield in_words(
            "API tokens never end: set QINGDAN_TOKEN_DAYS, such as 365.",
            "接口令牌永不到期：请设置 QINGDAN_TOKEN_DAYS，如 365。",
        )


def _files() -> Iterator[str]:
    folder = Path(settings.DATA_DIR)
    if folder.is_dir() and _mode(folder) & (stat.S_IWOTH | stat.S_IROTH | stat.S_IXOTH):
        yield in_words(
            f"Others on this machine can look into {folder}: chmod 700 {folder}.",
            f"本机其他用户可进入 {folder}：请执行 chmod 700 {folder}。",
        )
    secret = folder / "secret-key"
    if secret.exists() and _mode(secret) & (stat.S_IRWXG | stat.S_IRWXO):
        yield in_words(
            f"Others can read {secret}, which signs sessions: chmod 600 {secret}, then write a"
            " new key.",
            f"其他用户可读 {secret}，登录凭它签名：请执行 chmod 600 {secret}，并更换密钥。",
        )


def _mode(path: Path) -> int:
    return stat.S_IMODE(os.stat(path).st_mode)


# ------------------------------------------------------------------ the database


def _database() -> Iterator[str]:
    """What keeps us from asking its tables at all."""
    try:
        refuse_newer()
    except NewerData as newer:
        yield str(newer)
        return
    if not migrations_done():
        yield in_words(
            "The database is not up to date: run ./qd migrate.",
            "数据库尚未升级：请运行 ./qd migrate。",
        )


def _durable() -> Iterator[str]:
    if connection.vendor == "sqlite":
        if not settings.DEMO:
            yield in_words(
                "The database is SQLite, on one machine: for more than one, or for a whole"
                " county's history, name a PostgreSQL by QINGDAN_DATABASE_URL.",
                "数据库是单机的 SQLite：多台服务器或全县长期使用，"
                "请用 QINGDAN_DATABASE_URL 指定 PostgreSQL。",
            )
        safe = int(_asked("PRAGMA synchronous")) >= 2
    else:
        safe = "off" not in (_asked("SHOW fsync"), _asked("SHOW synchronous_commit"))
    if not safe:
        yield in_words(
            "The database does not wait for the disk: what was acknowledged can be lost when the"
            " power fails. Use synchronous FULL (SQLite), fsync and synchronous_commit on"
            " (PostgreSQL).",
            "数据库不等待写盘：断电时可能丢失已确认的内容。"
            "SQLite 请用 synchronous FULL，PostgreSQL 请打开 fsync 和 synchronous_commit。",
        )


def _asked(question: str) -> str:
    with connection.cursor() as cursor:
        cursor.execute(question)
        return str(cursor.fetchone()[0])


def _accounts() -> Iterator[str]:
    same = (
        User.objects.filter(is_active=True)
        .exclude(password="")
        .exclude(password__startswith="!")
        .values("password")
        .annotate(n=Count("pk"))
        .filter(n__gt=1)
    )
    number = sum(row["n"] for row in same)
    if number and not settings.DEMO:
        yield in_words(
            f"{number} accounts share one stored password, as a demo's do: give each its own, or"
            " close them.",
            f"有 {number} 个账号共用同一个密码（演示数据即如此）：请逐个更换，或停用。",
        )
    if settings.SECOND_FACTOR:
        held = Holding.objects.filter(to_at=None, post__role__in=ADMINISTRATORS)
        without = (
            held.filter(user__is_active=True)
            .exclude(user__in=SecondFactor.objects.values("user"))
            .values_list("user__username", flat=True)
        )
        if names := sorted(set(without)):
            yield in_words(
                f"Administrators without a second factor yet: {', '.join(names)}. Each adds one at"
                " the next sign-in: let them sign in soon, before somebody else does.",
                f"尚未开启两步验证的管理员：{'、'.join(names)}。下次登录时会引导设置，请尽快登录，"
                "以免被他人抢先。",
            )


def _journal() -> Iterator[str]:
    heads = list(Head.objects.filter(seq__gt=0).order_by("county"))
    for head in heads:
        last = Entry.objects.filter(county=head.county).order_by("-seq").first()
        known = last and (last.seq, last.hash) == (head.seq, head.hash)
        if not known or digest(last.body) != last.hash:
            yield in_words(
                f"The journal of county {head.county} does not end where its head says: run"
                " ./qd verify.",
                f"{head.county} 的留痕链末尾与链头不符：请运行 ./qd verify。",
            )
        elif last.at > clock.now() + SKEW:
            yield in_words(
                f"This machine's clock stands before the last entry of county {head.county}: set"
                " it right before anybody works.",
                f"本机时钟早于 {head.county} 最后一条留痕：请先校准时钟再办理。",
            )
    if heads and not settings.DEMO and clock.real() - _verified_at() > VERIFIED_EVERY:
        yield in_words(
            "The journal's heads did not leave this machine for a month: run ./qd verify"
            " --save-head FILE and keep FILE elsewhere. Without it nobody sees a history that was"
            " written anew.",
            "留痕链头已一个月未离开本机：请运行 ./qd verify --save-head FILE，把 FILE 存到别处。"
            "否则历史若被整体改写，无人能发现。",
        )


def _verified_at() -> datetime:
    kept = settings.DATA_DIR / places.VERIFIED
    try:
        return datetime.fromisoformat(kept.read_text().strip())
    except (OSError, ValueError):
        return datetime.fromtimestamp(0, clock.COUNTY_ZONE)


def heads_were_saved() -> None:
    """Note that the journal was whole and its heads written out: `check` asks when last."""
    (settings.DATA_DIR / places.VERIFIED).write_text(f"{clock.real().isoformat()}\n")


Check = Callable[[], Iterator[str]]
ALWAYS: tuple[Check, ...] = (_demo, _clock, _debug, _keys, _outside, _sign_in, _files)
WITH_DATA: tuple[Check, ...] = (_durable, _accounts, _journal)
