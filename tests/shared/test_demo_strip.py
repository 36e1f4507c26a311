"""The demo's strip: its date, the next morning, every account's chair; outside a demo nothing."""

import sys
from collections.abc import Iterator
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from django.test import Client
from django.urls import include, path

from qingdan.domain.people.models import User
from qingdan.foundations.kernel import clock
from qingdan.interfaces.shared.doors import DOORS
from qingdan.interfaces.shared.frame import STRIPS
from qingdan.interfaces.site.demo.pages import read
from qingdan.interfaces.site.urls import urlpatterns as site
from town import Town, at

STRIP = "qingdan.interfaces.site.demo_strip"
LOAD = "qingdan.interfaces.site.demo.load"
urlpatterns: list[Any] = []
handler404 = "qingdan.interfaces.shared.errors.not_found"


@pytest.fixture
def strip(settings: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[ModuleType]:
    """The strip as a demo has it, taken away again: no other test has such doors."""
    if not find_spec(LOAD):
        stand_in = ModuleType(LOAD)
        stand_in.ACCOUNTS = []  # type: ignore[attr-defined]
        monkeypatch.setitem(sys.modules, LOAD, stand_in)
    module = import_module(STRIP)
    accounts = [("desk", "专班调度员"), ("enterprise", "酒业公司"), ("gone", "没有的人")]
    monkeypatch.setattr(module, "ACCOUNTS", accounts)
    settings.DEMO = True
    urlpatterns[:] = [path("", include(STRIP)), *site]
    settings.ROOT_URLCONF = sys.modules[__name__]
    yield module
    for name in [name for name in DOORS if name.startswith(STRIP)]:
        del DOORS[name]
    STRIPS.remove(module.strip)
    del sys.modules[STRIP]


@pytest.mark.django_db
def test_the_strip_stands_on_every_page_with_its_date(strip: ModuleType) -> None:
    clock.set_for_test(at("2023-10-30 09:00"))

    for address in ("/accounts/login/", "/nothing/"):
        page = Client().get(address).content.decode()
        assert '<aside class="demo' in page
        assert "10月30日（周一） 9:00" in page


@pytest.mark.parametrize(
    ("now", "next_one"),
    [
        ("2023-10-30 09:00", "2023-10-31 09:00"),
        ("2023-10-30 08:00", "2023-10-30 09:00"),
        ("2023-11-03 18:00", "2023-11-06 09:00"),
        ("2023-09-28 12:00", "2023-10-07 09:00"),  # a holiday, then a worked Saturday
    ],
)
def test_the_next_morning_is_nine_of_the_next_working_day(
    strip: ModuleType, now: str, next_one: str
) -> None:
    assert strip.next_morning(at(now)) == at(next_one)


@pytest.mark.django_db
def test_a_click_moves_the_countys_clock_and_nobody_is_signed_out(
    strip: ModuleType, town: Town, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("QINGDAN_DEMO_CLOCK", str(tmp_path / "clock.json"))
    clock.set_for_test(None)
    clock.move_demo(at("2023-10-30 09:00"))
    reader = Client()
    reader.force_login(User.objects.get(username="desk"))

    answer = reader.post("/demo/advance/", {"next": "/desk/"})

    assert answer["Location"] == "/desk/"
    assert clock.now().astimezone(clock.COUNTY_ZONE).isoformat()[:16] == "2023-10-31T09:00"
    assert "_auth_user_id" in reader.session
    assert reader.get("/desk/").status_code == 200


@pytest.mark.django_db
def test_one_click_sits_down_in_another_chair(strip: ModuleType, town: Town) -> None:
    reader = Client()

    reader.post("/demo/become/", {"account": "enterprise"})
    assert reader.get("/portal/").wsgi_request.person.role == "enterprise"
    reader.post("/demo/become/", {"account": "desk"})
    assert reader.get("/desk/").wsgi_request.person.role == "desk"


@pytest.mark.django_db
@pytest.mark.parametrize("account", ["", "gone", "auditor"])
def test_only_the_demos_own_accounts_have_a_chair(
    strip: ModuleType, town: Town, account: str
) -> None:
    assert Client().post("/demo/become/", {"account": account}).status_code == 404


@pytest.mark.django_db
def test_outside_a_demo_there_is_neither_strip_nor_address(town: Town) -> None:
    reader = Client()

    assert "demo" not in reader.get("/accounts/login/").content.decode()
    for address in ("/demo/advance/", "/demo/become/"):
        assert reader.post(address, {"account": "desk"}).status_code == 404
    assert "_auth_user_id" not in reader.session


@pytest.mark.django_db
def test_the_strip_asks_for_itself_whether_this_is_a_demo(
    strip: ModuleType, town: Town, settings: Any
) -> None:
    settings.DEMO = False
    reader = Client()

    assert '<aside class="demo' not in reader.get("/accounts/login/").content.decode()
    assert reader.post("/demo/become/", {"account": "desk"}).status_code == 404
    assert reader.post("/demo/advance/").status_code == 404


def test_the_strip_calls_a_unit_as_its_header_does() -> None:
    county = read("county")
    posts = {post["code"]: post for post in county["posts"]}
    units = {unit["code"]: unit["short_name"] for unit in county["units"]}
    for account in county["accounts"]:
        post = posts[account["post"]]
        if post["unit"]:
            assert account["label"] == f"{units[post['unit']]}·{post['title']}"


@pytest.mark.django_db
def test_from_chair_to_chair_each_sits_in_a_session_of_its_own(
    strip: ModuleType, town: Town
) -> None:
    reader = Client()
    keys = set()
    for account in ("desk", "enterprise", "desk"):
        assert reader.post("/demo/become/", {"account": account}).status_code == 302
        keys.add(reader.session.session_key)
    assert len(keys) == 3
