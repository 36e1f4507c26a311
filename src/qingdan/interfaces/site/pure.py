"""Commands of pure rules: they answer from their arguments alone and never start Django (D25).

They write UTF-8 whatever the terminal's encoding, in Chinese unless LC_ALL, LC_MESSAGES or LANG
asks for English. Exit 0 on success, 1 on a finding, 2 on wrong use with one sentence.
"""

import json
import os
import sys
from collections.abc import Callable, Iterable
from datetime import datetime

from qingdan.foundations.kernel.clock import COUNTY_ZONE
from qingdan.foundations.kernel.errors import Refusal
from qingdan.foundations.kernel.identifiers import check_uscc
from qingdan.foundations.kernel.sentences import Sentence, room_of
from qingdan.foundations.kernel.words import gettext_noop
from qingdan.foundations.workdays.calendar import official
from qingdan.foundations.workdays.due import due
from qingdan.foundations.workdays.pauses import Pause
from qingdan.foundations.workdays.words import ROOMS, in_words

HERE = (*ROOMS, room_of(__file__))


class _WrongUse(Refusal):
    """The command was called in a way that it cannot answer."""


def deadline(argv: list[str]) -> int:
    """Print when something falls due, and why, as one line of JSON."""
    return _run(_deadline, argv)


def uscc(argv: list[str]) -> int:
    """Check unified social credit codes, a line of JSON each; 1 if any is invalid."""
    return _run(_uscc, argv)


HOW_DEADLINE = gettext_noop("Write: qd deadline START LIMIT [--pause A/B]…")
HOW_USCC = gettext_noop("Write: qd uscc CODE…")


def _deadline(argv: list[str]) -> int:
    plain, pauses = _arguments(argv, HOW_DEADLINE)
    if len(plain) != 2:
        raise _WrongUse(HOW_DEADLINE)
    found = due(_instant(plain[0]), plain[1], official(), map(_pause, pauses))
    _print(
        {
            "due": found.at.astimezone(COUNTY_ZONE).isoformat(),
            "due_on": found.on.isoformat(),
            "provisional": found.provisional,
            "explanation": [_said(sentence) for sentence in found.explanation],
        }
    )
    return 0


def _uscc(argv: list[str]) -> int:
    codes, pauses = _arguments(argv, HOW_USCC)
    if not codes or pauses:
        raise _WrongUse(HOW_USCC)
    results = [check_uscc(code) for code in codes]
    for checked in results:
        reason = None if checked.reason is None else _said(checked.reason)
        _print({"code": checked.code, "valid": checked.valid, "reason": reason})
    return 0 if all(checked.valid for checked in results) else 1


def _arguments(argv: Iterable[str], how: str) -> tuple[list[str], list[str]]:
    """What stands plainly, and the values of --pause; --data is every command's and not ours."""
    plain: list[str] = []
    pauses: list[str] = []
    left = iter(argv)
    for argument in left:
        if argument == "--":
            plain += left
        elif argument in ("-h", "--help"):
            print(_said(Sentence(how)))
            raise SystemExit(0)
        elif argument.startswith("--"):
            name, equals, value = argument.partition("=")
            if name not in ("--pause", "--data"):
                raise _WrongUse(gettext_noop("There is no option %(name)s here."), name=name)
            if not equals:
                value = next(left, "")
            if not value:
                raise _WrongUse(gettext_noop("The option %(name)s needs a value."), name=name)
            if name == "--pause":
                pauses.append(value)
        else:
            plain.append(argument)
    return plain, pauses


def _instant(text: str) -> datetime:
    """A date (its 00:00) or an instant, in the county's zone where none is written."""
    try:
        found = datetime.fromisoformat(text.strip())
    except ValueError:
        raise _WrongUse(
            gettext_noop(
                "“%(text)s” is neither a date nor a time. Write 2026-11-24 or 2026-11-24T10:30,"
                " with a zone such as +08:00 if it is another than Beijing's."
            ),
            text=text,
        ) from None
    return found if found.tzinfo else found.replace(tzinfo=COUNTY_ZONE)


def _pause(text: str) -> Pause:
    since, slash, until = text.partition("/")
    if not slash:
        raise _WrongUse(
            gettext_noop("“%(text)s” is no pause. Write its beginning and its end as A/B."),
            text=text,
        )
    return _instant(since), _instant(until)


def _run(command: Callable[[list[str]], int], argv: list[str]) -> int:
    _speak_utf8()
    try:
        return command([_utf8(argument) for argument in argv])
    except Refusal as refusal:
        facts = {name: str(fact) for name, fact in refusal.facts.items()}
        print(f"qd: {_said(Sentence(refusal.sentence, facts))}", file=sys.stderr)
        return 2


def _said(sentence: Sentence) -> str:
    return in_words(sentence, _language(), rooms=HERE)


def _language() -> str:
    asked = next(filter(None, map(os.environ.get, ("LC_ALL", "LC_MESSAGES", "LANG"))), "")
    return "en" if asked.lower().startswith("en") else "zh-hans"


def _utf8(argument: str) -> str:
    """The argument as UTF-8, also where the terminal claims an encoding that knows no Chinese."""
    if argument.isascii():
        return argument
    try:
        return os.fsencode(argument).decode("utf-8", "replace")
    except UnicodeEncodeError:  # it never came from the terminal
        return argument


def _speak_utf8() -> None:
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)  # a test's stream may lack it
        if reconfigure is not None:
            reconfigure(encoding="utf-8", errors="backslashreplace")


def _print(answer: dict[str, object]) -> None:
    print(json.dumps(answer, ensure_ascii=False))
