"""The shapes of the API, for its description alone: rules and acts decide, not these."""

from datetime import date, datetime
from typing import Any

from ninja import Field, Schema
from pydantic import ConfigDict

from qingdan.domain.ledger.states import (
    A,
    ContactKind,
    Ending,
    Grade,
    Handling,
    HoldKind,
    Light,
    Nature,
    Part,
    ResultKind,
    S,
    Source,
    T,
    Track,
    WordBy,
)


class Shape(Schema):
    model_config = ConfigDict(extra="forbid", use_enum_values=True)


class Firm(Shape):
    uscc: str | None
    name: str


class Me(Shape):
    user: str
    post: str
    unit: str | None
    enterprise: Firm | None
    now: datetime


class TaskLine(Shape):
    id: int
    title: str
    unit: str
    section: str | None
    person: str | None
    due_on: date
    part: Part
    state: T


class Member(Shape):
    part: Part
    unit: str
    unit_name: str
    post: str
    name: str
    phone: str


class Matter(Shape):
    ref: str
    state: S
    ending: Ending | None
    level: int
    version: int
    class_: Handling = Field(alias="class")
    track: Track | None
    title: str
    body: str
    enterprise: Firm | None
    lead: str | None
    cooperating: list[str]
    due_at: datetime | None
    light: Light
    next_on: date | None
    promised_on: date | None
    tasks: list[TaskLine]
    service_team: list[Member]


class Registered(Matter):
    refs: list[str] = Field([], description="of all, where `enterprises` named several")


class Matters(Shape):
    items: list[Matter]
    next: str | None


class ProblemLine(Shape):
    ref: str
    title: str
    enterprise: Firm | None
    class_: Handling = Field(alias="class")
    state: S
    lead: str | None
    leader: str | None
    park: str | None
    due_at: datetime | None
    light: Light
    next_on: date | None


class TaskRow(Shape):
    ref: str
    title: str
    enterprise: Firm | None
    id: int
    task: str
    unit: str | None
    section: str | None
    person: str | None
    due_on: date
    part: Part
    state: T
    due_at: datetime | None
    light: Light
    next_on: date | None


class PostOf(Shape):
    post: str
    name: str
    phone: str


class ResponsibilityRow(Shape):
    ref: str
    title: str
    enterprise: Firm | None
    unit: str | None
    unit_name: str
    part: Part
    state: A
    leader: PostOf | None
    person: PostOf | None
    due_at: datetime | None
    light: Light
    next_on: date | None


class Problems(Shape):
    items: list[ProblemLine]
    next: str | None


class Tasks(Shape):
    items: list[TaskRow]
    next: str | None


class Responsibilities(Shape):
    items: list[ResponsibilityRow]
    next: str | None


class Change(Shape):
    at: datetime
    kind: str
    sentence: str


class Problem(Shape):
    """A refusal (RFC 9457). fields: a sentence for each; changed: what a stale version missed."""

    type: str
    title: str
    status: int
    detail: str
    code: str
    fields: dict[str, str] | None = None
    changed: list[Change] | None = None


# ------------------------------------------------------------------ bodies


class Said(Schema):
    """A body. Every field that is wrong gets a sentence; what is unknown is passed over."""


class NewMatter(Said):
    enterprise: str | None = Field(None, description="USCC; or `subject`; an enterprise: none")
    enterprises: list[str] | None = Field(
        None, description="USCC of several: one matter each, linked as the same entry"
    )
    subject: int | None = Field(None, description="id of a subject without a code")
    title: str
    body: str
    source: Source | None = None
    category: str | None = None
    class_: Handling | None = Field(None, alias="class")
    about: str | None = Field(None, description="the unit complained of")
    unit: str | None = Field(None, description="with `due_on`: given at once")
    due_on: date | None = None
    happened_at: datetime | None = None


class Triage(Said):
    track: Track
    grade: Grade
    lead: str
    category: str | None = None
    nature: Nature | None = None
    cooperating: list[str] | None = None
    class_: Handling | None = Field(None, alias="class")
    shown_title: str | None = None
    shown_body: str | None = None


class ChangeSaid(Said):
    track: Track | None = None
    grade: Grade | None = None
    class_: Handling | None = Field(None, alias="class")
    lead: str | None = Field(None, description="while the present one has not acknowledged")
    reason: str
    shown_title: str | None = Field(None, description="for class name_hidden, with shown_body")
    shown_body: str | None = None


class Answer(Said):
    text: str


class OrderOnSpot(Said):
    unit: str
    due_on: date
    text: str


class Evidence(Said):
    text: str


class SettleOnSite(Said):
    text: str
    evidence: list[Evidence]
    effect: str | None = None


class TaskSaid(Said):
    id: int | None = Field(None, description="of a task that is kept")
    title: str
    unit: str
    section: str | None = None
    person: str | None = None
    due_on: date
    part: Part


class Dropped(Said):
    id: int
    reason: str


class DrawLists(Said):
    approach: str | None = None
    tasks: list[TaskSaid]
    dropped: list[Dropped] | None = None


class Nothing(Said):
    pass


class ObjectSaid(Said):
    reason: str
    unit: str = Field(description="the unit that should have it")


class Decide(Said):
    uphold: bool
    unit: str | None = Field(None, description="who gets the part, the proposed one if not said")
    of: str | None = Field(None, description="whose objection, when two wait")


class RequestExtension(Said):
    due_on: date
    reason: str


class GrantExtension(Said):
    granted: bool
    reason: str
    of: str | None = Field(None, description="whose request, when two wait")


class Pause(Said):
    reason: str = Field(description="a code from the policy's list of pauses")
    until: date = Field(description="the clocks run again from 0:00 of this day")


class HoldSaid(Said):
    kind: HoldKind
    reason: str
    next_on: date = Field(description="a working day, at most 30 days away")
    answers: str | None = Field(None, description="kind project: what answers the matter")
    addressee: str | None = Field(None, description="kind lifted: who was written to")
    sent_on: date | None = Field(None, description="kind lifted")


class Contact(Said):
    kind: ContactKind
    by: str | None = None
    number: str | None = None
    at: datetime | None = None
    words: str | None = None


class FinishTask(Said):
    task: int
    text: str


class Progress(Said):
    text: str
    flag: bool | None = None


class ReportResult(Said):
    kind: ResultKind
    text: str
    evidence: list[Evidence] | None = None
    finish: list[int] | None = Field(None, description="ids of the lead's own open tasks")
    basis: str | None = None
    effect: str | None = None


class Reason(Said):
    reason: str


class Decline(Said):
    code: str = Field(description="a code from the policy's list of declines")
    reason: str
    basis: str | None = Field(None, description="required with code unlawful")
    ref: str | None = Field(None, description="the same matter, required with code duplicate")


class ApproveDecline(Said):
    approved: bool
    reason: str


class Confirm(Said):
    solved: bool
    by: WordBy
    satisfied: int | None = Field(None, ge=1, le=5)
    words: str | None = None
    number: str | None = None
    at: datetime | None = None
    evidence: list[Evidence] | None = None


class Rate(Said):
    satisfied: int = Field(ge=1, le=5)
    words: str | None = None


BODIES: dict[str, type[Said]] = {
    "triage": Triage,
    "change": ChangeSaid,
    "answer": Answer,
    "order-on-spot": OrderOnSpot,
    "settle-on-site": SettleOnSite,
    "draw-lists": DrawLists,
    "acknowledge": Nothing,
    "object": ObjectSaid,
    "finish-task": FinishTask,
    "request-extension": RequestExtension,
    "decide": Decide,
    "contact": Contact,
    "progress": Progress,
    "grant-extension": GrantExtension,
    "pause": Pause,
    "resume": Nothing,
    "hold": HoldSaid,
    "release": Nothing,
    "report-result": ReportResult,
    "verify": Nothing,
    "send-back": Reason,
    "confirm": Confirm,
    "rate": Rate,
    "nudge": Nothing,
    "approve-explanation": Reason,
    "lapse": Nothing,
    "withdraw": Reason,
    "decline": Decline,
    "approve-decline": ApproveDecline,
    "reopen": Reason,
}
"""The body of each act, by its name in the table of acts."""


def schema_of(shape: type[Schema]) -> dict[str, Any]:
    """A shape as JSON Schema that stands by itself: what it names is written out in its place."""
    told = shape.model_json_schema()
    named = told.pop("$defs", {})

    def written_out(node: Any) -> Any:
        if isinstance(node, dict):
            if "$ref" in node:
                return written_out(named[node["$ref"].rpartition("/")[2]])
            return {name: written_out(one) for name, one in node.items()}
        return [written_out(one) for one in node] if isinstance(node, list) else node

    return written_out(told)
