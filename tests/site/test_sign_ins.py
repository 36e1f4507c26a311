"""Sign-ins are rows: seen, rotated, ended from afar; and an ended one opens nothing any more."""

from datetime import timedelta

import pytest
from django.contrib.auth import get_user_model
from django.contrib.sessions.models import Session
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from qingdan.domain.people.models import Holding
from qingdan.foundations.kernel import clock
from qingdan.interfaces.site import sessions
from qingdan.interfaces.site.models import SignIn
from qingdan.interfaces.site.sign_ins import browser_words
from town import Town

pytestmark = [pytest.mark.django_db, pytest.mark.db]
PASSWORD = "balomiku27"
CHROME = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/86.0 Safari/537.36"
WECHAT = "Mozilla/5.0 (Linux; Android 12; OPPO) Chrome/86.0 Mobile Safari/537.36 MicroMessenger/8"
PAGE = "/accounts/sign-ins/"


@pytest.fixture
def town() -> Town:
    cache.clear()
    town = Town()
    user = get_user_model().objects.get(username=town.desk.person.username)
    user.set_password(PASSWORD)
    user.save()
    return town


def signs_in(town: Town, browser: str = CHROME, **more: str) -> Client:
    client = Client(headers={"user-agent": browser, "accept-language": "zh-hans"}, **more)
    name = town.desk.person.username
    answer = client.post("/accounts/login/", {"login": name, "password": PASSWORD})
    assert answer.status_code == 302, answer.content.decode()
    return client


def listed(client: Client) -> str:
    """What the page itself says, without its frame."""
    page = client.get(PAGE).content.decode()
    return page.partition("<main")[2].partition("</main>")[0]


def is_in(client: Client) -> bool:
    return client.get("/desk/").status_code == 200


def test_the_session_has_another_key_after_signing_in(town: Town) -> None:
    client = Client()
    session = client.session
    session["link"] = "planted"
    session.save()
    client.cookies["sessionid"] = planted = session.session_key

    name = town.desk.person.username
    client.post("/accounts/login/", {"login": name, "password": PASSWORD})

    assert client.cookies["sessionid"].value != planted
    assert not Session.objects.filter(session_key=planted).exists()
    assert is_in(client)


def test_the_page_says_where_since_when_and_which_one_this_is(town: Town) -> None:
    signs_in(town, WECHAT, REMOTE_ADDR="10.1.2.3")
    here = signs_in(town)

    page = listed(here)

    assert "Chrome（Windows）" in page
    assert "微信（安卓）" in page
    assert "10.1.2.3" in page
    assert page.count("本机") == 1
    assert page.index("本机") < page.index("微信"), "this one comes first"
    assert page.count("在那里退出") == 1


def test_one_is_ended_from_another_and_opens_nothing_the_same_minute(town: Town) -> None:
    phone, here = signs_in(town, WECHAT), signs_in(town)
    row = SignIn.objects.earliest("pk")
    assert is_in(phone)

    here.post(PAGE, {"end": str(row.pk)})

    assert not is_in(phone)
    assert phone.get("/desk/")["Location"].startswith("/accounts/login/")
    assert phone.get("/desk/", headers={"x-qingdan-part": "list"}).status_code == 401
    assert is_in(here)
    assert "近期已结束的登录" in listed(here)


def test_all_others_are_ended_at_once(town: Town) -> None:
    others = [signs_in(town, WECHAT), signs_in(town)]
    here = signs_in(town)

    here.post(PAGE, {"end": "others"})

    assert [is_in(one) for one in others] == [False, False]
    assert is_in(here)


def test_ending_this_one_signs_out(town: Town) -> None:
    here = signs_in(town)

    answer = here.post(PAGE, {"end": str(SignIn.objects.get().pk)})

    assert answer["Location"] == "/accounts/login/"
    assert not is_in(here)


@pytest.mark.parametrize("asked", ["", "x", "-1", "9" * 40, "٣", "others'"])
def test_what_names_no_sign_in_ends_none(town: Town, asked: str) -> None:
    here = signs_in(town)

    assert here.post(PAGE, {"end": asked}).status_code == 404
    assert is_in(here)


def test_nobody_ends_or_sees_somebody_elses(town: Town) -> None:
    mine = signs_in(town)
    theirs = Client()
    theirs.force_login(get_user_model().objects.get(username=town.transport.person.username))
    row = SignIn.objects.latest("pk")
    absent = mine.post(PAGE, {"end": "999999"})

    hidden = mine.post(PAGE, {"end": str(row.pk)})

    assert (hidden.status_code, absent.status_code) == (404, 404)
    assert theirs.get("/desk/").status_code == 200
    assert listed(mine).count("本机") == 1


def test_the_page_is_for_accounts_and_not_for_the_enterprises_link(town: Town) -> None:
    assert Client().get(PAGE).status_code == 302


def test_a_change_of_post_gives_the_session_another_key_and_keeps_the_sign_in(town: Town) -> None:
    client = signs_in(town)
    user = get_user_model().objects.get(username=town.desk.person.username)
    post = Holding.objects.exclude(user=user).earliest("pk").post
    Holding.objects.create(county=post.county, post=post, user=user, from_at=clock.now())
    before = client.cookies["sessionid"].value

    client.post("/hat/", {"post": str(post.pk)})
    after = client.cookies["sessionid"].value

    assert after != before
    assert not Session.objects.filter(session_key=before).exists()
    assert SignIn.objects.get(real_ended_at=None).session_key == after
    client.get("/")
    other = signs_in(town)
    other.post(PAGE, {"end": "others"})
    assert client.get("/desk/").status_code == 302, "rotated, it can still be ended"


def test_a_change_of_password_ends_all_other_sign_ins_and_rotates_this_one(town: Town) -> None:
    other, here = signs_in(town, WECHAT), signs_in(town)
    before = here.cookies["sessionid"].value
    new = {"oldpassword": PASSWORD, "password1": "polemika38-ta", "password2": "polemika38-ta"}

    answer = here.post("/accounts/password/", new)

    assert answer.status_code == 302, answer.content.decode()
    assert here.cookies["sessionid"].value != before
    assert is_in(here)
    assert not is_in(other)
    assert SignIn.objects.filter(real_ended_at=None).count() == 1


def test_signing_out_ends_it_in_the_list_too(town: Town) -> None:
    here, other = signs_in(town), signs_in(town)

    here.post("/accounts/logout/")

    assert "近期已结束的登录" in listed(other)


def test_a_session_that_was_ended_meanwhile_is_not_brought_back_by_a_rotation(town: Town) -> None:
    here = signs_in(town)
    SignIn.objects.update(real_ended_at=clock.real())  # ended by another request, right now

    session = here.session
    session.cycle_key()
    session.save()
    here.cookies["sessionid"] = session.session_key
    here.get("/")

    assert not is_in(here)


def test_idle_and_over_ones_are_not_shown_as_open(town: Town, monkeypatch) -> None:
    signs_in(town, WECHAT)
    real = clock.real()
    monkeypatch.setattr(sessions.clock, "real", lambda: real + timedelta(minutes=40))
    here = signs_in(town)

    page = listed(here)

    assert "在那里退出" not in page
    assert "近期已结束的登录" in page


def test_signing_in_again_counts_the_day_anew(town: Town, monkeypatch) -> None:
    client = signs_in(town)
    real = clock.real()
    monkeypatch.setattr(sessions.clock, "real", lambda: real + timedelta(hours=11, minutes=59))
    client.force_login(get_user_model().objects.get(username=town.desk.person.username))
    monkeypatch.setattr(sessions.clock, "real", lambda: real + timedelta(hours=12, minutes=10))

    assert is_in(client)
    assert SignIn.objects.filter(real_ended_at=None).count() == 1


def test_rows_and_sessions_do_not_pile_up(town: Town) -> None:
    user = get_user_model().objects.get(username=town.desk.person.username)
    for number in range(60):
        client = Client()
        client.force_login(user)
        Session.objects.filter(session_key=client.session.session_key).update(
            expire_date=clock.real() - timedelta(days=number + 1)
        )
    SignIn.objects.update(real_began_at=clock.real() - timedelta(days=2))

    signs_in(town)

    assert SignIn.objects.filter(user=user).count() <= sessions.KEPT + 1
    assert Session.objects.count() == 1


def test_a_page_asks_nothing_more_for_the_sign_in(town: Town) -> None:
    client = signs_in(town)
    client.get("/desk/")

    with CaptureQueriesContext(connection) as asked:
        client.get("/desk/")

    assert not [query for query in asked if "site_signin" in query["sql"]]


def test_browsers_are_named_as_people_know_them() -> None:
    from django.utils.translation import override

    with override("zh-hans"):
        assert browser_words(CHROME) == "Chrome（Windows）"
        assert browser_words(CHROME + " Edg/86.0") == "Edge（Windows）"
        assert browser_words(WECHAT) == "微信（安卓）"
        assert browser_words("curl/8") == "未知浏览器"
        assert browser_words("") == "未知浏览器"


def test_no_browser_keeps_a_page_of_somebody_who_signed_in(town: Town) -> None:
    client = signs_in(town)

    for page in ("/desk/", PAGE, "/accounts/password/", "/nothing/"):
        assert "no-store" in client.get(page)["Cache-Control"], page


def test_a_page_that_reads_itself_again_keeps_nobody_signed_in(town: Town) -> None:
    client = signs_in(town)
    session = client.session
    session[sessions.SEEN] -= 300
    session.save()
    client.get("/desk/", headers={"X-Qingdan-Part": "rows", "X-Qingdan-Live": "1"})
    assert client.session[sessions.SEEN] == session[sessions.SEEN]
    client.get("/desk/", headers={"X-Qingdan-Part": "opened"})
    assert client.session[sessions.SEEN] > session[sessions.SEEN]
