"""What somebody might send with an act: mostly right, sometimes not."""

import random
from datetime import timedelta
from typing import Any

from qingdan.domain.ledger.models import Issue
from qingdan.foundations.kernel import clock
from qingdan.foundations.workdays.calendar import official

GIVEN = ("market-regulation", "admin-approval", "transport", "power-company", "park", "township")
"""The units that a walk gives work to; sometimes an office gets some, too."""
CLASSES = ("normal", "normal", "normal", "name_hidden", "supervision_only")


def working(days: int) -> str:
    """The n-th working day after today."""
    calendar = official()
    return calendar.day_of(calendar.ordinal(clock.today()) + days).isoformat()


def body_of(act: str, issue: Issue, chance: random.Random) -> dict[str, Any]:
    """Fields with which an act goes through where it is open; now and then one is missing."""
    body = _FIELDS.get(act, _nothing)(issue, chance)
    if body and chance.random() < 0.06:
        del body[chance.choice(sorted(body))]
    return body


def registered(chance: random.Random) -> dict[str, Any]:
    """A new matter; one in three is given at once."""
    body: dict[str, Any] = {"title": "事项", "body": f"问题{chance.random()}"}
    body["class"] = chance.choice(CLASSES)
    if body["class"] == "supervision_only" and chance.random() < 0.7:
        body["about"] = chance.choice([*GIVEN, "desk", "supervision", "supervision-2"])
    if body["class"] == "normal" and chance.random() < 0.35:
        body |= {"unit": unit(chance), "due_on": working(chance.randint(1, 12))}
    return body


def unit(chance: random.Random) -> str:
    return "desk" if chance.random() < 0.04 else chance.choice(GIVEN)


def _nothing(issue: Issue, chance: random.Random) -> dict[str, Any]:
    return {}


def _triage(issue: Issue, chance: random.Random) -> dict[str, Any]:
    lead, *others = chance.sample(GIVEN, chance.choice([1, 1, 2, 3]))
    body: dict[str, Any] = {
        "track": chance.choice(["on_site", "scheduled", "scheduled", "common", "long_term"]),
        "grade": chance.choice("ABC"),
        "lead": lead,
        "cooperating": others,
    }
    if chance.random() < 0.1:
        body["class"] = chance.choice(CLASSES)
    if "name_hidden" in (body.get("class"), issue.handling):
        body |= {"shown_title": "证照", "shown_body": "一家企业办证慢"}
    return body


def _change(issue: Issue, chance: random.Random) -> dict[str, Any]:
    body: dict[str, Any] = {"reason": "情况变了"}
    match chance.randint(0, 3):
        case 0:
            body["track"] = chance.choice(["on_site", "scheduled", "common", "long_term"])
        case 1:
            body["grade"] = chance.choice("ABC")
        case 2:
            body["class"] = chance.choice(CLASSES)
        case _:
            body["lead"] = unit(chance)
    return body


def _lists(issue: Issue, chance: random.Random) -> dict[str, Any]:
    tasks, dropped = [], []
    lead = issue.lead
    for task in issue.tasks.filter(state="open").select_related("unit", "assignment"):
        if chance.random() < 0.2 and tasks:
            dropped.append({"id": task.number, "reason": "不必做了"})
            continue
        tasks.append(
            {
                "id": task.number,
                "title": task.title,
                "unit": task.unit.code,
                "due_on": task.due_on.isoformat(),
                "part": task.assignment.part,
            }
        )
    if lead is not None and (not tasks or chance.random() < 0.5):
        mine = {"unit": lead.unit.code, "part": "lead"}
        tasks.append({"title": "办理", "due_on": working(chance.randint(1, 4)), **mine})
    if chance.random() < 0.4:
        other = {"unit": unit(chance), "part": chance.choice(["cooperating", "executing"])}
        tasks.append({"title": "配合", "due_on": working(chance.randint(1, 4)), **other})
    return {"approach": "分步办", "tasks": tasks, "dropped": dropped}


def _finish(issue: Issue, chance: random.Random) -> dict[str, Any]:
    numbers = list(issue.tasks.filter(state="open").values_list("number", flat=True))
    return {"task": chance.choice(numbers or [1]), "text": "完成"}


def _report(issue: Issue, chance: random.Random) -> dict[str, Any]:
    lead = issue.lead
    own = issue.tasks.filter(state="open", unit=lead.unit_id) if lead else issue.tasks.none()
    return {
        "kind": chance.choice(["solved", "solved", "partly", "explained"]),
        "text": "好了",
        "evidence": ["12 号"],
        "basis": "条例",
        "finish": list(own.values_list("number", flat=True)),
    }


def _extension(issue: Issue, chance: random.Random) -> dict[str, Any]:
    base = issue.promised_on or clock.today()
    calendar = official()
    day = calendar.day_of(calendar.ordinal(base) + chance.randint(1, 11))
    return {"due_on": day.isoformat(), "reason": "等检验"}


def _hold(issue: Issue, chance: random.Random) -> dict[str, Any]:
    body = {
        "kind": chance.choice(["project", "lifted", "carried"]),
        "reason": "等立项",
        "next_on": working(chance.randint(1, 15)),
    }
    return body | {
        "answers": "管网二期",
        "addressee": "市政府",
        "sent_on": clock.today().isoformat(),
    }


def _contact(issue: Issue, chance: random.Random) -> dict[str, Any]:
    kind = chance.choice(["first", "attempt", "attempt", "call-back"])
    return {"kind": kind, "by": "telephone", "number": "0734-4331111", "words": "说过了"}


def _confirm(issue: Issue, chance: random.Random) -> dict[str, Any]:
    by = chance.choice(["account", "account", "telephone", "paper"])
    body: dict[str, Any] = {"solved": chance.random() < 0.5, "by": by}
    if by == "telephone":
        body |= {"number": "13800000000", "at": clock.now().isoformat(), "words": "好了"}
    if by == "paper":
        body["evidence"] = ["签字件"]
    return body


def _decline(issue: Issue, chance: random.Random) -> dict[str, Any]:
    code = chance.choice(["court", "unlawful", "petition", "secret"])
    return {"code": code, "reason": "不属受理范围", "basis": "办法第三条"}


def _soon(most: int, chance: random.Random) -> str:
    return (clock.today() + timedelta(days=chance.randint(1, most))).isoformat()


_FIELDS = {
    "triage": _triage,
    "change": _change,
    "answer": lambda i, c: {"text": "可以到窗口办"},
    "order-on-spot": lambda i, c: {
        "unit": unit(c),
        "due_on": working(c.randint(1, 12)),
        "text": "去办",
    },
    "settle-on-site": lambda i, c: {"text": "当场办了", "evidence": ["3 号单"]},
    "draw-lists": _lists,
    "object": lambda i, c: {"reason": "不是我局职责", "unit": unit(c)},
    "decide": lambda i, c: {
        "uphold": c.random() < 0.6,
        **({"of": c.choice(GIVEN)} if c.random() < 0.3 else {}),
        **({"unit": unit(c)} if c.random() < 0.3 else {}),
    },
    "finish-task": _finish,
    "request-extension": _extension,
    "grant-extension": lambda i, c: {"granted": c.random() < 0.7, "reason": "情况属实"},
    "contact": _contact,
    "progress": lambda i, c: {"text": "在办", **({"flag": True} if c.random() < 0.15 else {})},
    "pause": lambda i, c: {
        "reason": c.choice(["awaiting_enterprise", "statutory", "force_majeure"]),
        "until": _soon(9, c),
    },
    "hold": _hold,
    "report-result": _report,
    "send-back": lambda i, c: {"reason": "缺材料"},
    "confirm": _confirm,
    "rate": lambda i, c: {"satisfied": c.randint(1, 5)},
    "approve-explanation": lambda i, c: {"reason": "说明属实"},
    "withdraw": lambda i, c: {"reason": "自己办好了"},
    "decline": _decline,
    "approve-decline": lambda i, c: {"approved": c.random() < 0.6, "reason": "属实"},
    "reopen": lambda i, c: {"reason": "又坏了"},
}
