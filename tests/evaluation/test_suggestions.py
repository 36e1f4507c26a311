"""意见建议 through actions: made by anybody, answered in time, closed by whoever made it."""

import json
from datetime import timedelta

import pytest
from django.db import IntegrityError

from qingdan.domain.enterprises.actions import make_link
from qingdan.domain.enterprises.queries import person_of_link
from qingdan.domain.evaluation.actions import answer, say_again, suggest, understood
from qingdan.domain.evaluation.models import Suggestion
from qingdan.domain.evaluation.queries import (
    access_suggestion,
    matters_seen,
    suggestions,
    waiting,
)
from qingdan.domain.evaluation.rules import LONGEST, MOST_A_DAY
from qingdan.domain.people.actions import take_post
from qingdan.domain.people.models import User
from qingdan.domain.people.rules import Person, system
from qingdan.domain.people.states import Role
from qingdan.foundations.journal.models import Entry, Words
from qingdan.foundations.journal.verify import verify
from qingdan.foundations.kernel import clock
from qingdan.foundations.kernel.errors import (
    ChangedMeanwhile,
    Incomplete,
    NotAllowed,
    NotHere,
    StepNotOpen,
    TooMany,
)
from town import COUNTY, Town, at

pytestmark = pytest.mark.db


def own(person: Person) -> list[int]:
    return list(suggestions().visible_to(person).values_list("number", flat=True))


def test_every_hat_writes_and_gets_a_number_and_a_date(town: Town) -> None:
    for number, actor in enumerate(town.everybody(), start=1):
        made = suggest("字太小", by=actor.person, page="/desk/")
        assert (made.number, made.year, made.state) == (number, 2023, "open")
        assert made.due_at == at("2023-11-06 17:30"), "five working days"
        assert access_suggestion(actor.person, 2023, number) == made


def test_an_enterprise_writes_by_its_link_and_its_colleagues_read_the_answer(town: Town) -> None:
    token = make_link(town.firm_subject, by=town.desk.person)
    firm = person_of_link(token)
    assert firm is not None
    made = suggest("手机上看不清", by=firm, page="/portal/")
    answer(made, "已调大", by=town.desk.person)
    assert own(town.firm.person) == [1]
    assert own(town.other_firm.person) == []
    understood(made, by=town.firm.person)
    assert Suggestion.objects.get().state == "closed"


def test_nobody_without_a_post_or_a_link_writes(town: Town) -> None:
    with pytest.raises(NotAllowed):
        suggest("我是谁", by=system(COUNTY))


def test_it_is_seen_by_its_writer_the_desk_and_the_offices_alone(town: Town) -> None:
    made = suggest("多了一步", by=town.transport.person)
    for actor in town.everybody():
        sees = actor.person.role in (Role.DESK, Role.SUPERVISION)
        sees = sees or actor.person.username == "transport"
        assert own(actor.person) == ([1] if sees else []), actor.person.username
        if not sees:
            with pytest.raises(NotHere):
                access_suggestion(actor.person, made.year, made.number)


def test_who_leaves_the_post_leaves_what_was_written_in_it(town: Town) -> None:
    suggest("多了一步", by=town.transport.person)
    next_one = User.objects.create(username="next", password="!")
    take_post(town.posts["transport"], next_one)
    before, after = town.transport.person, town.admin_approval.person
    moved = Person(**{**_fields(after), "user_id": before.user_id})
    assert own(moved) == []
    assert own(Person(**{**_fields(before), "user_id": next_one.pk})) == []


def _fields(person: Person) -> dict[str, object]:
    return {name: getattr(person, name) for name in Person.__slots__}


def test_the_matter_on_the_page_is_kept_only_as_far_as_each_sees_it(town: Town) -> None:
    ref = town.desk.registers("环保局乱收费", about="transport", **{"class": "supervision_only"})
    number = town.supervision.sees(ref) and ref.split("〕")[1].removesuffix("号")
    page = f"/desk/2023/{number}/"
    made = suggest("看不到附件", by=town.supervision.person, page=page)
    blind = suggest("看不到附件", by=town.transport.person, page=page)
    assert made.page == blind.page == "/desk/-/-/"
    assert blind.issue is None, "a matter that the writer does not see is not pointed at"
    assert matters_seen([made], town.supervision.person) == {made.issue_id: made.issue}
    assert matters_seen([made], town.desk.person) == {}


def test_the_desk_answers_and_the_writer_closes(town: Town) -> None:
    made = suggest("多了一步", by=town.transport.person)
    assert waiting(town.desk.person, clock.now()).open == 1
    answer(made, "已去掉", by=town.desk.person)
    assert (made.state, made.answer, made.answered_by_id) == (
        "answered",
        "已去掉",
        town.posts["desk"].pk,
    )
    assert waiting(town.desk.person, clock.now()).open == 0
    with pytest.raises(NotAllowed):
        understood(made, by=town.desk.person)
    understood(made, by=town.transport.person)
    assert made.state == "closed"
    with pytest.raises(StepNotOpen):
        say_again(made, by=town.transport.person)


def test_about_the_desk_itself_the_supervision_office_answers(town: Town) -> None:
    made = suggest("专班电话没人接", by=town.firm.person)
    answer(made, "已核实并整改", by=town.supervision.person)
    assert made.answered_by_id == town.posts["supervision"].pk


def test_nobody_answers_what_they_wrote_and_a_unit_answers_none(town: Town) -> None:
    made = suggest("键盘不好用", by=town.desk.person)
    for one in (town.desk, town.transport, town.firm, town.main_leader, town.sysadmin):
        with pytest.raises(NotAllowed):
            answer(made, "好", by=one.person)
    answer(made, "已改", by=town.desk_2.person)


def test_once_it_may_be_said_again_and_is_promised_anew(town: Town) -> None:
    made = suggest("打不开", by=town.firm.person)
    town.on("2023-11-02 10:00")
    answer(made, "换个浏览器", by=town.desk.person)
    town.on("2023-11-03 10:00")
    say_again(made, "换了也不行", by=town.firm.person)
    assert (made.state, made.first_answer, made.answer) == ("open", "换个浏览器", "")
    assert made.due_at == at("2023-11-10 17:30")
    answer(made, "已修好", by=town.supervision.person)
    with pytest.raises(StepNotOpen, match="twice"):
        say_again(made, by=town.firm.person)
    fresh = Suggestion.objects.get()
    assert (fresh.first_answer, fresh.again, fresh.answer) == (
        "换个浏览器",
        "换了也不行",
        "已修好",
    )


def test_from_its_date_on_it_is_late(town: Town) -> None:
    suggest("字太小", by=town.firm.person)
    town.on("2023-11-06 17:29")
    assert waiting(town.desk.person, clock.now()).late == 0
    town.on("2023-11-06 17:30")
    assert waiting(town.desk.person, clock.now()).late == 1
    assert waiting(town.transport.person, clock.now()).open == 0


def test_every_change_stands_in_the_journal_its_words_outside_the_chain(town: Town) -> None:
    made = suggest("打不开啊", by=town.firm.person)
    answer(made, "换个浏览器", by=town.desk.person)
    say_again(made, "换了也不行", by=town.firm.person)
    answer(made, "已修好了", by=town.desk.person)
    understood(made, by=town.firm.person)
    entries = Entry.objects.filter(subject=made.journal_key).order_by("seq")
    assert [entry.kind.partition(".")[2] for entry in entries] == [
        "made",
        "answered",
        "reopened",
        "answered",
        "closed",
    ]
    told = [json.loads(entry.body) for entry in entries]
    assert [body["actor"]["role"] for body in told] == [
        "enterprise",
        "desk",
        "enterprise",
        "desk",
        "enterprise",
    ]
    said = "".join(entry.body for entry in entries)
    for words in ("打不开啊", "换个浏览器", "换了也不行", "已修好了"):
        assert words not in said
        assert Words.objects.filter(text=words).exists()
    assert not verify()


def test_sent_twice_it_counts_once_and_numbers_have_no_gap(town: Town) -> None:
    first = suggest("字太小", by=town.firm.person, key="same")
    assert suggest("字太小", by=town.firm.person, key="same") == first
    assert suggest("字太小", by=town.transport.person, key="same").number == 2
    with pytest.raises(Incomplete):
        suggest(" ", by=town.firm.person)
    assert suggest("路灯", by=town.firm.person).number == 3


def test_too_long_or_empty_is_refused_and_nothing_is_stored(town: Town) -> None:
    for text in ("", "  \x00 ", "长" * (LONGEST + 1), "长" * 100_000):
        with pytest.raises(Incomplete) as no:
            suggest(text, by=town.firm.person)
        assert set(no.value.fields) == {"text"}
    assert suggest("长" * LONGEST, by=town.firm.person).number == 1
    with pytest.raises(Incomplete):
        answer(Suggestion.objects.get(), "\x07", by=town.desk.person)
    assert Entry.objects.filter(kind__startswith="suggestion.").count() == 1


def test_one_writer_cannot_bury_the_others(town: Town) -> None:
    for _ in range(MOST_A_DAY):
        suggest("字太小", by=town.firm.person)
    with pytest.raises(TooMany):
        suggest("字太小", by=town.firm.person)
    suggest("字太小", by=town.other_firm.person)
    Suggestion.objects.update(real_made_at=clock.real() - timedelta(days=1, minutes=1))
    suggest("字太小", by=town.firm.person)


def test_of_two_answers_at_once_one_wins(town: Town) -> None:
    made = suggest("多了一步", by=town.firm.person)
    as_read = Suggestion.objects.get(pk=made.pk)
    answer(made, "已去掉", by=town.desk.person)
    with pytest.raises(ChangedMeanwhile):
        answer(as_read, "不改", by=town.supervision.person)
    assert Suggestion.objects.get().answer == "已去掉"


def test_the_database_itself_keeps_an_open_one_without_an_answer(town: Town) -> None:
    made = suggest("多了一步", by=town.firm.person)
    with pytest.raises(IntegrityError):
        Suggestion.objects.filter(pk=made.pk).update(state="answered")
