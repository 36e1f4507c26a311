"""登记问题: one form, two required fields; unit and date give it at once."""

from uuid import uuid4

import pytest
from django.test import Client

from qingdan.domain.enterprises.models import Subject
from qingdan.domain.ledger.models import Issue
from qingdan.domain.people.models import User
from town import Town

pytestmark = pytest.mark.db

REGISTER = "/desk/register/"
SAID = "污水接不进园区管网，环保说月底来查。"


def signed_in(code: str) -> Client:
    client = Client()
    client.force_login(User.objects.get(username=code))
    return client


def form(**fields: str) -> dict[str, str]:
    return {"key": str(uuid4()), "then": "only", "handling": "normal", **fields}


def test_two_fields_are_enough(town: Town) -> None:
    answer = signed_in("desk").post(REGISTER, form(firm="某酒业有限公司", body=SAID))
    issue = Issue.objects.get()
    assert answer.status_code == 303
    assert answer["Location"] == f"/desk/{issue.year}/{issue.number}/"
    assert (issue.state, issue.title) == ("registered", "污水接不进园区管网")
    assert issue.subject_id == town.firm_id


def test_with_unit_and_date_it_is_given_at_once(town: Town) -> None:
    sent = form(
        firm="某酒业有限公司", body=SAID, unit="transport", due_on="2023-11-06", then="give"
    )
    signed_in("desk").post(REGISTER, sent)
    issue = Issue.objects.get()
    assert (issue.state, str(issue.promised_on)) == ("listed", "2023-11-06")
    assert issue.lead is not None
    assert issue.lead.unit.code == "transport"


def test_only_to_register_leaves_unit_and_date_aside(town: Town) -> None:
    sent = form(firm="某酒业有限公司", body=SAID, unit="transport", due_on="2023-11-06")
    signed_in("desk").post(REGISTER, sent)
    assert Issue.objects.get().state == "registered"


@pytest.mark.parametrize("said", ["某酒业有限公司", "某酒业有", "91430481MA0000001A"])
def test_a_firm_is_found_by_name_short_name_or_code(town: Town, said: str) -> None:
    Subject.objects.filter(pk=town.firm_id).update(uscc="91430481MA0000001A")
    if said.isascii():
        from qingdan.foundations.kernel.identifiers import uscc_for

        said = uscc_for("91430481", "MA000001")
        Subject.objects.filter(pk=town.firm_id).update(uscc=said)
    signed_in("desk").post(REGISTER, form(firm=said, body=SAID))
    assert Issue.objects.get().subject_id == town.firm_id


def test_a_firm_that_is_missing_is_added_with_its_matter(town: Town) -> None:
    from qingdan.foundations.kernel.identifiers import uscc_for

    client = signed_in("desk")
    asked = client.post(REGISTER, form(firm="新来的饲料厂", body=SAID))
    assert asked.status_code == 422
    page = asked.content.decode()
    assert "登记簿里没有“新来的饲料厂”" in page
    assert SAID in page
    code = uscc_for("91430481", "MA4L1234")
    client.post(REGISTER, form(firm="新来的饲料厂", uscc=code, body=SAID))
    assert Issue.objects.get().subject.uscc == code


def test_a_wrong_code_is_refused_with_its_check_digit_and_nothing_is_kept(town: Town) -> None:
    from qingdan.foundations.kernel.identifiers import uscc_for

    code = uscc_for("91430481", "MA4L1234")
    wrong = code[:17] + ("1" if code[17] != "1" else "2")
    answer = signed_in("desk").post(REGISTER, form(firm="新来的饲料厂", uscc=wrong, body=SAID))
    page = answer.content.decode()
    assert answer.status_code == 422
    assert code[17] in page
    assert wrong in page
    assert not Issue.objects.exists()
    assert Subject.objects.count() == 2


def test_the_code_of_another_firm_is_not_taken_for_a_new_one(town: Town) -> None:
    from qingdan.foundations.kernel.identifiers import uscc_for

    code = uscc_for("91430481", "MA4L1234")
    town.add_firm("永丰饲料有限公司", code)
    answer = signed_in("desk").post(REGISTER, form(firm="别的名字", uscc=code, body=SAID))
    assert answer.status_code == 422
    assert "永丰饲料有限公司" in answer.content.decode()


def test_part_of_a_name_is_never_guessed_but_offered(town: Town) -> None:
    answer = signed_in("desk").post(REGISTER, form(firm="酒业", body=SAID))
    assert answer.status_code == 422
    assert "是不是某酒业有限公司" in answer.content.decode()


def test_a_form_sent_twice_registers_once(town: Town) -> None:
    client = signed_in("desk")
    sent = form(firm="某酒业有限公司", body=SAID)
    first, second = client.post(REGISTER, sent), client.post(REGISTER, sent)
    assert Issue.objects.count() == 1
    assert first["Location"] == second["Location"]
    client.post(REGISTER, sent | {"body": "另外一件事。"})
    assert Issue.objects.count() == 2, "other words are another matter"


def test_a_refused_form_can_be_sent_again(town: Town) -> None:
    client = signed_in("desk")
    sent = form(firm="某酒业有限公司", body="")
    assert client.post(REGISTER, sent).status_code == 422
    client.post(REGISTER, sent | {"body": SAID})
    client.post(REGISTER, sent | {"body": SAID})
    assert Issue.objects.count() == 1


def test_what_the_desk_may_not_see_is_registered_without_leading_there(town: Town) -> None:
    sent = form(
        firm="某酒业有限公司", body="某局吃拿卡要", handling="supervision_only", about="transport"
    )
    answer = signed_in("desk").post(REGISTER, sent, follow=True)
    assert answer.status_code == 200
    assert answer.redirect_chain == [(REGISTER, 303)]
    assert Issue.objects.get().about is not None


def test_a_park_registers_for_its_own_firms_a_department_for_none(town: Town) -> None:
    Subject.objects.filter(pk=town.firm_id).update(park=town.units["park"])
    page = signed_in("park").get(REGISTER).content.decode()
    assert "某酒业有限公司" in page
    assert "某材料有限公司" not in page
    assert signed_in("transport").get(REGISTER).status_code == 403


def test_the_page_says_what_a_date_means(town: Town) -> None:
    client = signed_in("desk")
    said = client.get(f"{REGISTER}dates/?due_on=2023-11-06").content.decode()
    assert "企业会看到：答应11月6日（周一）" in said
    assert "为什么是这天" in said
    off = client.get(f"{REGISTER}dates/?due_on=2023-11-05").content.decode()
    assert "11月6日" in off


def test_the_form_asks_few_questions_of_the_database(
    town: Town, django_assert_max_num_queries: object
) -> None:
    client = signed_in("desk")
    with django_assert_max_num_queries(12):  # type: ignore[operator]
        client.get(REGISTER)


def test_the_page_says_what_the_firm_has_open(town: Town) -> None:
    client = signed_in("desk")
    address = f"{REGISTER}firm/?firm="
    assert "没有在办的事项" in client.get(f"{address}某酒业有限公司").content.decode()
    town.desk.registers("自来水压力不够。")
    assert "自来水压力不够" in client.get(f"{address}某酒业有限公司").content.decode()
    assert client.get(f"{address}没有这家").content.decode().strip() == ""
    assert "自来水" not in signed_in("park").get(f"{address}某酒业有限公司").content.decode()
