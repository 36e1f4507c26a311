"""Signing in: closed doors, a lockout, and an end after idleness or a day; all by real time."""

from datetime import timedelta

import pytest
from django.contrib.auth import get_user_model
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext

from qingdan.foundations.kernel import clock
from qingdan.interfaces.site import sessions

pytestmark = [pytest.mark.django_db, pytest.mark.db]
PASSWORD = "balomiku27"


@pytest.fixture
def user():
    cache.clear()
    return get_user_model().objects.create_user("desk", PASSWORD)


def signs_in(client, password=PASSWORD, username="desk"):
    form = {"login": username, "password": password}
    return client.post("/accounts/login/", form)


def is_signed_in(client) -> bool:
    return "_auth_user_id" in client.session


def test_name_and_password_open_the_door(client, user):
    answer = signs_in(client)

    assert (answer.status_code, answer.url) == (302, "/")
    assert is_signed_in(client)


def test_the_case_of_the_name_does_not_matter(client, user):
    signs_in(client, username="Desk")

    assert is_signed_in(client)


@pytest.mark.parametrize(
    "path",
    ["signup/", "email/", "password/reset/", "password/set/", "confirm-email/", "3rdparty/"],
)
def test_no_page_signs_anybody_up_or_asks_for_an_address(client, path):
    assert client.get(f"/accounts/{path}").status_code == 404


def test_five_wrong_passwords_lock_the_account_and_no_other(client, user, settings):
    get_user_model().objects.create_user("desk-2", PASSWORD)
    for _ in range(5):
        signs_in(client, "wrong")

    signs_in(client)
    assert not is_signed_in(client), "the right password must not open a locked account"

    signs_in(client, username="desk-2")
    assert is_signed_in(client)


def test_a_lockout_ends_by_the_machines_clock_and_not_by_the_countys(client, user):
    for _ in range(5):
        signs_in(client, "wrong")
    clock.set_for_test(clock.real() + timedelta(days=10))

    signs_in(client)

    assert not is_signed_in(client)


def at(monkeypatch, minutes: float) -> None:
    began = clock.real()
    monkeypatch.setattr(sessions.clock, "real", lambda: began + timedelta(minutes=minutes))


def test_a_sign_in_ends_after_half_an_hour_without_a_page(client, user, monkeypatch):
    client.force_login(user)
    client.get("/health/live")

    at(monkeypatch, 31)
    client.get("/health/live")

    assert not is_signed_in(client)


def test_a_shorter_idle_time_is_kept(client, user, monkeypatch, settings):
    settings.IDLE_MINUTES = 5
    client.force_login(user)
    client.get("/health/live")

    at(monkeypatch, 6)
    client.get("/health/live")

    assert not is_signed_in(client)


def test_pages_in_between_keep_it_until_the_day_is_over(client, user, monkeypatch):
    client.force_login(user)
    began = clock.real()
    for minutes in range(0, 12 * 60, 20):
        monkeypatch.setattr(sessions.clock, "real", lambda m=minutes: began + timedelta(minutes=m))
        client.get("/health/live")
        assert is_signed_in(client)

    monkeypatch.setattr(sessions.clock, "real", lambda: began + timedelta(hours=12))
    client.get("/health/live")

    assert not is_signed_in(client)


def test_a_shorter_day_is_kept_however_busy(client, user, monkeypatch, settings):
    settings.SESSION_HOURS = 1
    client.force_login(user)
    client.get("/health/live")
    began = clock.real()
    for minutes, still in ((20, True), (40, True), (59, True), (61, False)):
        monkeypatch.setattr(sessions.clock, "real", lambda m=minutes: began + timedelta(minutes=m))
        client.get("/health/live")
        assert is_signed_in(client) == still, minutes


def test_moving_the_countys_clock_signs_nobody_out(client, user):
    client.force_login(user)
    client.get("/health/live")
    clock.set_for_test(clock.real() + timedelta(days=10))

    client.get("/health/live")

    assert is_signed_in(client)


def test_a_session_is_written_at_most_once_a_minute(client, user, monkeypatch):
    client.force_login(user)
    client.get("/health/live")

    with CaptureQueriesContext(connection) as asked:
        client.get("/health/live")
    assert [query for query in asked if not query["sql"].startswith("SELECT")] == []

    at(monkeypatch, 2)
    with CaptureQueriesContext(connection) as asked:
        client.get("/health/live")
    assert [query["sql"] for query in asked if query["sql"].startswith("UPDATE")]


def test_cookies_are_out_of_reach_of_scripts_and_other_sites(client, user):
    cookie = signs_in(client).cookies["sessionid"]

    assert cookie["httponly"]
    assert cookie["samesite"] == "Lax"
