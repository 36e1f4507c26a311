"""现场交办: unit, date, one sentence."""

import pytest

from qingdan.domain.ledger.models import Clock
from qingdan.foundations.kernel.errors import Incomplete, NotAllowed, StepNotOpen
from town import Town

pytestmark = pytest.mark.db

ORDER = {"unit": "transport", "due_on": "2023-11-06", "text": "派人去看"}


def test_one_task_one_lead_and_the_date_is_the_end_date(town: Town) -> None:
    ref = town.assistant.registers("路灯坏了")
    town.assistant.does("order-on-spot", ref, **ORDER)
    issue = town.issue(ref)
    task = issue.tasks.get()
    assert (task.title, task.unit.code, str(task.due_on)) == (
        "派人去看",
        "transport",
        "2023-11-06",
    )
    assert str(issue.promised_on) == "2023-11-06"
    running = Clock.objects.filter(issue=issue, stopped_at=None)
    kinds = set(running.values_list("kind", flat=True))
    assert kinds == {"end", "task", "acknowledge", "first_contact"}


def test_on_site_the_first_contact_is_due_within_two_office_hours(town: Town) -> None:
    ref = town.assistant.registers("路灯坏了")
    town.on("2023-10-30 11:00")
    town.assistant.does("order-on-spot", ref, **ORDER)
    first = Clock.objects.get(issue=town.issue(ref), kind="first_contact")
    assert first.due_at.isoformat() == "2023-10-30T07:31:00+00:00"  # 11:01 and two office hours


@pytest.mark.parametrize("day", ["2023-10-29", "2023-11-04", "2023-11-05", "2023-13-01", "soon"])
def test_a_day_that_is_over_off_work_or_no_date_is_refused(town: Town, day: str) -> None:
    ref = town.assistant.registers("路灯坏了")
    with pytest.raises(Incomplete) as refused:
        town.assistant.does("order-on-spot", ref, **ORDER | {"due_on": day})
    assert list(refused.value.fields) == ["due_on"]
    assert town.issue(ref).state == "registered"


def test_today_is_a_date_until_offices_close(town: Town) -> None:
    ref = town.assistant.registers("路灯坏了")
    town.on("2023-10-30 17:29")
    town.passes(minutes=-5)
    town.assistant.does("order-on-spot", ref, **ORDER | {"due_on": "2023-10-30"})
    late = town.assistant.registers("水压不够")
    town.on("2023-10-30 17:45")
    with pytest.raises(Incomplete):
        town.assistant.does("order-on-spot", late, **ORDER | {"due_on": "2023-10-30"})


def test_a_matter_is_ordered_once(town: Town) -> None:
    ref = town.assistant.registers("路灯坏了")
    town.assistant.does("order-on-spot", ref, **ORDER)
    with pytest.raises(StepNotOpen):
        town.assistant.does("order-on-spot", ref, **ORDER)


def test_a_park_orders_what_it_registered_and_nothing_else(town: Town) -> None:
    own = town.park.registers("路灯坏了")
    town.park.does("order-on-spot", own, **ORDER)
    given = town.desk.registers("招不到人", unit="park", due_on="2023-11-06")
    with pytest.raises(NotAllowed):
        town.park.does("settle-on-site", given, text="办了", evidence=["园区 3 号"])
