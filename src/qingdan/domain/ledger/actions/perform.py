"""Every act by its name and its body in the table of acts: one way in for all doors."""

from collections.abc import Callable, Mapping
from typing import Any

from qingdan.domain.people.rules import Person
from qingdan.foundations.kernel.errors import ChangedMeanwhile, NotHere
from qingdan.foundations.kernel.words import gettext_noop

from ..models import Issue
from ..queries import require_ready
from ..rules.lists import Line
from ..rules.results import Word
from ..states import (
    ISSUE_LIFE,
    Grade,
    Handling,
    Nature,
    Part,
    ResultKind,
    Track,
    WordBy,
)
from . import (
    changing,
    closing,
    declining,
    disputing,
    extending,
    listing,
    reaching,
    registering,
    reporting,
    triaging,
    waiting,
    working,
)
from .acting import require
from .bodies import SHORT, Body, needed


def perform(
    act: str,
    issue: Issue,
    fields: Mapping[str, Any],
    *,
    by: Person,
    version: int | None = None,
) -> None:
    """Do `act` on a matter with the fields that somebody sent.

    version: the one that they read, if they say so; another one by now is ChangedMeanwhile.
    Refusals come in the order of life.md: not theirs, stale, wrong state, incomplete.
    """
    if act not in ACTS:
        raise NotHere
    require(by, act, issue)
    if act in ALSO_WHO:
        ALSO_WHO[act](issue, fields, by)
    if (version is not None and version != issue.version) or not _is_current(issue):
        raise ChangedMeanwhile
    ISSUE_LIFE.require_open(act, issue.state)
    require_ready(act, issue, by)
    ACTS[act](issue, Body(fields, issue.county), by)


def _is_current(issue: Issue) -> bool:
    """Whether the matter is still as it was read: who is late hears that before anything else."""
    return Issue.objects.filter(pk=issue.pk, version=issue.version).exists()


def _triage(issue: Issue, body: Body, by: Person) -> None:
    track = body.choice("track", Track, required=True)
    grade = body.choice("grade", Grade, required=True)
    lead = body.unit("lead", required=True)
    plan: dict[str, Any] = {
        "cooperating": body.units("cooperating"),
        "category": body.text("category", longest=12),
        "nature": body.choice("nature", Nature),
        "handling": body.choice("class", Handling),
        "shown_title": body.text("shown_title", longest=SHORT),
        "shown_body": body.text("shown_body"),
        "say": body.text("say", longest=200),
    }
    body.done()
    triaging.triage(
        issue,
        triaging.Triage(track=needed(track), grade=needed(grade), lead=needed(lead), **plan),
        by=by,
    )


def _order_on_spot(issue: Issue, body: Body, by: Person) -> None:
    unit = body.unit("unit", required=True)
    due_on = body.day("due_on", required=True)
    text = body.text("text", required=True, longest=200)
    body.done()
    registering.order_on_spot(issue, needed(unit), needed(due_on), text, by=by)


def _settle_on_site(issue: Issue, body: Body, by: Person) -> None:
    text = body.text("text", required=True)
    evidence = body.texts("evidence", longest=500)
    if not evidence:
        body.no("evidence", reporting.EVIDENCE)
    effect = body.text("effect", longest=200)
    body.done()
    triaging.settle_on_site(issue, text, evidence, by=by, effect=effect)


def _draw_lists(issue: Issue, body: Body, by: Person) -> None:
    approach = body.text("approach", longest=2000)
    lines: list[Line] = []
    for n, row in enumerate(body.rows("tasks")):
        line = Body(row, issue.county)
        part = line.choice("part", Part, required=True)
        lines.append(
            Line(
                title=line.text("title", required=True, longest=200),
                unit=line.text("unit", required=True, longest=40),
                due_on=line.day("due_on", required=True),
                part=part.value if part else "",
                id=line.whole("id", least=1, most=10**6),
                section=line.text("section", longest=40),
                person=line.text("person", longest=60),
            )
        )
        for name, refusal in line.wrong.items():
            body.wrong[f"tasks.{n}.{name}"] = refusal
    dropped: list[tuple[int, str]] = []
    for n, row in enumerate(body.rows("dropped")):
        line = Body(row, issue.county)
        task = line.whole("id", least=1, most=10**6)
        dropped.append((task or 0, line.text("reason", required=True, longest=500)))
        for name, refusal in line.wrong.items():
            body.wrong[f"dropped.{n}.{name}"] = refusal
    body.done()
    listing.draw_lists(issue, approach, lines, dropped, by=by)


def _acknowledge(issue: Issue, body: Body, by: Person) -> None:
    working.acknowledge(issue, by=by)


def _finish_task(issue: Issue, body: Body, by: Person) -> None:
    task = body.whole("task", least=1, most=10**6)
    if task is None:
        body.no("task", gettext_noop("Say which task."))
    text = body.text("text", required=True, longest=2000)
    body.done()
    working.finish_task(issue, task or 0, text, by=by)


def _progress(issue: Issue, body: Body, by: Person) -> None:
    text = body.text("text", required=True, longest=2000)
    flag = body.flag("flag")
    body.done()
    working.progress(issue, text, by=by, flag=bool(flag))


def _report_result(issue: Issue, body: Body, by: Person) -> None:
    kind = body.choice("kind", ResultKind, required=True)
    told: dict[str, Any] = {
        "text": body.text("text", required=True),
        "evidence": body.texts("evidence", longest=500),
        "basis": body.text("basis", longest=2000),
        "effect": body.text("effect", longest=200),
        "finishes": body.wholes("finish"),
    }
    if kind in (ResultKind.SOLVED, ResultKind.PARTLY) and not told["evidence"]:
        body.no("evidence", reporting.EVIDENCE)
    body.done()
    reporting.report_result(issue, needed(kind), by=by, **told)


def _verify(issue: Issue, body: Body, by: Person) -> None:
    reporting.verify(issue, by=by)


def _send_back(issue: Issue, body: Body, by: Person) -> None:
    reason = body.text("reason", required=True, longest=2000)
    body.done()
    reporting.send_back(issue, reason, by=by)


def _confirm(issue: Issue, body: Body, by: Person) -> None:
    solved = body.flag("solved", required=True)
    how = body.choice("by", WordBy, required=True)
    word: dict[str, Any] = {
        "satisfied": body.whole("satisfied", least=1, most=5),
        "words": body.text("words", longest=2000),
        "number": body.text("number", longest=40),
        "at": body.instant("at"),
        "evidence": tuple(body.texts("evidence", longest=500)),
    }
    body.done()
    closing.confirm(issue, Word(solved=needed(solved), by=needed(how), **word), by=by)


def _rate(issue: Issue, body: Body, by: Person) -> None:
    satisfied = body.whole("satisfied", least=1, most=5)
    if satisfied is None:
        body.no("satisfied", gettext_noop("Choose one of the five levels."))
    words = body.text("words", longest=2000)
    body.done()
    closing.rate(issue, satisfied or 0, words, by=by)


def _nudge(issue: Issue, body: Body, by: Person) -> None:
    working.nudge(issue, by=by)


def _reopen(issue: Issue, body: Body, by: Person) -> None:
    reason = body.text("reason", required=True, longest=2000)
    body.done()
    closing.reopen(issue, reason, by=by)


def _who_confirms(issue: Issue, fields: Mapping[str, Any], by: Person) -> None:
    said = fields.get("by")
    if isinstance(said, str) and said in {way.value for way in WordBy}:
        closing.may_say(issue, WordBy(said), by)


def _who_flags(issue: Issue, fields: Mapping[str, Any], by: Person) -> None:
    if fields.get("flag") in (True, "true", "1", "yes", "on"):
        working.may_flag(issue, by)


ALSO_WHO: dict[str, Callable[[Issue, Mapping[str, Any], Person], None]] = {
    "confirm": _who_confirms,
    "progress": _who_flags,
    **reaching.ALSO_WHO,
    **waiting.ALSO_WHO,
    **disputing.ALSO_WHO,
    **extending.ALSO_WHO,
    **declining.ALSO_WHO,
}
"""Where what is sent decides who may: refused before the version and the state are looked at."""


ACTS: dict[str, Callable[[Issue, Body, Person], None]] = {
    "triage": _triage,
    "order-on-spot": _order_on_spot,
    "settle-on-site": _settle_on_site,
    "draw-lists": _draw_lists,
    "acknowledge": _acknowledge,
    "finish-task": _finish_task,
    "progress": _progress,
    "report-result": _report_result,
    "verify": _verify,
    "send-back": _send_back,
    "confirm": _confirm,
    "rate": _rate,
    "nudge": _nudge,
    "reopen": _reopen,
    **reaching.ACTS,
    **waiting.ACTS,
    **disputing.ACTS,
    **extending.ACTS,
    **declining.ACTS,
    **changing.ACTS,
}
"""The acts of this product, by the names of the table of acts."""
