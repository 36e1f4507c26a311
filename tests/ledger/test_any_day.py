"""Lists of any day, and what holds after whatever people do, on random days of random acts."""

import random
from datetime import date, timedelta

import pytest

from qingdan.domain.ledger.actions.perform import perform
from qingdan.domain.ledger.models import Clock, Issue, Sight, Standing
from qingdan.domain.ledger.queries import issues, open_acts, standings
from qingdan.domain.ledger.states import OPEN
from qingdan.domain.people.rules import Person
from qingdan.foundations.journal.verify import verify
from qingdan.foundations.kernel import clock
from qingdan.foundations.kernel.errors import Refusal
from town import Town

pytestmark = pytest.mark.db

DESK_PLANS = [
    {"track": "scheduled", "grade": "B", "lead": "transport", "cooperating": ["admin-approval"]},
    {"track": "common", "grade": "A", "lead": "market-regulation"},
    {"track": "long_term", "grade": "A", "lead": "power-company"},
]


def body_of(act: str, issue: Issue, chance: random.Random) -> dict[str, object]:
    """Fields with which an act mostly goes through."""
    soon = (clock.today() + timedelta(days=chance.randint(0, 9))).isoformat()
    lead = issue.lead
    open_tasks = list(issue.tasks.filter(state="open").select_related("unit"))
    return {
        "triage": chance.choice(DESK_PLANS),
        "order-on-spot": {"unit": "market-regulation", "due_on": soon, "text": "去看"},
        "settle-on-site": {"text": "当场办了", "evidence": ["3 号单"]},
        "draw-lists": {
            "approach": "分步办",
            "tasks": [
                *(
                    {
                        "id": t.number,
                        "title": t.title,
                        "unit": t.unit.code,
                        "due_on": t.due_on.isoformat(),
                        "part": t.assignment.part,
                    }
                    for t in open_tasks
                ),
                {
                    "title": "下一步",
                    "unit": lead.unit.code if lead else "transport",
                    "due_on": soon,
                    "part": "lead",
                },
            ],
        },
        "contact": {"kind": "first"},
        "finish-task": {
            "task": open_tasks[0].number if open_tasks else 1,
            "text": "完成",
        },
        "progress": {"text": "在办"},
        "report-result": {
            "kind": chance.choice(["solved", "solved", "partly"]),
            "text": "好了",
            "evidence": ["12 号"],
            "basis": "条例",
            "finish": [t.number for t in open_tasks if lead and t.unit_id == lead.unit_id],
        },
        "send-back": {"reason": "缺材料"},
        "confirm": {"solved": chance.random() < 0.5, "by": "account"},
        "rate": {"satisfied": 4},
        "reopen": {"reason": "又坏了"},
    }.get(act, {})


def someone_acts(town: Town, people: list[Person], chance: random.Random) -> None:
    person = chance.choice(people)
    seen = list(issues().visible_to(person).order_by("pk"))
    if not seen or chance.random() < 0.15:
        town.firm.registers(f"问题{chance.random()}")
        return
    issue = chance.choice(seen)
    acts = sorted(open_acts(issue, person))
    if not acts:
        return
    act = chance.choice(acts)
    try:
        perform(act, issue, body_of(act, issue, chance), by=person)
    except Refusal:
        return


Row = tuple[object, ...]


def shown_now() -> set[Row]:
    return {key(row) for row in Standing.objects.filter(to_at=None)}


def key(row: Standing) -> Row:
    return (
        row.issue_id, row.assignment_id, row.task_id, row.unit_id, row.state, row.turn,
        row.clock_kind, row.due_at, row.yellow_at, row.red_at, row.paused_until,
    )  # fmt: skip


@pytest.mark.parametrize("seed", range(4))
def test_the_list_of_any_past_day_comes_out_as_it_stood(town: Town, seed: int) -> None:
    chance = random.Random(seed)
    people = [actor.person for actor in town.everybody()]
    stored: dict[date, set[Row]] = {}
    for day in range(12):
        town.on((date(2023, 10, 30) + timedelta(days=day)).isoformat())
        for _ in range(chance.randint(0, 14)):
            town.passes(minutes=chance.randint(1, 30))
            someone_acts(town, people, chance)
        stored[clock.today()] = shown_now()
        holds_always()
    for day, rows in stored.items():
        asked = standings().filter(county="430481").as_of(day)
        assert {key(row) for row in asked} == rows, day
    assert verify(None) == []


def holds_always() -> None:
    """Every open matter has a next date and a line; what is ended has none that runs."""
    for issue in Issue.objects.all():
        running = Clock.objects.filter(issue=issue, stopped_at=None)
        assert running.exists() == (issue.state in OPEN), issue.ref
        line = Standing.objects.get(issue=issue, to_at=None, assignment=None, task=None)
        assert line.state == issue.state
        if issue.state in OPEN:
            assert line.due_at == min(c.due_at for c in running)
            assert line.turn
        units = set(issue.assignments.exclude(state="released").values_list("unit", flat=True))
        holders = Sight.objects.filter(issue=issue, why="part", to_at=None)
        assert {int(s.holder.split(":")[1]) for s in holders} == units
