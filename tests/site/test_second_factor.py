"""Administrators prove a second factor before any page; codes open once, and guessing ends."""

import re
from datetime import UTC, datetime, timedelta
from urllib.parse import unquote

import pytest
from django.contrib.auth import get_user_model
from django.core.cache import cache
from django.test import Client

from qingdan.domain.people.models import Holding, Post
from qingdan.domain.people.states import ADMINISTRATORS
from qingdan.foundations.kernel import clock
from qingdan.interfaces.site import second_factor, totp
from qingdan.interfaces.site.models import RecoveryCode, SecondFactor

pytestmark = [pytest.mark.django_db, pytest.mark.db]
PASSWORD = "balomiku27"
PAGE = "/accounts/second-factor/"
PAGES = ("/", "/desk/", "/board/", "/accounts/password/", "/accounts/sign-ins/", "/nothing/")


@pytest.fixture(autouse=True)
def _asked(settings: object) -> None:
    cache.clear()
    settings.SECOND_FACTOR = True  # type: ignore[attr-defined]


def account(role: str, name: str = "somebody"):
    user = get_user_model().objects.create_user(name, PASSWORD)
    post = Post.objects.create(county="430481", code=f"post-{name}", role=role, title="职务")
    Holding.objects.create(county="430481", post=post, user=user, from_at=clock.now())
    return user


def signs_in(name: str = "somebody") -> Client:
    client = Client(headers={"accept-language": "zh-hans"})
    answer = client.post("/accounts/login/", {"login": name, "password": PASSWORD})
    assert answer.status_code == 302
    return client


def at(monkeypatch, moment: datetime) -> None:
    monkeypatch.setattr(second_factor.clock, "real", lambda: moment)


def code_now(key: str) -> str:
    return totp.code_of(key, totp.step_at(clock.real()))


def adds(client: Client) -> tuple[str, list[str]]:
    """Add a factor as the page asks for it; its key and the recovery codes."""
    page = client.get(PAGE).content.decode()
    key = re.search(r"secret=([A-Z2-7]{32})", page)[1]
    kept = client.post(PAGE, {"code": code_now(key)}).content.decode()
    return key, re.findall(r"<code>([A-Z0-9-]{11})</code>", kept)


def passes(monkeypatch, seconds: int = 30) -> None:
    """Time goes on: a code opens once, so the next one is waited for."""
    moment = clock.real() + timedelta(seconds=seconds)
    at(monkeypatch, moment)


# ------------------------------------------------------------------ the codes themselves


@pytest.mark.parametrize(
    ("second", "code"),
    [(59, "287082"), (1111111109, "081804"), (1111111111, "050471"), (1234567890, "005924"),
     (2000000000, "279037"), (20000000000, "353130")],
)  # fmt: skip
def test_codes_are_those_of_the_standards_own_table(second: int, code: str) -> None:
    """RFC 6238, appendix B, the last six of its eight digits."""
    key = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"

    assert totp.code_of(key, totp.step_at(datetime.fromtimestamp(second, UTC))) == code


def test_a_neighbouring_step_is_taken_and_no_other_nor_an_older_one_again() -> None:
    key, now = totp.new_key(), datetime(2026, 11, 24, 9, tzinfo=UTC)
    step = totp.step_at(now)

    taken = {s: totp.step_of(totp.code_of(key, step + s), key, now, after=0) for s in range(-3, 4)}

    assert [s for s, found in taken.items() if found is not None] == [-1, 0, 1]
    assert totp.step_of(totp.code_of(key, step), key, now, after=step) is None
    assert totp.step_of("", key, now, after=0) is None
    assert totp.step_of("中文字符六个", key, now, after=0) is None


# ------------------------------------------------------------------ adding one


@pytest.mark.parametrize("role", sorted(ADMINISTRATORS))
def test_an_administrator_without_one_gets_no_other_page_before(role: str) -> None:
    account(role)
    client = signs_in()

    for page in PAGES:
        answer = client.get(page)
        assert answer.status_code == 302, page
        assert answer["Location"].startswith(PAGE), page
    assert client.post("/hat/", {"post": "1"})["Location"].startswith(PAGE)
    assert client.get("/desk/", headers={"x-qingdan-part": "list"}).status_code == 401

    page = client.get(PAGE).content.decode()
    assert "开启两步验证" in page
    assert "data:image/svg+xml" in page


def test_the_picture_says_what_the_key_says() -> None:
    account("sysadmin", "系统管理员")
    page = signs_in("系统管理员").get(PAGE).content.decode()

    told = unquote(re.search(r'href="(otpauth://[^"]+)"', page)[1])
    key = re.search(r"secret=([A-Z2-7]{32})", page)[1]

    assert told.startswith("otpauth://totp/清单:系统管理员?secret=")
    assert re.sub(r"\s", "", re.search(r"<code>([^<]+)</code>", page)[1]) == key


def test_a_first_code_adds_it_shows_ten_recovery_codes_once_and_opens_the_pages() -> None:
    user = account("sysadmin")
    client = signs_in()
    before = client.cookies["sessionid"].value

    key, codes = adds(client)

    assert len(set(codes)) == 10
    assert SecondFactor.objects.get(user=user).key == key
    assert client.cookies["sessionid"].value != before, "more may be done with it: another key"
    assert client.get("/accounts/sign-ins/").status_code == 200
    again = client.get(PAGE).content.decode()
    assert not any(code in again for code in codes)
    assert key not in again
    kept = str(list(RecoveryCode.objects.values_list("digest", flat=True)))
    assert not any(totp.plain(code) in kept for code in codes)


def test_a_wrong_first_code_adds_nothing_and_keeps_the_key() -> None:
    account("sysadmin")
    client = signs_in()
    first = re.search(r"secret=([A-Z2-7]{32})", client.get(PAGE).content.decode())[1]

    answer = client.post(PAGE, {"code": "12345"})

    assert answer.status_code == 422
    assert f"secret={first}" in answer.content.decode()
    assert not SecondFactor.objects.exists()


@pytest.mark.parametrize("role", ["desk", "unit", "supervision", "enterprise"])
def test_nobody_else_is_asked_for_one(role: str) -> None:
    account(role)
    client = signs_in()

    assert client.get("/accounts/sign-ins/").status_code == 200
    assert client.get(PAGE).status_code == 404


def test_switched_off_administrators_are_not_asked(settings) -> None:
    settings.SECOND_FACTOR = False
    account("auditor")

    assert signs_in().get("/accounts/sign-ins/").status_code == 200


def test_who_becomes_an_administrator_while_signed_in_is_asked_at_the_next_page() -> None:
    user = account("desk")
    client = signs_in()
    assert client.get("/accounts/sign-ins/").status_code == 200
    post = Post.objects.create(county="430481", code="sys", role="sysadmin", title="系统管理员")
    Holding.objects.create(county="430481", post=post, user=user, from_at=clock.now())

    assert client.get("/desk/")["Location"].startswith(PAGE)


# ------------------------------------------------------------------ being asked


def test_every_later_sign_in_is_asked_and_goes_on_to_where_it_wanted(monkeypatch) -> None:
    account("sysadmin")
    key, _ = adds(signs_in())
    passes(monkeypatch)
    client = signs_in()

    asked = client.get("/accounts/sign-ins/")
    page = client.get(asked["Location"]).content.decode()
    assert key not in page
    answer = client.post(PAGE, {"code": code_now(key), "next": "/accounts/sign-ins/"})

    assert answer["Location"] == "/accounts/sign-ins/"
    assert client.get("/accounts/sign-ins/").status_code == 200


def test_a_code_opens_once(monkeypatch) -> None:
    account("sysadmin")
    key, _ = adds(signs_in())

    same = signs_in()
    assert same.post(PAGE, {"code": code_now(key)}).status_code == 422

    passes(monkeypatch)
    seen_over_the_shoulder = code_now(key)
    assert signs_in().post(PAGE, {"code": seen_over_the_shoulder}).status_code == 302
    assert same.post(PAGE, {"code": seen_over_the_shoulder}).status_code == 422


def test_a_recovery_code_opens_once_however_it_is_typed() -> None:
    account("sysadmin")
    _, codes = adds(signs_in())

    typed = f" {codes[0].lower().replace('-', ' ')} "
    assert signs_in().post(PAGE, {"code": typed}).status_code == 302
    assert signs_in().post(PAGE, {"code": codes[0]}).status_code == 422
    assert signs_in().post(PAGE, {"code": codes[1]}).status_code == 302


def test_one_accounts_codes_open_no_other(monkeypatch) -> None:
    account("sysadmin")
    account("secadmin", "other")
    key, codes = adds(signs_in())
    adds(signs_in("other"))
    passes(monkeypatch)
    other = signs_in("other")

    assert other.post(PAGE, {"code": code_now(key)}).status_code == 422
    assert other.post(PAGE, {"code": codes[0]}).status_code == 422


def test_after_five_wrong_codes_no_sign_in_of_the_account_opens_even_by_the_right_one(
    monkeypatch,
) -> None:
    account("sysadmin")
    key, codes = adds(signs_in())
    passes(monkeypatch)
    pages = set()
    for number in range(5):
        answer = signs_in().post(PAGE, {"code": f"{number:06}"})
        pages.add(re.search(r'role="alert">([^<]+)<', answer.content.decode())[1])

    client = signs_in()
    answer = client.post(PAGE, {"code": code_now(key)})
    pages.add(re.search(r'role="alert">([^<]+)<', answer.content.decode())[1])

    assert answer.status_code == 422
    assert client.post(PAGE, {"code": codes[0]}).status_code == 422
    assert len(pages) == 1, "a lockout says no more than a wrong code"


@pytest.mark.parametrize(
    "code", ["", "a", "0" * 100_000, "\x00", "１２３４５６", "'; --", "-1", "٣٤٥٦٧٨"]
)
def test_what_is_no_code_is_refused_calmly(code: str) -> None:
    account("sysadmin")
    client = signs_in()
    adds(client)

    assert signs_in().post(PAGE, {"code": code}).status_code == 422


@pytest.mark.parametrize("elsewhere", ["https://evil.example/", "//evil.example", "javascript:1"])
def test_it_leads_to_no_other_host(monkeypatch, elsewhere: str) -> None:
    account("sysadmin")
    key, _ = adds(signs_in())
    passes(monkeypatch)

    answer = signs_in().post(PAGE, {"code": code_now(key), "next": elsewhere})

    assert answer["Location"] == "/"


# ------------------------------------------------------------------ changing it


def test_another_phone_needs_a_code_of_the_old_one_and_ends_it(monkeypatch) -> None:
    account("sysadmin")
    client = signs_in()
    old, old_codes = adds(client)
    assert client.post(PAGE, {"code": "000000", "replace": "1"}).status_code == 422
    assert "更换手机" not in client.get(PAGE).content.decode().partition("<h1>")[2][:20]

    passes(monkeypatch)
    client.post(PAGE, {"code": code_now(old), "replace": "1"})
    new, new_codes = adds(client)

    assert new != old
    assert set(new_codes).isdisjoint(old_codes)
    passes(monkeypatch)
    assert signs_in().post(PAGE, {"code": code_now(old)}).status_code == 422
    assert signs_in().post(PAGE, {"code": old_codes[0]}).status_code == 422
    assert signs_in().post(PAGE, {"code": code_now(new)}).status_code == 302


def test_new_recovery_codes_replace_the_old_ones(monkeypatch) -> None:
    account("sysadmin")
    client = signs_in()
    key, old = adds(client)
    passes(monkeypatch)

    client.post(PAGE, {"code": code_now(key), "renew": "1"})
    shown = re.findall(r"<code>([A-Z0-9-]{11})</code>", client.get(PAGE).content.decode())

    assert len(shown) == 10
    assert signs_in().post(PAGE, {"code": old[0]}).status_code == 422
    assert signs_in().post(PAGE, {"code": shown[0]}).status_code == 302
    assert "还剩 9 个" in client.get(PAGE).content.decode()


def test_no_browser_keeps_the_key_or_the_codes() -> None:
    account("sysadmin")
    client = signs_in()

    assert "no-store" in client.get(PAGE)["Cache-Control"]
