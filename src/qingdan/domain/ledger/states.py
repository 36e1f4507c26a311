"""The life of a matter, to the letter: which states there are and which step leads where.

One table for every county; a county configures limits, roles and required fields, never states.
"""

from enum import StrEnum

from qingdan.foundations.kernel.machine import Life, step


class S(StrEnum):
    """Where a matter stands."""

    REGISTERED = "registered"
    TRIAGED = "triaged"
    ANSWERED = "answered"
    LISTED = "listed"
    REPORTED = "reported"
    VERIFIED = "verified"
    ENDED = "ended"


OPEN = tuple(s.value for s in S if s not in (S.ENDED, S.ANSWERED))
"""Everything but ended and answered; plain values, for filters."""


class Ending(StrEnum):
    """How a matter ended. Only `confirmed` counts as solved."""

    CONFIRMED = "confirmed"
    UNANSWERED = "unanswered"
    EXPLAINED = "explained"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"


class A(StrEnum):
    """Where a unit stands with its part."""

    ASSIGNED = "assigned"
    WORKING = "working"
    DISPUTED = "disputed"
    RELEASED = "released"
    DONE = "done"


ON_IT = tuple(a.value for a in A if a is not A.RELEASED)
OWES = (A.ASSIGNED.value, A.WORKING.value, A.DISPUTED.value)


class Part(StrEnum):
    LEAD = "lead"
    COOPERATING = "cooperating"
    EXECUTING = "executing"


class T(StrEnum):
    """Where a task stands."""

    OPEN = "open"
    DONE = "done"
    DROPPED = "dropped"


class Track(StrEnum):
    ON_SITE = "on_site"
    SCHEDULED = "scheduled"
    COMMON = "common"
    LONG_TERM = "long_term"


class Grade(StrEnum):
    A = "A"
    B = "B"
    C = "C"


class Handling(StrEnum):
    """The class 类别 of a matter: who may see what of it."""

    NORMAL = "normal"
    NAME_HIDDEN = "name_hidden"
    SUPERVISION_ONLY = "supervision_only"


class Nature(StrEnum):
    QUESTION = "question"
    REQUEST = "request"
    COMPLAINT = "complaint"
    DISCLOSURE = "disclosure"
    SUGGESTION = "suggestion"


class Source(StrEnum):
    VISIT = "visit"
    PORTAL = "portal"
    DESK = "desk"
    TELEPHONE = "telephone"
    LETTER = "letter"
    MEETING = "meeting"
    HOTLINE = "hotline"
    IMPORT = "import"
    API = "api"


class ClockKind(StrEnum):
    TRIAGE = "triage"
    ANSWER = "answer"
    END = "end"
    NEXT_REPLY = "next_reply"
    ACKNOWLEDGE = "acknowledge"
    COOPERATING = "cooperating"
    FIRST_CONTACT = "first_contact"
    TASK = "task"
    OBJECTION = "objection"
    EXTENSION = "extension"
    VERIFY = "verify"
    CONFIRM = "confirm"
    REDO = "redo"


class Light(StrEnum):
    GREEN = "green"
    YELLOW = "yellow"
    RED = "red"
    GREY = "grey"
    OFF = "off"


class Turn(StrEnum):
    """Whose turn it is."""

    DESK = "desk"
    UNIT = "unit"
    ENTERPRISE = "enterprise"
    SUPERVISION = "supervision"
    LEADER = "leader"
    NOBODY = ""


class ResultKind(StrEnum):
    SOLVED = "solved"
    PARTLY = "partly"
    EXPLAINED = "explained"


class WordBy(StrEnum):
    """How the enterprise's word came."""

    ACCOUNT = "account"
    LINK = "link"
    TELEPHONE = "telephone"
    PAPER = "paper"


class ContactKind(StrEnum):
    FIRST = "first"
    ATTEMPT = "attempt"
    CALL_BACK = "call-back"


class HoldKind(StrEnum):
    PROJECT = "project"
    LIFTED = "lifted"
    CARRIED = "carried"


class AskedFor(StrEnum):
    """What waits for somebody's decision beside the state.

    A result waits for the deputy's yes, where the unit wants it.
    """

    OBJECTION = "objection"
    EXTENSION = "extension"
    WITHDRAWAL = "withdrawal"
    DECLINE = "decline"
    RESULT = "result"


TOP_LEVEL = 3
"""0 handler, 1 head of the unit, 2 linked leader, 3 main leader, no higher."""

AT_WORK = (S.TRIAGED, S.LISTED)
"""Where units have their parts and clocks can be paused."""

_BEFORE_RESULT = (S.REGISTERED, S.TRIAGED, S.LISTED)
_AT_DESK = (S.REGISTERED, S.TRIAGED)

ISSUE_LIFE = Life(
    step("triage", S.REGISTERED, S.TRIAGED),
    step("answer", S.REGISTERED, S.ANSWERED),
    step("order-on-spot", S.REGISTERED, S.LISTED),
    step("settle-on-site", _AT_DESK, S.REPORTED),
    step("draw-lists", AT_WORK, S.LISTED),
    step("change", AT_WORK, None),
    step("report-result", S.LISTED, S.REPORTED),
    step("report-result:asked", S.LISTED, None),
    step("report-result:returned", S.LISTED, None),
    step("verify", S.REPORTED, S.VERIFIED),
    step("pass", S.REPORTED, S.VERIFIED),
    step("send-back:again", S.REPORTED, S.LISTED),
    step("send-back:afresh", S.REPORTED, S.REGISTERED),
    step("confirm:solved", S.VERIFIED, S.ENDED, Ending.CONFIRMED),
    step("confirm:again", S.VERIFIED, S.LISTED),
    step("confirm:afresh", S.VERIFIED, S.REGISTERED),
    step("approve-explanation", S.VERIFIED, S.ENDED, Ending.EXPLAINED),
    step("lapse", S.VERIFIED, S.ENDED, Ending.UNANSWERED),
    step("withdraw:asked", _BEFORE_RESULT, None),
    step("withdraw:done", _BEFORE_RESULT, S.ENDED, Ending.WITHDRAWN),
    step("decline", _AT_DESK, None),
    step("approve-decline:granted", _AT_DESK, S.ENDED, Ending.DECLINED),
    step("approve-decline:refused", _AT_DESK, None),
    step("reopen:again", S.ENDED, S.LISTED, ""),
    step("reopen:afresh", (S.ENDED, S.ANSWERED), S.REGISTERED, ""),
    step("acknowledge", AT_WORK, None),
    step("object", AT_WORK, None),
    step("decide", AT_WORK, None),
    step("finish-task", S.LISTED, None),
    step("request-extension", S.LISTED, None),
    step("grant-extension", S.LISTED, None),
    step("pause", AT_WORK, None),
    step("resume", AT_WORK, None),
    step("hold", S.LISTED, None),
    step("release", S.LISTED, None),
    step("progress", AT_WORK, None),
    step("contact", (*_BEFORE_RESULT, S.REPORTED, S.VERIFIED), None),
    step("nudge", (*_BEFORE_RESULT, S.REPORTED), None),
    step("rate", (S.VERIFIED, S.ENDED), None),
)

PART_LIFE = Life(
    step("acknowledge", A.ASSIGNED, A.WORKING),
    step("object", A.ASSIGNED, A.DISPUTED),
    step("uphold", A.DISPUTED, A.RELEASED),
    step("reject", A.DISPUTED, A.WORKING),
    step("finish", A.WORKING, A.DONE),
    step("again", A.DONE, A.WORKING),
    step("release", (A.ASSIGNED, A.WORKING, A.DISPUTED, A.DONE), A.RELEASED),
)
