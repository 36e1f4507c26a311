"""The demo county as it stands on its first morning, 9:00 on 30 October 2023."""

from collections import Counter
from collections.abc import Iterator
from datetime import datetime
from typing import Any

import pytest
from django.core.management import call_command

from qingdan.domain.ledger.models import Asked, Assignment, Hold, Issue, Task
from qingdan.domain.ledger.queries import issues, lights_of, lines_for, open_acts, standings
from qingdan.domain.ledger.rules.lights import light
from qingdan.domain.ledger.states import Ending, HoldKind, Light, S
from qingdan.domain.people.models import User
from qingdan.domain.people.queries import person_of
from qingdan.domain.people.rules import Person
from qingdan.domain.visits.models import Finding, Outing
from qingdan.foundations.journal.models import Entry
from qingdan.foundations.journal.verify import verify
from qingdan.foundations.kernel import clock
from qingdan.interfaces.site.demo.load import ACCOUNTS, load_demo

MORNING = datetime(2023, 10, 30, 9, tzinfo=clock.COUNTY_ZONE)

WORD = "one word for all of them"

pytestmark = [pytest.mark.django_db, pytest.mark.db]


@pytest.fixture(scope="module", autouse=True)
def _loaded(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """One loading serves the whole file: it plays four hundred acts."""
    with django_db_blocker.unblock():
        load_demo(WORD)
    yield
    with django_db_blocker.unblock():
        call_command("flush", verbosity=0, interactive=False)


@pytest.fixture(autouse=True)
def _first_morning() -> None:
    clock.set_for_test(MORNING)


def account(name: str) -> Person:
    person = person_of(User.objects.get(username=name))
    assert person is not None
    return person


def named(title: str) -> Issue:
    return Issue.objects.get(title=title)


def test_every_state_track_class_and_level_is_there() -> None:
    states = Counter(Issue.objects.values_list("state", flat=True))
    assert states.keys() == set(S)
    assert 6 <= states["registered"] <= 10
    assert 25 <= states["listed"] <= 34
    assert 5 <= states["reported"] <= 7
    assert 5 <= states["verified"] <= 7
    assert 14 <= states["ended"] <= 20
    assert set(Issue.objects.exclude(track="").values_list("track", flat=True)) == {
        "on_site",
        "scheduled",
        "common",
        "long_term",
    }
    assert set(Issue.objects.values_list("handling", flat=True)) == {
        "normal",
        "name_hidden",
        "supervision_only",
    }
    assert set(Issue.objects.values_list("level", flat=True)) == {0, 1, 2}


def test_every_light_shows() -> None:
    rows = standings().visible_to(account("desk")).today().matters().open()
    shown = lights_of(rows, MORNING)
    assert shown[Light.RED] >= 5
    assert shown[Light.YELLOW] >= 5
    assert shown[Light.GREEN] >= 15
    assert shown[Light.OFF] >= 2
    assert shown[Light.GREY] >= 2


def test_every_ending_and_every_kind_of_hold_stands() -> None:
    endings = set(Issue.objects.filter(state=S.ENDED).values_list("ending", flat=True))
    assert endings == set(Ending)
    assert set(Hold.objects.filter(to_at=None).values_list("kind", flat=True)) == set(HoldKind)


def test_something_waits_for_each_kind_of_decision() -> None:
    waiting = Asked.objects.filter(decided_at=None)
    assert {"objection", "extension", "withdrawal", "decline"} <= set(
        waiting.values_list("kind", flat=True)
    )
    assert set(waiting.filter(kind="extension").values_list("decides", flat=True)) == {
        "desk",
        "supervision",
    }


def test_a_question_is_answered_and_an_explanation_waits_for_the_office() -> None:
    assert named("招大学生的社保补贴在哪里报").state == S.ANSWERED
    assert "approve-explanation" in open_acts(
        named("优质稻种子补贴为什么今年没有"), account("supervision")
    )


def test_matters_came_in_by_every_way() -> None:
    assert set(Issue.objects.values_list("source", flat=True)) == {
        "visit",
        "portal",
        "desk",
        "telephone",
        "letter",
        "meeting",
        "hotline",
        "import",
        "api",
    }


def test_numbers_have_no_gap() -> None:
    numbers = sorted(Issue.objects.values_list("number", flat=True))
    assert numbers == list(range(1, len(numbers) + 1))


def test_the_journal_is_whole() -> None:
    assert verify() == []


def test_no_open_matter_is_without_a_next_date() -> None:
    assert not standings().today().matters().open().filter(clock=None).exists()


def test_units_play_every_part() -> None:
    assert set(Assignment.objects.values_list("part", flat=True)) == {
        "lead",
        "cooperating",
        "executing",
    }
    assert Assignment.objects.values("unit").distinct().count() >= 25


def test_every_account_acts_in_its_post() -> None:
    for name, label in ACCOUNTS:
        assert account(name).county == "430481", label


def test_who_administers_reads_no_matter_and_who_serves_has_some() -> None:
    for name in ("sysadmin", "secadmin", "auditor"):
        assert not issues().visible_to(account(name)).exists()
    for name in (
        "desk",
        "market-regulation",
        "admin-approval",
        "transport",
        "development-reform",
        "power-company",
        "supervision",
        "supervision-2",
        "park",
        "leader",
        "main-leader",
        "enterprise",
        "enterprise-2",
        "enterprise-3",
    ):
        assert issues().visible_to(account(name)).exists(), name


def test_the_leader_is_linked_to_the_cases_three_enterprises() -> None:
    seen = issues().visible_to(account("leader")).values_list("subject__short_name", flat=True)
    assert set(seen) == {"袁酿酒业（示例）", "先导新材料（示例）", "金凯循环科技（示例）"}


def test_todays_outing_stands_ready() -> None:
    today = Outing.objects.get(on=clock.date_of(MORNING))
    stops = list(today.stops.order_by("order").select_related("subject"))
    assert [stop.subject.short_name[:4] for stop in stops] == ["袁酿酒业", "先导新材", "金凯循环"]
    assert not Finding.objects.filter(stop__outing=today).exists()
    assert Finding.objects.count() >= 10
    liquor = Issue.objects.get(subject=stops[0].subject)
    assert (liquor.title, liquor.ending) == ("办证不知道先找谁", "confirmed")


def test_the_road_waits_for_the_transport_bureau() -> None:
    road = named("进厂的路太窄，大货车会不了车")
    transport = account("transport")
    assert (road.state, road.track) == ("listed", "common")
    assert road in [row.issue for row in lines_for(transport).open()]
    assert {"finish-task", "progress"} <= open_acts(road, transport)
    open_tasks = Task.objects.filter(issue=road, state="open").values_list("title", flat=True)
    assert list(open_tasks) == ["组织施工招标，确定开工日期", "定人对接企业，每周通报道路进展"]


def test_the_power_gap_shows_its_next_reply() -> None:
    power = named("二期投产后电力可能有缺口")
    row = standings().today().matters().get(issue=power)
    assert (power.state, power.track, row.clock_kind) == ("listed", "long_term", "next_reply")
    assert light(row, MORNING) == Light.OFF
    assert "finish-task" in open_acts(power, account("power-company"))
    assert "progress" in open_acts(power, account("development-reform"))


def test_a_new_order_waits_at_market_regulation() -> None:
    order = named("桶装水瓶盖喷码机怎么备案")
    assert {"acknowledge", "contact"} <= open_acts(order, account("market-regulation"))


def test_the_sealed_and_the_hidden_keep_their_rules() -> None:
    sealed = named("消防检查点名要买一家的灭火器")
    assert not issues().visible_to(account("desk")).filter(pk=sealed.pk).exists()
    assert "verify" in open_acts(sealed, account("supervision-2"))
    for hidden in Issue.objects.filter(handling="name_hidden").exclude(shown_title=""):
        for name in (hidden.subject.short_name, hidden.subject.name):
            assert name not in hidden.shown_title + hidden.shown_body


def test_every_account_has_the_one_password_and_a_known_first_post() -> None:
    assert all(User.objects.get(username=name).check_password(WORD) for name, _ in ACCOUNTS)


def test_loading_again_changes_nothing() -> None:
    before = (Entry.objects.count(), Issue.objects.count(), User.objects.count())

    load_demo("another word")

    assert (Entry.objects.count(), Issue.objects.count(), User.objects.count()) == before
    assert User.objects.get(username="desk").check_password(WORD)
