"""A live poll says whether something moved, and nothing else, at next to no cost."""

from datetime import timedelta
from urllib.parse import quote

import pytest
from django.conf import settings
from django.db import DatabaseError, connection
from django.http import HttpResponse
from django.test import RequestFactory
from django.test.utils import CaptureQueriesContext

from qingdan.foundations.journal.models import Topic
from qingdan.foundations.kernel import clock
from qingdan.interfaces.jobs.worker import run_once
from qingdan.interfaces.shared import live
from qingdan.interfaces.shared.live import LiveMiddleware, sign_topic, topic_url
from town import COUNTY, MONDAY, Town

pytestmark = pytest.mark.db


class Page:
    """An open page in a browser, and the machine's clock that its polls go by."""

    def __init__(self, monkeypatch) -> None:
        self.now = MONDAY
        self.middleware = LiveMiddleware(lambda request: HttpResponse("a page"))
        monkeypatch.setattr(live.clock, "real", lambda: self.now)

    def polls(self, name: str, etag: str | None = None, county: str = COUNTY) -> HttpResponse:
        return self.asks(topic_url(county, name), etag)

    def asks(self, address: str, etag: str | None = None, method: str = "get") -> HttpResponse:
        headers = {} if etag is None else {"If-None-Match": etag}
        ask = getattr(RequestFactory(), method)
        return self.middleware(ask(address, headers=headers))

    def waits(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)


@pytest.fixture
def page(db, monkeypatch) -> Page:
    return Page(monkeypatch)


def moved(name: str, version: int, county: str = COUNTY) -> None:
    Topic.objects.update_or_create(county=county, name=name, defaults={"version": version})


def test_a_poll_tells_the_version_and_says_304_while_nothing_moves(page):
    moved("issue:12", 7)
    answer = page.polls("issue:12")
    assert (answer.status_code, answer.content) == (200, b'{"version":7}')
    assert answer["ETag"] == '"7"'
    assert answer["Content-Type"] == "application/json"
    assert answer["Cache-Control"] == "no-store"

    page.waits(5)
    again = page.polls("issue:12", etag='"7"')
    assert (again.status_code, again.content, again["ETag"]) == (304, b"", '"7"')


@pytest.mark.parametrize("etag", ['W/"7"', '"6", "7"', '"6",W/"7"'])
def test_a_tag_that_a_proxy_weakened_still_counts(page, etag):
    moved("issue:12", 7)
    assert page.polls("issue:12", etag).status_code == 304


@pytest.mark.parametrize("etag", ['"6"', "7", "", '"77"', "W/7"])
def test_any_other_tag_gets_the_version(page, etag):
    moved("issue:12", 7)
    assert page.polls("issue:12", etag).status_code == 200


def test_what_moved_is_told_after_a_second_at_most(page):
    moved("issue:12", 7)
    page.polls("issue:12")
    moved("issue:12", 9)
    page.waits(0.5)
    assert page.polls("issue:12", '"7"').status_code == 304
    page.waits(0.5)
    assert page.polls("issue:12", '"7"').content == b'{"version":9}'


def test_what_nothing_has_touched_yet_is_version_nought_and_moves_later(page):
    assert page.polls("desk").content == b'{"version":0}'
    moved("desk", 1)
    page.waits(1)
    assert page.polls("desk").content == b'{"version":1}'


def test_counties_do_not_see_each_others_topics(page):
    moved("desk", 5)
    moved("desk", 3, county="430482")
    assert page.polls("desk").content == b'{"version":5}'
    assert page.polls("desk", county="430482").content == b'{"version":3}'
    moved("desk", 4, county="430482")
    page.waits(1)
    assert page.polls("desk", county="430482").content == b'{"version":4}'
    assert page.polls("desk").content == b'{"version":5}'


def test_however_many_poll_the_database_is_asked_once_a_second(page):
    for n in range(20):
        moved(f"issue:{n}", n + 1)
        page.polls(f"issue:{n}")
    page.waits(1)
    with CaptureQueriesContext(connection) as queries:
        for n in list(range(20)) * 5:
            page.polls(f"issue:{n}")
    assert len(queries) == 1


def test_the_copy_does_not_grow_without_end(page, monkeypatch):
    monkeypatch.setattr(live, "MOST", 3)
    for n in range(10):
        moved(f"issue:{n}", n + 1)
        page.waits(1)
        assert page.polls(f"issue:{n}").content == b'{"version":%d}' % (n + 1)
    assert len(page.middleware.versions._known) <= 5


def test_a_clock_that_is_set_back_does_not_freeze_the_pages(page):
    moved("desk", 1)
    page.polls("desk")
    moved("desk", 2)
    page.waits(-3600)
    assert page.polls("desk").content == b'{"version":2}'


def test_an_older_database_put_in_place_does_not_freeze_the_pages(page):
    moved("desk", 900)
    page.polls("desk")
    moved("desk", 12)  # as in a backup
    page.waits(1)
    assert page.polls("desk", '"900"').content == b'{"version":12}'
    moved("desk", 13)
    page.waits(1)
    assert page.polls("desk", '"12"').content == b'{"version":13}'


@pytest.mark.parametrize(
    "token",
    ["", "x", "430481/desk", f"{COUNTY}/desk:bad-signature", "%00", "430481/desk:"],
)
def test_a_topic_that_nobody_signed_is_not_there(page, token):
    assert page.asks(f"/live/{token}").status_code == 404


def test_a_signature_serves_for_its_own_topic_and_county_alone(page):
    for topic in (f"{COUNTY}/unit:5", "430482/desk"):
        signature = sign_topic(COUNTY, "desk").rpartition(":")[2]
        assert page.asks(f"/live/{quote(topic)}:{signature}").status_code == 404


def test_only_looking_is_possible(page):
    assert page.asks(topic_url(COUNTY, "desk"), method="post").status_code == 405
    assert page.asks(topic_url(COUNTY, "desk"), method="head").status_code == 200


def test_every_other_address_is_left_to_the_pages(page):
    assert page.asks("/desk/").content == b"a page"
    assert page.asks("/liver/").content == b"a page"


def test_without_a_database_a_poll_is_told_to_come_again(page, monkeypatch):
    def gone(*_):
        raise DatabaseError("gone")

    monkeypatch.setattr(page.middleware.versions, "of", gone)
    answer = page.polls("desk")
    assert (answer.status_code, answer["Retry-After"]) == (503, "5")


def test_it_is_answered_before_sessions_are_looked_at():
    order = settings.MIDDLEWARE
    here = order.index("qingdan.interfaces.shared.live.LiveMiddleware")
    assert here < order.index("django.contrib.sessions.middleware.SessionMiddleware")


def test_a_new_matter_moves_the_desks_page_without_a_session(town: Town, client, monkeypatch):
    run_once()
    address = topic_url(COUNTY, "desk")
    before = client.get(address)["ETag"]
    town.firm.registers("园区道路窄，货车进不来")
    run_once()
    real = clock.real()
    monkeypatch.setattr(live.clock, "real", lambda: real + timedelta(seconds=2))
    after = client.get(address, headers={"If-None-Match": before})
    assert after.status_code == 200
    assert after["ETag"] != before
    assert "Set-Cookie" not in after
