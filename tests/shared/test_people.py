"""One hat at a time, doors by role, and how a page looks: light, dark, large, two languages."""

import pytest
from django.test import Client

from qingdan.domain.enterprises.actions import make_link
from qingdan.domain.people.actions import take_post
from qingdan.domain.people.models import Holding, Post, User
from qingdan.foundations.kernel import clock
from town import Town


def signed_in(code: str) -> Client:
    reader = Client()
    reader.force_login(User.objects.get(username=code))
    return reader


@pytest.fixture
def two_hats(town: Town) -> Client:
    """The market regulator's contact, who also sits at the desk."""
    take_post(town.posts["desk-2"], User.objects.get(username="market-regulation"))
    return signed_in("market-regulation")


def test_a_person_with_two_posts_acts_in_one_and_changes_by_a_button(
    town: Town, two_hats: Client
) -> None:
    before = two_hats.get("/desk/")
    answer = two_hats.post("/hat/", {"post": town.posts["desk-2"].pk})
    after = two_hats.get("/desk/")

    assert before.wsgi_request.person.role == "unit"
    assert answer.status_code == 302
    assert after.wsgi_request.person.role == "desk"


def test_a_post_that_somebody_else_holds_is_no_hat(town: Town, two_hats: Client) -> None:
    answer = two_hats.post("/hat/", {"post": town.posts["supervision"].pk})
    odd = two_hats.post("/hat/", {"post": "٣"})

    assert answer.status_code == odd.status_code == 404
    assert two_hats.get("/desk/").wsgi_request.person.role == "unit"


def test_a_hat_is_taken_off_the_minute_it_is_lost(town: Town, two_hats: Client) -> None:
    two_hats.post("/hat/", {"post": town.posts["desk-2"].pk})
    lost = Holding.objects.filter(post=town.posts["desk-2"], user__username="market-regulation")
    lost.update(to_at=clock.now())

    assert two_hats.get("/desk/").wsgi_request.person.role == "unit"


def test_who_holds_no_post_is_told_so_and_can_still_sign_out(town: Town) -> None:
    User.objects.create(username="nobody", password="!")
    reader = signed_in("nobody")

    for path in ("/", "/desk/", "/board/", "/nothing/"):
        answer = reader.get(path)
        assert answer.status_code == 403, path
        assert "系统管理员" in answer.content.decode()
    assert reader.post("/accounts/logout/").status_code == 302


def test_a_link_opens_the_portal_also_for_who_is_signed_in_elsewhere(town: Town) -> None:
    token = make_link(town.firm_subject, by=town.desk.person)
    reader = signed_in("desk")
    reader.get(f"/portal/l/{token}/")

    assert reader.get("/portal/").wsgi_request.person.role == "enterprise"
    assert reader.get("/desk/").wsgi_request.person.role == "desk"


def test_the_navigation_has_the_words_of_the_hat_and_none_that_leads_nowhere(town: Town) -> None:
    for code in ("desk", "market-regulation", "supervision", "main-leader", "leader", "park"):
        reader = signed_in(code)
        words = nav(reader.get(first_page(reader)).content.decode())
        assert 1 <= len(words) <= 7, code
        for url in words:
            assert reader.get(url).status_code == 200, (code, url)


def first_page(reader: Client) -> str:
    answer = reader.get("/", follow=True)
    return answer.redirect_chain[-1][0]


def nav(page: str) -> list[str]:
    inside = page.partition('class="top-nav"')[2].partition("</nav>")[0]
    links = [part.partition('"')[0] for part in inside.split('href="')[1:]]
    return [link.replace("&amp;", "&") for link in links]


@pytest.mark.django_db
def test_light_dark_and_large_print_are_kept_in_the_browser() -> None:
    reader = Client()
    reader.post("/look/", {"theme": "dark", "next": "/accounts/login/"})
    reader.post("/look/", {"print": "large"})
    page = reader.get("/accounts/login/").content.decode()
    assert 'data-bs-theme="dark"' in page
    assert " large" in page.partition("<head>")[0]

    reader.post("/look/", {"theme": "", "print": ""})
    page = reader.get("/accounts/login/").content.decode()
    assert "data-bs-theme" not in page
    assert " large" not in page.partition("<head>")[0]


@pytest.mark.django_db
@pytest.mark.parametrize("next_page", ["https://elsewhere.example/", "//elsewhere.example", "x:y"])
def test_a_look_never_leads_to_another_site(next_page: str) -> None:
    answer = Client().post("/look/", {"theme": "dark", "next": next_page})

    assert answer["Location"] == "/"


@pytest.mark.django_db
def test_the_language_changes_by_a_button_and_the_page_says_which_it_is() -> None:
    reader = Client()
    assert '<html lang="zh-Hans"' in reader.get("/accounts/login/").content.decode()

    reader.post("/language/", {"language": "en", "next": "/accounts/login/"})

    page = reader.get("/accounts/login/").content.decode()
    assert '<html lang="en"' in page
    assert "Sign in" in page


def test_the_frame_asks_three_questions_session_user_and_posts(
    town: Town, django_assert_num_queries: object
) -> None:
    reader = signed_in("desk")
    reader.get("/nothing/")
    with django_assert_num_queries(3):  # type: ignore[operator]
        reader.get("/nothing/")


def test_posts_of_a_person_come_with_their_units(town: Town, two_hats: Client) -> None:
    page = two_hats.get("/desk/").content.decode()

    assert "市场监管局" in page
    assert str(Post.objects.get(code="desk-2").title) in page
