"""Who leaves, moves or is released loses everything the same minute, open pages included."""

import itertools
import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings
from django.contrib.sessions.models import Session
from django.db import connection
from django.http import HttpResponse
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext
from playwright.sync_api import Page, expect

from qingdan.domain.enterprises.actions import make_link, revoke_link
from qingdan.domain.enterprises.models import Link
from qingdan.domain.people.actions import make_token, take_post
from qingdan.domain.people.models import ApiToken, Holding, Post, User
from qingdan.foundations.journal.models import Head
from qingdan.foundations.kernel import clock
from qingdan.interfaces.jobs.worker import run_once
from qingdan.interfaces.shared import live
from town import COUNTY, Town

pytestmark = pytest.mark.db

Sits = Callable[..., Page]
GONE = "这里的内容已不在您名下。"
SIGN_IN = "登录已经结束"


class Machine:
    """The machine's clock, which no test waits for."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.ahead = timedelta()
        real = clock.real
        monkeypatch.setattr(live.clock, "real", lambda: real() + self.ahead)

    def passes(self, **time: int) -> None:
        self.ahead += timedelta(**time)


@pytest.fixture
def machine(monkeypatch: pytest.MonkeyPatch) -> Machine:
    return Machine(monkeypatch)


class Opened:
    """An open page: what it polls, and what it gets when it asks for itself again."""

    def __init__(self, client: Client, address: str, machine: Machine) -> None:
        self.client, self.address, self.machine = client, address, machine
        self.live = self._live()
        assert self.polls() == 200

    def _live(self) -> str:
        answer = self.client.get(self.address)
        assert answer.status_code == 200, self.address
        return re.search(r'data-live(?:-here)?="([^"]+)"', answer.content.decode())[1]

    def polls(self) -> int:
        self.machine.passes(seconds=2)
        return self.client.get(self.live).status_code

    def asks_again(self) -> int:
        headers = {"X-Qingdan-Part": "matter"}
        return self.client.get(self.address, headers=headers).status_code


@pytest.fixture
def opens(town: Town, machine: Machine) -> Callable[..., Opened]:
    def open_page(code: str, address: str) -> Opened:
        client = Client(headers={"accept-language": "zh-hans"})
        client.force_login(town.posts[code].holdings.get().user)
        return Opened(client, address, machine)

    return open_page


def given(town: Town) -> str:
    """A matter that the transport bureau has; its page."""
    ref = town.desk.registers("货车限行，绕路多跑十二公里", unit="transport", due_on="2023-11-06")
    return page_of(ref)


def page_of(ref: str) -> str:
    year, number = re.search(r"〔(\d+)〕(\d+)号", ref).groups()
    return f"/desk/{year}/{number}/"


# ------------------------------------------------------------------ people


def test_a_former_employee_is_refused_at_the_next_request_and_the_open_page_hears_it(
    town: Town, opens: Any
) -> None:
    page = opens("transport", given(town))
    User.objects.filter(username="transport").update(is_active=False)
    assert page.polls() == 410
    assert page.asks_again() == 401
    assert page.client.get("/desk/").status_code == 302


def test_whose_post_ended_is_refused_even_if_the_end_had_been_written_down_long_before(
    town: Town, opens: Any
) -> None:
    page = opens("transport", given(town))
    leaves = clock.now() + timedelta(hours=1)
    Holding.objects.filter(post=town.posts["transport"]).update(to_at=leaves)
    assert page.polls() == 200, "still in office"
    town.passes(hours=2)
    assert page.polls() == 410
    assert page.asks_again() == 403
    assert page.client.get("/desk/").status_code == 403


def test_a_moved_officer_finds_the_old_matters_gone_and_works_in_the_new_post(
    town: Town, opens: Any
) -> None:
    address = given(town)
    page = opens("transport", address)
    user = User.objects.get(username="transport")
    Holding.objects.filter(user=user).update(to_at=clock.now())
    moved_to = Post.objects.create(
        county=COUNTY,
        code="new-handler",
        role="unit",
        unit=town.units["admin-approval"],
        duty="contact",
        title="干部",
    )
    take_post(moved_to, user)
    assert page.polls() == 410
    assert page.asks_again() == 404
    assert address not in page.client.get("/desk/").content.decode()
    assert page.client.get("/desk/").status_code == 200


def test_an_ended_sign_in_is_over_in_every_open_page(town: Town, opens: Any) -> None:
    page = opens("desk", given(town))
    other = opens("desk-2", "/desk/")
    Session.objects.filter(session_key=page.client.session.session_key).delete()
    assert page.polls() == 410
    assert page.asks_again() == 401
    assert other.polls() in (200, 304), "nobody else is signed out"


def test_api_tokens_end_with_their_revocation_their_post_and_their_account(town: Town) -> None:
    given(town)

    def asks(token: str) -> int:
        caller = Client(headers={"authorization": f"Bearer {token}"})
        return caller.get("/api/v1/issues").status_code

    token = make_token("transport")
    assert asks(token) == 200
    ApiToken.objects.update(real_revoked_at=clock.real())
    assert asks(token) == 401

    second = make_token("transport")
    assert asks(second) == 200
    User.objects.filter(username="transport").update(is_active=False)
    assert asks(second) == 401
    User.objects.filter(username="transport").update(is_active=True)
    Holding.objects.filter(post=town.posts["transport"]).update(to_at=clock.now())
    assert asks(second) == 401


# ------------------------------------------------------------------ the enterprise's link


def test_a_revoked_link_closes_the_enterprises_open_page(town: Town, machine: Machine) -> None:
    town.firm.registers("路灯坏了")
    client = Client()
    token = make_link(town.firm_subject, by=town.desk.person)
    client.get(f"/portal/l/{token}/", follow=True)
    page = Opened(client, "/portal/", machine)
    revoke_link(Link.objects.get(), by=town.desk.person)
    assert page.polls() == 410
    assert page.asks_again() == 401
    assert client.get("/portal/2023/1/").status_code == 302
    assert Client().get(f"/portal/l/{token}/").status_code == 404


def test_a_link_that_ended_by_its_date_does_so_too(town: Town, machine: Machine) -> None:
    town.firm.registers("路灯坏了")
    client = Client()
    client.get(f"/portal/l/{make_link(town.firm_subject, by=town.desk.person)}/")
    page = Opened(client, "/portal/", machine)
    town.passes(days=366)
    assert page.polls() == 410
    assert page.asks_again() == 401


# ------------------------------------------------------------------ matters


def test_a_released_unit_finds_no_page_and_no_row(town: Town, opens: Any) -> None:
    address = given(town)
    page = opens("transport", address)
    leads = opens("transport", "/desk/")
    assert address in leads.client.get("/desk/").content.decode()
    town.desk.does("change", ref_of(address), lead="admin-approval", reason="不归交通")
    assert page.asks_again() == 404
    assert address not in leads.client.get("/desk/").content.decode()


def test_a_class_that_changed_closes_the_matter_to_who_may_not_see_it_now(
    town: Town, opens: Any
) -> None:
    address = page_of(town.firm.registers("窗口办事拖拉，跑了五趟"))
    leader, desk = opens("leader", address), opens("desk", address)
    town.desk.does(
        "triage",
        ref_of(address),
        track="scheduled",
        grade="B",
        lead="admin-approval",
        **{"class": "name_hidden"},
        shown_title="窗口服务",
        shown_body="一家企业反映窗口服务慢",
    )
    assert leader.asks_again() == 404
    assert desk.asks_again() == 200


def ref_of(address: str) -> str:
    year, number = re.search(r"/(\d+)/(\d+)/$", address).groups()
    return f"〔{year}〕{number}"


# ------------------------------------------------------------------ the address of a poll


def test_the_address_of_a_poll_serves_nobody_but_its_own_page(town: Town, opens: Any) -> None:
    page = opens("desk", given(town))
    stranger, other = Client(), opens("transport", "/desk/").client
    for somebody in (stranger, other):
        answer = somebody.get(page.live)
        assert (answer.status_code, answer.content) == (410, b'{"version":null}')
    assert page.polls() in (200, 304)


def test_the_address_of_a_poll_ends_with_the_time_that_a_sign_in_may_idle(
    town: Town, opens: Any, machine: Machine
) -> None:
    page = opens("desk", given(town))
    machine.passes(minutes=settings.IDLE_MINUTES - 1)
    assert page.polls() == 200
    machine.passes(minutes=3)
    assert page.polls() == 410


def test_nothing_of_a_session_stands_in_the_address(town: Town, opens: Any) -> None:
    page = opens("desk", given(town))
    key = page.client.session.session_key
    assert key[:8] not in page.live


def test_however_many_pages_poll_their_people_are_asked_for_together(
    town: Town, opens: Any, machine: Machine
) -> None:
    address = given(town)
    codes = ("desk", "desk-2", "supervision", "transport", "main-leader")
    pages = [opens(code, address) for code in codes]
    process = live.LiveMiddleware(lambda request: HttpResponse())

    keys = [page.client.session.session_key for page in pages]

    def poll() -> list[int]:
        found = []
        for page, key in zip(pages, keys, strict=True):
            asked = RequestFactory().get(page.live)
            asked.COOKIES["sessionid"] = key
            found.append(process(asked).status_code)
        return found

    assert poll() == [200] * 5
    Session.objects.filter(session_key=keys[0]).delete()
    machine.passes(seconds=2)
    with CaptureQueriesContext(connection) as queries:
        answers = poll() + poll()
    assert answers == [410, 200, 200, 200, 200] * 2
    assert len(queries) == 3  # sessions, holdings, topics


@pytest.mark.parametrize(
    ("code", "address"),
    [
        ("desk", "/desk/register/"),
        ("desk", "/board/enterprises/{firm}/"),
        ("transport", "/board/lists/problems/"),
        ("auditor", "/administration/journal/"),
        ("enterprise", "/portal/people/"),
    ],
)
def test_a_page_that_nothing_changes_hears_of_it_too(
    town: Town, opens: Any, code: str, address: str
) -> None:
    page = opens(code, address.format(firm=town.firm_id))
    Holding.objects.filter(post=town.posts[code]).update(to_at=clock.now())
    assert page.polls() == 410
    assert page.asks_again() == 403


def test_a_page_that_refuses_polls_nothing_so_hidden_and_absent_stay_alike(town: Town) -> None:
    given(town)
    client = Client()
    client.force_login(town.posts["power-company"].holdings.get().user)
    for number in (1, 99):
        answer = client.get(f"/desk/2023/{number}/")
        assert answer.status_code == 404
        assert "/live/" not in answer.content.decode()
    assert "/live/" not in Client().get("/accounts/login/").content.decode()


# ------------------------------------------------------------------ in a browser

_JOURNALS = itertools.count(1000, 1000)


@pytest.fixture
def _journal_goes_on(town: Town) -> None:
    """The server of all these tests remembers how far the journal of the one before had come."""
    Head.objects.create(county=COUNTY, seq=next(_JOURNALS))


@pytest.mark.browser
@pytest.mark.usefixtures("_journal_goes_on")
@pytest.mark.django_db(transaction=True)
def test_a_released_units_open_page_is_emptied_and_says_so(
    town: Town, live_server: Any, sits_down: Sits
) -> None:
    address = given(town)
    run_once()
    page = sits_down("transport")
    with page.expect_response("**/live/**"):
        page.goto(f"{live_server.url}{address}")
    expect(page.locator("#matter h1")).to_contain_text("货车限行")
    town.desk.does("change", ref_of(address), lead="admin-approval", reason="不归交通")
    run_once()
    expect(page.locator("#main h1")).to_have_text(GONE, timeout=20_000)
    assert "货车限行" not in page.content()
    assert "货车" not in page.title()


@pytest.mark.browser
@pytest.mark.usefixtures("_journal_goes_on")
@pytest.mark.django_db(transaction=True)
def test_an_ended_sign_ins_open_page_is_emptied_and_asks_to_sign_in(
    town: Town, live_server: Any, sits_down: Sits
) -> None:
    address = given(town)
    page = sits_down("desk")
    page.goto(f"{live_server.url}{address}")
    expect(page.locator("#matter h1")).to_contain_text("货车限行")
    page.locator("#text").fill("明天到现场看")
    Session.objects.all().delete()
    expect(page.locator("#main h1")).to_contain_text(SIGN_IN, timeout=20_000)
    assert "货车限行" not in page.content()
    way = page.get_by_role("link", name="登录")
    assert way.get_attribute("href") == f"/accounts/login/?next={address.replace('/', '%2F')}"


@pytest.mark.browser
@pytest.mark.usefixtures("_journal_goes_on")
@pytest.mark.django_db(transaction=True)
def test_a_matter_open_beside_the_list_goes_with_its_row(
    town: Town, live_server: Any, sits_down: Sits
) -> None:
    address = page_of(town.firm.registers("窗口办事拖拉，跑了五趟"))
    run_once()
    page = sits_down("leader")
    with page.expect_response("**/live/**"):
        page.goto(f"{live_server.url}/desk/?open={ref_of(address)[1:].replace('〕', '-')}")
    beside = page.locator("#opened")
    expect(beside).to_contain_text("跑了五趟")
    town.desk.does(
        "triage",
        ref_of(address),
        track="scheduled",
        grade="B",
        lead="admin-approval",
        **{"class": "name_hidden"},
        shown_title="窗口服务",
        shown_body="一家企业反映窗口服务慢",
    )
    run_once()
    expect(beside).to_have_text(GONE, timeout=20_000)
    assert "窗口" not in page.content()


@pytest.mark.browser
@pytest.mark.usefixtures("_journal_goes_on")
@pytest.mark.django_db(transaction=True)
def test_an_enterprises_page_is_emptied_when_the_post_of_its_reader_ends(
    town: Town, live_server: Any, sits_down: Sits
) -> None:
    page = sits_down("leader")
    with page.expect_response("**/live/**"):
        page.goto(f"{live_server.url}/board/enterprises/{town.firm_id}/")
    name = town.firm_subject.name
    expect(page.locator("h1")).to_have_text(name)
    Holding.objects.filter(post=town.posts["leader"]).update(to_at=clock.now())
    expect(page.locator("#main h1")).to_have_text(GONE, timeout=20_000)
    assert name not in page.content()
