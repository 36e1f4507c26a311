"""销号: the enterprise's own word ends a matter; anything else lists it again."""

from datetime import datetime

from django.db import transaction

from qingdan.domain.people.rules import Person
from qingdan.domain.people.states import Role
from qingdan.foundations.kernel.errors import Incomplete, NotAllowed, Refusal
from qingdan.foundations.kernel.words import gettext_noop

from ..models import Issue, Rating, Verdict
from ..rules.results import TAKEN_DOWN, Word, level_after_no
from ..states import Ending, S, WordBy
from .acting import begin, finish, not_handled
from .afresh import send_round


@transaction.atomic
def confirm(issue: Issue, word: Word, *, by: Person) -> None:
    """Take the enterprise's word: "solved" ends the matter, anything else lists it again."""
    may_say(issue, word.by, by)
    now = begin("confirm", issue, by)
    _check(word)
    Verdict.objects.create(
        county=issue.county,
        issue=issue,
        round=issue.round,
        solved=word.solved,
        word_by=word.by.value,
        words=word.words,
        number=word.number,
        called_at=word.at,
        evidence=list(word.evidence),
        taken_by_id=by.post_id if word.taken_down else None,
        at=now,
    )
    if word.satisfied is not None and not issue.ratings.exists():
        _rate(issue, word.satisfied, word.words if word.solved else "", now)
    words = {"words": word.words, "number": word.number}
    if word.solved:
        finish(
            "confirm:solved",
            issue,
            by=by,
            at=now,
            kind="issue.ended",
            words=words,
            columns={"ended_at": now},
            ending=Ending.CONFIRMED.value,
            by_way=word.by.value,
        )
        return
    level = level_after_no(issue.level)
    columns = {"level": level, "round": issue.round + 1, "redo_from": now}
    send_round(
        "confirm",
        issue,
        by=by,
        at=now,
        kind="issue.not_solved",
        words=words,
        columns=columns,
        level=level,
        by_way=word.by.value,
    )


def may_say(issue: Issue, word_by: WordBy, by: Person) -> None:
    """The enterprise speaks for itself; others take its word down by telephone or on paper."""
    taken_down = word_by in TAKEN_DOWN
    if (by.role == Role.ENTERPRISE) == taken_down:
        raise NotAllowed
    if taken_down:
        not_handled(issue, by)


def _check(word: Word) -> None:
    wrong: dict[str, Refusal | str] = {}
    if word.by == WordBy.TELEPHONE:
        for name, value in (("number", word.number), ("at", word.at), ("words", word.words)):
            if not value:
                wrong[name] = gettext_noop("A call needs the number, the time and the words.")
    if word.by == WordBy.PAPER and not word.evidence:
        wrong["evidence"] = gettext_noop("Name the signed paper.")
    if wrong:
        raise Incomplete(wrong)


@transaction.atomic
def rate(issue: Issue, satisfied: int, words: str = "", *, by: Person) -> None:
    """满意度: once a matter, apart from whether it is solved; it moves no state."""
    now = begin("rate", issue, by)
    _rate(issue, satisfied, words, now)
    finish(
        "rate",
        issue,
        by=by,
        at=now,
        kind="issue.rated",
        words={"words": words},
        satisfied=satisfied,
    )


def _rate(issue: Issue, satisfied: int, words: str, now: datetime) -> None:
    Rating.objects.create(
        county=issue.county, issue=issue, satisfied=satisfied, words=words, at=now
    )


@transaction.atomic
def reopen(issue: Issue, reason: str, *, by: Person) -> None:
    """重新提出: within 30 days the enterprise says that it is not solved after all.

    It comes back one level up; an answered question comes back at its own level.
    """
    now = begin("reopen", issue, by)
    if not reason.strip():
        raise Incomplete({"reason": gettext_noop("Say what is still not solved.")})
    level = issue.level if issue.state == S.ANSWERED else level_after_no(issue.level)
    send_round(
        "reopen",
        issue,
        by=by,
        at=now,
        kind="issue.reopened",
        words={"reason": reason},
        columns={
            "level": level,
            "round": issue.round + 1,
            "redo_from": now,
            "ended_at": None,
        },
        level=level,
    )
