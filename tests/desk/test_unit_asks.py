"""What a unit asks for and agrees to, on its own pages."""

import pytest
from django.test import Client

from qingdan.domain.people.models import Unit, User
from town import Town

pytestmark = pytest.mark.django_db


def client(code: str) -> Client:
    one = Client(headers={"accept-language": "zh-hans"})
    one.force_login(User.objects.get(username=code))
    return one


@pytest.fixture
def ref(town: Town) -> str:
    return town.desk.registers("货车限行", unit="market-regulation", due_on="2023-11-10")


def version(town: Town, ref: str) -> str:
    return str(town.issue(ref).version)


def test_a_unit_asks_for_another_one_on_one_form(town: Town, ref: str) -> None:
    unit = client("market-regulation")
    assert "/desk/2023/1/object/" in unit.get("/desk/").content.decode()
    page = unit.get("/desk/2023/1/object/").content.decode()
    assert "申请调整承办单位" in page
    assert 'value="market-regulation"' not in page
    sent = {"version": version(town, ref), "reason": "", "unit": "transport"}
    assert unit.post("/desk/2023/1/object/", sent).status_code == 422
    answer = unit.post("/desk/2023/1/object/", sent | {"reason": "属交通职责"})
    assert answer.status_code == 303
    assert town.issue(ref).parts[0].state == "disputed"
    assert "申请调整中" in unit.get("/desk/").content.decode()


def test_a_unit_asks_for_a_later_date(town: Town, ref: str) -> None:
    town.market_regulation.does("contact", ref, kind="first")
    unit = client("market-regulation")
    assert "/desk/2023/1/request-extension/" in unit.get("/desk/2023/1/").content.decode()
    page = unit.get("/desk/2023/1/request-extension/").content.decode()
    assert "11月10日" in page
    assert "2023-11-17" in page
    sent = {"version": version(town, ref), "reason": "等检验", "due_on": "2023-11-12"}
    assert unit.post("/desk/2023/1/request-extension/", sent).status_code == 422
    answer = unit.post("/desk/2023/1/request-extension/", sent | {"due_on": "2023-11-15"})
    assert answer.status_code == 303
    assert town.issue(ref).asked


def test_the_deputys_yes_is_one_tap_where_the_unit_wants_it(town: Town, ref: str) -> None:
    deputy, contact = client("deputy"), client("market-regulation")
    assert contact.post("/desk/deputy-answers/", {"wants": "yes"}).status_code == 403
    assert deputy.post("/desk/deputy-answers/", {"wants": "yes"}).status_code == 302
    assert Unit.objects.get(code="market-regulation").deputy_answers
    town.market_regulation.does("contact", ref, kind="first")
    town.market_regulation.does(
        "report-result", ref, kind="solved", text="办好了", evidence=["1 号"], finish=[1]
    )
    page = deputy.get("/desk/").content.decode()
    assert "待批" in page
    assert "办好了" in page
    ours = contact.get("/desk/").content.decode()
    assert "待批" not in ours
    assert "在等分管负责人同意" in ours
    assert "/desk/2023/1/result/" not in ours, "it is written already"
    own = deputy.get("/desk/2023/1/").content.decode()
    assert own.count('action="/desk/2023/1/agree/"') == 1
    assert "/desk/2023/1/return/" in own
    assert "/agree/" not in contact.get("/desk/2023/1/").content.decode()
    deputy.post("/desk/2023/1/agree/", {"version": version(town, ref)})
    assert town.issue(ref).state in ("reported", "verified")


def test_given_back_the_contact_reads_what_is_lacking(town: Town, ref: str) -> None:
    Unit.objects.filter(code="market-regulation").update(deputy_answers=True)
    town.market_regulation.does("contact", ref, kind="first")
    town.market_regulation.does(
        "report-result", ref, kind="solved", text="办好了", evidence=["1 号"], finish=[1]
    )
    deputy = client("deputy")
    assert deputy.get("/desk/2023/1/return/").status_code == 200
    sent = {"version": version(town, ref), "reason": "写清楚证号"}
    assert deputy.post("/desk/2023/1/return/", sent).status_code == 303
    assert not town.issue(ref).asked
    assert "写清楚证号" in client("market-regulation").get("/desk/2023/1/").content.decode()
    assert deputy.get("/desk/2023/1/return/").status_code == 409


def test_the_matters_page_offers_the_yes_to_the_deputy_and_says_so_to_the_contact(
    town: Town, ref: str
) -> None:
    Unit.objects.filter(code="market-regulation").update(deputy_answers=True)
    town.market_regulation.does("contact", ref, kind="first")
    town.market_regulation.does(
        "report-result", ref, kind="solved", text="办好了", evidence=["1 号"], finish=[1]
    )
    page = client("deputy").get("/desk/2023/1/").content.decode()
    assert "/desk/2023/1/agree/" in page
    assert "/desk/2023/1/result/" not in page
    page = client("market-regulation").get("/desk/2023/1/").content.decode()
    assert "/desk/2023/1/agree/" not in page
    assert "同意办结结果" in page


def test_another_unit_is_offered_only_while_it_can_be_asked_for(town: Town, ref: str) -> None:
    unit = client("market-regulation")
    assert "/desk/2023/1/object/" in unit.get("/desk/").content.decode()
    town.on("2023-11-01")
    assert "/desk/2023/1/object/" not in unit.get("/desk/").content.decode()
