"""What ends a command early: one sentence on standard error, in the terminal's language."""

import os
import sys


class Trouble(Exception):
    """The command cannot go on. The message is one sentence that says what to do."""

    code = 1


class WrongUse(Trouble):
    """The command was asked for something that it cannot do as asked."""

    code = 2


def in_words(english: str, chinese: str) -> str:
    """Chinese where the terminal's language is Chinese, otherwise English."""
    language = os.environ.get("LC_ALL") or os.environ.get("LC_MESSAGES") or os.environ.get("LANG")
    return chinese if (language or "").startswith("zh") else english


def say(english: str, chinese: str | None = None) -> None:
    """Progress and trouble, on standard error."""
    sentence = in_words(english, chinese or english)
    print(
        sentence if sentence.startswith("qd") else f"qd: {sentence}", file=sys.stderr, flush=True
    )
