"""研判分办: what kind of matter, whose, how long; or settled at once where one stands."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from qingdan.domain.enterprises.queries import leaders_of
from qingdan.domain.people.models import Unit
from qingdan.domain.people.rules import Person, post_holder
from qingdan.foundations.kernel import clock
from qingdan.foundations.kernel.errors import Incomplete, Refusal
from qingdan.foundations.kernel.words import gettext_noop

from ..models import Issue, Result, Sight
from ..states import Grade, Handling, Nature, Part, ResultKind, Track
from .acting import EVERY_OFFICE, begin, finish, handled, show
from .registering import assign
from .reporting import EVIDENCE, pass_or_wait
from .responsible import NAMES_FIRM, barred, opened_to_about

ALREADY_THERE = gettext_noop("This unit has a part in the matter already. Propose another one.")


@dataclass(frozen=True, slots=True)
class Triage:
    """What triage decides. shown_*: the words that units read of a name-hidden matter."""

    track: Track
    grade: Grade
    lead: Unit
    cooperating: Sequence[Unit] = ()
    category: str = ""
    nature: Nature | None = None
    handling: Handling | None = None
    shown_title: str = ""
    shown_body: str = ""
    say: str = ""


@transaction.atomic
def triage(issue: Issue, plan: Triage, *, by: Person) -> None:
    """Give a registered matter its track, grade and units. One unit leads, others cooperate."""
    now = begin("triage", issue, by)
    handling = plan.handling or Handling(issue.handling)
    _check(issue, plan, handling)
    moved = handling != issue.handling
    show_to_leaders(issue, handling, now)
    assign(issue, plan.lead, Part.LEAD, now)
    for unit in plan.cooperating:
        assign(issue, unit, Part.COOPERATING, now)
    columns: dict[str, object] = {
        "track": plan.track.value,
        "grade": plan.grade.value,
        "handling": handling.value,
        "triaged_at": now,
        "replied_at": now,
        "listed_at": None,
    }
    if plan.category:
        columns["category"] = plan.category
    if plan.nature:
        columns["nature"] = plan.nature.value
    if handling == Handling.NAME_HIDDEN:
        columns |= {"shown_title": plan.shown_title, "shown_body": plan.shown_body}
    if issue.round:
        columns["redo_from"] = now
    finish(
        "triage",
        issue,
        by=by,
        at=now,
        kind="issue.triaged",
        words={"say": plan.say},
        columns=columns,
        also=EVERY_OFFICE if moved else (),
        track=plan.track.value,
        grade=plan.grade.value,
        lead=plan.lead.code,
        cooperating=[u.code for u in plan.cooperating],
    )


def _check(issue: Issue, plan: Triage, handling: Handling) -> None:
    wrong: dict[str, Refusal | str] = {}
    given = [plan.lead, *plan.cooperating]
    if plan.lead in plan.cooperating:
        wrong["cooperating"] = gettext_noop("The lead cannot cooperate with itself.")
    if len({u.pk for u in plan.cooperating}) != len(plan.cooperating):
        wrong["cooperating"] = gettext_noop("Name each unit once.")
    for unit in given:
        if refusal := barred(issue, unit, handling):
            wrong["lead" if unit.pk == plan.lead.pk else "cooperating"] = refusal
    if refusal := opened_to_about(issue, handling):
        wrong["class"] = refusal
    if handling == Handling.NAME_HIDDEN:
        for name, text in (("shown_title", plan.shown_title), ("shown_body", plan.shown_body)):
            if not text.strip():
                wrong[name] = gettext_noop("Write what units may read, without the firm's name.")
            elif any(n and n in text for n in (issue.subject.short_name, issue.subject.name)):
                wrong[name] = NAMES_FIRM
    if wrong:
        raise Incomplete(wrong)


def show_to_leaders(issue: Issue, handling: Handling, now: datetime) -> None:
    """A class that changed opens the matter to its linked leaders, or closes it to all leaders:
    also to one whose term ended since it was registered."""
    if handling == issue.handling:
        return
    if handling == Handling.NORMAL:
        for liaison in leaders_of(issue.subject, clock.date_of(now)):
            show(issue, post_holder(liaison.leader_id), "liaison", now)
        return
    Sight.objects.filter(issue=issue, to_at=None, holder__startswith="post:").update(to_at=now)


@transaction.atomic
def settle_on_site(
    issue: Issue, text: str, evidence: Sequence[str], *, by: Person, effect: str = ""
) -> None:
    """现场办结: what was done where one stood. Without a grade it counts as simple."""
    now = begin("settle-on-site", issue, by)
    wrong: dict[str, Refusal | str] = {}
    if not text.strip():
        wrong["text"] = gettext_noop("Say what was done.")
    if not evidence:
        wrong["evidence"] = EVIDENCE
    if wrong:
        raise Incomplete(wrong)
    result = Result.objects.create(
        county=issue.county,
        issue=issue,
        round=issue.round,
        kind=ResultKind.SOLVED.value,
        text=text,
        effect=effect,
        evidence=list(evidence),
        unit_id=by.unit_id,
        by_id=by.post_id,
        flagged=issue.flagged,
        at=now,
    )
    handled(issue, by, now)
    finish(
        "settle-on-site",
        issue,
        by=by,
        at=now,
        kind="issue.settled",
        words={"text": text, "evidence": "\n".join(evidence)},
        columns={
            "track": issue.track or Track.ON_SITE.value,
            "grade": issue.grade or Grade.C.value,
            "reported_at": now,
        },
    )
    pass_or_wait(issue, result, at=now)
