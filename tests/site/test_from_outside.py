"""What comes from outside: forms without our token, other hosts, other doors' keys."""

import os
import re
from collections.abc import Iterator
from datetime import timedelta
from http.cookies import SimpleCookie
from urllib.parse import quote

import pytest
from django.contrib.auth import get_user_model
from django.core.cache import cache
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from qingdan.domain.people.actions import make_token
from qingdan.domain.people.models import ApiToken, Holding, User
from qingdan.foundations.kernel import clock
from qingdan.interfaces.site import running
from town import Town

pytestmark = [pytest.mark.django_db, pytest.mark.db]
PASSWORD = "balomiku27"
ELSEWHERE = (
    "https://evil.example/",
    "//evil.example/",
    "/\\evil.example/",
    "https:evil.example",
    "http://testserver@evil.example/",
    "http://testserver.evil.example/",
    "\thttps://evil.example/",
    "javascript:alert(1)",
    "http://localhost/desk/",  # ours too, and not where the browser is
)


@pytest.fixture
def town() -> Town:
    cache.clear()
    return Town()


def account(town: Town, who: str = "desk") -> User:
    return get_user_model().objects.get(username=getattr(town, who).person.username)


def signed_in(user: User, **more: bool) -> Client:
    client = Client(**more)
    client.force_login(user)
    return client


# ------------------------------------------------------------------ forms that are not ours


def patterns(node: URLResolver | None = None, before: str = "") -> Iterator[str]:
    for one in (node or get_resolver()).url_patterns:
        route = before + str(one.pattern)
        if isinstance(one, URLPattern):
            yield route
        elif not route.startswith("api/"):
            yield from patterns(one, route)


def addresses() -> list[str]:
    filled = [
        re.sub(r"<(\w+):\w+>", lambda m: "1" if m[1] == "int" else "x", p) for p in patterns()
    ]
    return [f"/{route}" for route in filled]


def test_no_page_takes_a_form_without_our_token(town: Town) -> None:
    clients = [
        signed_in(account(town, who), enforce_csrf_checks=True)
        for who in ("desk", "transport", "assistant")
    ]
    for address in addresses():
        assert "<" not in address, address
        for client in clients:
            assert client.post(address, {"x": "1"}).status_code == 403, address
            forged = client.post(address, {"csrfmiddlewaretoken": "a" * 64})
            assert forged.status_code == 403, address


def test_nobodys_form_without_our_token_goes_no_further_than_the_sign_in_page(town: Town) -> None:
    for address in addresses():
        answer = Client(enforce_csrf_checks=True).post(address, {"login": "desk"})
        assert answer.status_code == 302, address
        assert answer["Location"].startswith("/accounts/login/"), address


def test_another_sites_form_is_refused_even_with_a_token(town: Town) -> None:
    client = signed_in(account(town), enforce_csrf_checks=True)
    page = client.get("/accounts/sign-ins/").content.decode()
    token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', page)[1]
    form = {"csrfmiddlewaretoken": token, "theme": "dark"}

    from_elsewhere = client.post("/look/", form, headers={"origin": "https://evil.example"})
    from_here = client.post("/look/", form, headers={"origin": "http://testserver"})

    assert (from_elsewhere.status_code, from_here.status_code) == (403, 302)


# ------------------------------------------------------------------ other hosts


@pytest.mark.parametrize("there", ELSEWHERE)
def test_no_form_leads_to_another_host(town: Town, there: str) -> None:
    user = account(town)
    user.set_password(PASSWORD)
    user.save()
    fields = {"login": user.username, "password": PASSWORD, "next": there}
    client = signed_in(user)
    assert Client().post("/accounts/login/", fields)["Location"] == "/"
    query = f"/accounts/login/?next={quote(there)}"
    assert Client().post(query, fields | {"next": ""})["Location"] == "/"
    assert client.get(query)["Location"] == "/", "signed in already"
    assert client.post("/look/", {"theme": "dark", "next": there})["Location"] == "/"
    answer = client.post("/language/", {"language": "en", "next": there})
    assert answer["Location"].startswith("/")
    assert "evil" not in answer["Location"]
    assert client.post("/hat/", {"post": "1", "next": there}).status_code in (302, 404)
    left = client.post("/accounts/logout/", {"next": there})
    assert left["Location"] == "/accounts/login/"


@pytest.mark.parametrize("came_from", ["https://evil.example/desk/", "//evil.example", "x:"])
def test_no_page_leads_back_to_another_host(town: Town, came_from: str) -> None:
    client = signed_in(account(town))

    page = client.get("/nothing/", headers={"referer": came_from}).content.decode()
    language = client.post("/language/", {"language": "en"}, headers={"referer": came_from})

    assert "evil" not in page
    assert "evil" not in language["Location"]


@pytest.mark.parametrize(
    "path", ["/", "/accounts/login/", "/desk/", "/api/v1/me", "/health/ready"]
)
@pytest.mark.parametrize("host", ["evil.example", "testserver.evil.example", "", "a b", "::1"])
def test_a_host_that_is_not_ours_is_refused(path: str, host: str) -> None:
    answer = Client().get(path, headers={"host": host, "x-forwarded-host": "testserver"})

    assert answer.status_code == 400
    assert "evil" not in answer.content.decode()


def test_a_forwarded_host_is_not_believed(town: Town) -> None:
    answer = Client().get("/desk/", headers={"x-forwarded-host": "evil.example"})

    assert "evil" not in answer["Location"]


# ------------------------------------------------------------------ cookies


def cookies_of(town: Town, **more: bool) -> SimpleCookie:
    user = account(town)
    user.set_password(PASSWORD)
    user.save()
    client = Client()
    client.get("/accounts/login/", **more)
    fields = {"login": user.username, "password": PASSWORD}
    client.post("/accounts/login/", fields, **more)
    client.post("/language/", {"language": "en"}, **more)
    client.post("/look/", {"theme": "dark"}, **more)
    return client.cookies


def test_cookies_stay_within_our_pages(town: Town) -> None:
    cookies = cookies_of(town)

    assert {"sessionid", "csrftoken", "language", "theme"} <= set(cookies)
    assert all(cookie["samesite"] == "Lax" for cookie in cookies.values())
    assert all(cookie["domain"] == "" for cookie in cookies.values())
    assert cookies["sessionid"]["httponly"]


def test_over_https_no_cookie_ever_goes_over_http(town: Town, settings) -> None:
    for name in ("SESSION_COOKIE_SECURE", "CSRF_COOKIE_SECURE", "LANGUAGE_COOKIE_SECURE"):
        setattr(settings, name, True)  # as QINGDAN_HTTPS=1 does: test_settings.py

    cookies = cookies_of(town, secure=True)

    assert {name for name, cookie in cookies.items() if not cookie["secure"]} == set()


# ------------------------------------------------------------------ one door's key at another


def test_a_session_opens_no_operation_of_the_api(town: Town) -> None:
    client = signed_in(account(town))
    key = client.cookies["sessionid"].value

    assert client.get("/desk/").status_code == 200
    assert client.get("/api/v1/me").status_code == 401
    assert Client(headers={"authorization": f"Bearer {key}"}).get("/api/v1/me").status_code == 401


def test_a_token_opens_no_page(town: Town) -> None:
    token = make_token(town.desk.person.username)
    with_token = Client(headers={"authorization": f"Bearer {token}"})

    assert with_token.get("/api/v1/me").status_code == 200
    assert with_token.get("/desk/").status_code == 302
    as_cookie = Client()
    as_cookie.cookies["sessionid"] = token
    assert as_cookie.get("/desk/").status_code == 302


@pytest.mark.parametrize(
    "header",
    ["", "Bearer", "Bearer ", "Bearer x", "Basic ZGVzazpwYXNz", "bearer\x00x", "Bearer 令牌",
     "Bearer " + "a" * 5000],
)  # fmt: skip
def test_what_is_no_token_opens_nothing(header: str) -> None:
    assert Client(headers={"authorization": header}).get("/api/v1/me").status_code == 401


# ------------------------------------------------------------------ who left loses everything


def everything(page: Client, program: Client) -> tuple[int, int, int]:
    part = page.get("/desk/", headers={"x-qingdan-part": "list"})
    return page.get("/desk/").status_code, part.status_code, program.get("/api/v1/me").status_code


def both(town: Town, who: str = "transport") -> tuple[Client, Client]:
    token = make_token(getattr(town, who).person.username)
    return signed_in(account(town, who)), Client(headers={"authorization": f"Bearer {token}"})


def test_a_former_employee_loses_everything_at_the_next_request(town: Town) -> None:
    page, program = both(town)
    assert everything(page, program) == (200, 200, 200)

    User.objects.filter(username=town.transport.person.username).update(is_active=False)

    assert everything(page, program) == (302, 401, 401)


def test_a_moved_officer_loses_everything_of_the_old_post_at_the_next_request(town: Town) -> None:
    page, program = both(town)
    assert everything(page, program) == (200, 200, 200)

    Holding.objects.filter(user=account(town, "transport")).update(to_at=clock.now())

    assert everything(page, program) == (403, 403, 401)


def test_a_revoked_token_is_refused_at_the_next_request(town: Town) -> None:
    _, program = both(town)
    assert program.get("/api/v1/me").status_code == 200

    ApiToken.objects.update(real_revoked_at=clock.real())

    assert program.get("/api/v1/me").status_code == 401


def test_a_token_lasts_as_long_as_the_setting_says_by_the_machines_clock(
    town: Town, settings
) -> None:
    _, program = both(town)
    ApiToken.objects.update(real_made_at=clock.real() - timedelta(days=364))
    assert program.get("/api/v1/me").status_code == 200
    settings.TOKEN_DAYS = 30
    assert program.get("/api/v1/me").status_code == 401
    settings.TOKEN_DAYS = 365
    ApiToken.objects.update(real_made_at=clock.real() - timedelta(days=366))

    assert program.get("/api/v1/me").status_code == 401


def test_served_with_a_certificate_cookies_are_secure_without_being_told(
    monkeypatch, tmp_path
) -> None:
    """`serve --cert --key` switches on what QINGDAN_HTTPS=1 does in the processes it becomes."""
    became: list[tuple[str, str | None]] = []
    monkeypatch.setitem(os.environ, "QINGDAN_HTTPS", "")
    monkeypatch.delenv("QINGDAN_HTTPS")
    for name in ("require_free", "prepare"):
        monkeypatch.setattr(running, name, lambda *_: None)
    monkeypatch.setattr("qingdan.interfaces.site.database.require_this_version", lambda: None)
    monkeypatch.setattr(
        running.os,
        "execv",
        lambda _, command: became.append((" ".join(command), os.environ.get("QINGDAN_HTTPS"))),
    )

    running.serve("127.0.0.1", 8443, 2, tmp_path / "c.pem", tmp_path / "k.pem")
    secure = became.pop()
    monkeypatch.delenv("QINGDAN_HTTPS")
    running.serve("127.0.0.1", 8000, 2, None, None)

    assert "--certfile" in secure[0]
    assert secure[1] == "1"
    assert became[0][1] is None
