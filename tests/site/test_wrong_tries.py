"""A thousand tries at the door: nothing opens, nothing is told, nobody else stays outside."""

import re
import time
from functools import lru_cache
from itertools import count
from types import SimpleNamespace

import pytest
from allauth.core.internal import ratelimit
from django.contrib.auth import get_user_model
from django.contrib.auth.hashers import MD5PasswordHasher
from django.contrib.sessions.models import Session
from django.core.cache import cache
from django.db import connection
from django.test import Client

from qingdan.interfaces.site.models import SignIn

pytestmark = pytest.mark.django_db
PASSWORD = "balomiku27"
DOOR = "/accounts/login/"


@pytest.fixture(autouse=True)
def _accounts() -> None:
    cache.clear()
    for name in ("desk", "locked", "other"):
        get_user_model().objects.create_user(name, PASSWORD)
    get_user_model().objects.create_user("former", PASSWORD, is_active=False)


def tries(name: str, password: str = "wrong", address: str = "10.0.0.1", **more: str):
    """One try of a browser that was never here. One client serves all: a new one costs more."""
    client = _client()
    client.cookies.clear()
    headers = {"accept-language": "zh-hans", **more}
    form = {"login": name, "password": password}
    return client.post(DOOR, form, headers=headers, REMOTE_ADDR=address)


@lru_cache
def _client() -> Client:
    return Client()


def told(answer, name: str) -> str:
    """The page without what the browser itself sent, and without its form's token."""
    page = answer.content.decode().replace(f'value="{name}"', 'value="NAME"')
    return re.sub(r'(name="csrfmiddlewaretoken" value=)"\w+"', r'\1"TOKEN"', page)


def locks(name: str) -> None:
    for _ in range(5):
        tries(name)


def counted(monkeypatch) -> list[str]:
    """Each time that a password is hashed, for whatever reason."""
    hashed: list[str] = []
    encode = MD5PasswordHasher.encode

    def encoding(self, password, salt):
        hashed.append(password)
        return encode(self, password, salt)

    monkeypatch.setattr(MD5PasswordHasher, "encode", encoding)
    return hashed


@pytest.mark.db
def test_wrong_unknown_locked_and_closed_are_answered_alike_after_the_same_work(
    monkeypatch,
) -> None:
    locks("locked")
    locks("never-was")
    cases = {
        "a wrong password": ("desk", "wrong"),
        "an unknown name": ("nobody", "wrong"),
        "a locked account": ("locked", "wrong"),
        "a locked account, the right password": ("locked", PASSWORD),
        "an unknown name that is locked": ("never-was", "wrong"),
        "a closed account": ("former", "wrong"),
        "a closed account, the right password": ("former", PASSWORD),
    }
    answers, work = {}, {}
    for case, (name, password) in cases.items():
        hashed = counted(monkeypatch)
        answer = tries(name, password)
        answers[case] = (answer.status_code, told(answer, name), sorted(answer.headers))
        work[case] = len(hashed)
        monkeypatch.undo()

    first, *others = answers.values()
    assert first[0] == 200
    assert "用户名或密码不正确" in first[1]
    for case, answer in zip(list(cases)[1:], others, strict=True):
        assert answer == first, case
    assert set(work.values()) == {1}, work


@pytest.mark.db
def test_a_lockout_holds_by_whichever_host_and_in_whichever_letters(settings) -> None:
    settings.ALLOWED_HOSTS = ["testserver", "one.example", "two.example"]
    for number, name in enumerate(("desk", "DESK", "ｄｅｓｋ", "deſk", " Desk ")):
        tries(name, host=("one.example", "two.example")[number % 2])

    assert tries("desk", PASSWORD, address="10.9.9.9").status_code == 200


@pytest.mark.db
def test_a_success_in_between_gives_no_more_tries() -> None:
    for _ in range(4):
        tries("desk")
    assert tries("other", PASSWORD).status_code == 302
    assert tries("desk", PASSWORD).status_code == 302
    assert tries("desk").status_code == 200
    assert tries("desk", PASSWORD).status_code == 200, "five wrong ones, whatever stood between"


def test_a_thousand_tries_open_nothing_and_keep_nobody_else_outside(monkeypatch) -> None:
    quick = count(1_800_000_000, 0.01)  # all within one minute, on however slow a machine
    told_time = SimpleNamespace(
        time=lambda: next(quick), monotonic=time.monotonic, sleep=time.sleep
    )
    monkeypatch.setattr(ratelimit, "time", told_time)
    rows = Session.objects.count()
    statuses: dict[int, int] = {}
    for number in range(1000):
        name = ("desk", "locked", f"name-{number}", "x" * 50, "a\x00b")[number % 5]
        client_says = {"x-forwarded-for": f"10.1.{number % 250}.7"}  # no proxy of ours wrote it
        answer = tries(name, f"guess-{number}", "10.0.0.66", **client_says)
        statuses[answer.status_code] = statuses.get(answer.status_code, 0) + 1

    assert set(statuses) <= {200, 429}
    assert statuses.get(429), "one address is slowed down"
    assert not SignIn.objects.exists()
    assert Session.objects.count() == rows, "a try leaves no session behind"
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM shared_cache")
        assert cursor.fetchone()[0] < 450, "at most one count a name, and few an address"

    assert tries("other", PASSWORD, "10.0.0.2").status_code == 302
    assert tries("locked", PASSWORD, "10.0.0.2").status_code == 200


@pytest.mark.db
def test_counts_of_wrong_tries_are_not_pushed_out_by_other_names() -> None:
    locks("desk")
    for number in range(700):  # Django's own cache would keep 300
        cache.set(f"something-{number}", "x", 1800)

    assert tries("desk", PASSWORD).status_code == 200


@pytest.mark.db
def test_the_header_of_a_proxy_that_we_do_not_have_is_not_believed(settings) -> None:
    for number in range(5):
        tries(f"n-{number}", address="10.0.0.1", **{"x-forwarded-for": f"10.2.2.{number}"})
    tries("desk", PASSWORD, "10.0.0.1", **{"x-forwarded-for": "10.2.2.9"})
    assert SignIn.objects.latest("pk").address == "10.0.0.1"

    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 2
    tries("other", PASSWORD, "10.0.0.1", **{"x-forwarded-for": "10.3.3.3"})
    assert SignIn.objects.latest("pk").address == "10.0.0.1", "fewer hops than we have proxies"
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1
    tries("other", PASSWORD, "10.0.0.1", **{"x-forwarded-for": "6.6.6.6, 10.3.3.3"})
    assert SignIn.objects.latest("pk").address == "10.3.3.3"


@pytest.mark.db
@pytest.mark.parametrize("name", ["", " ", "\x00", "a" * 100_000, "'; DROP TABLE", "桌子", "‮"])
def test_whatever_is_typed_is_answered_calmly(name: str) -> None:
    assert tries(name, "p" * 10_000).status_code == 200
    assert tries("desk", name or "\x00").status_code == 200
