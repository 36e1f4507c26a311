"""The enterprise's own link: made once, stored hashed, shown once; what becomes of it is seen."""

import re

import pytest
from django.test import Client

from qingdan.domain.enterprises.actions import make_link, revoke_link, use_link
from qingdan.domain.enterprises.models import Link
from qingdan.foundations.journal.models import Entry, Words
from town import Town

pytestmark = pytest.mark.db


def signed_in(town: Town, code: str) -> Client:
    client = Client(headers={"accept-language": "zh-hans"})
    client.force_login(town.posts[code].holdings.get().user)
    return client


def page_of(town: Town, end: str = "") -> str:
    return f"/board/enterprises/{town.firm_id}/{end}"


def made(town: Town, code: str = "desk") -> str:
    """A link made on the page, as the page shows it this once."""
    shown = signed_in(town, code).post(page_of(town, "link/")).content.decode()
    return re.search(r'value="http://testserver(/portal/l/[^"]+)"', shown)[1]


def test_a_link_is_shown_once_and_kept_nowhere_but_as_a_digest(town: Town) -> None:
    address = made(town)
    token = address.rstrip("/").rpartition("/")[2]
    assert token not in signed_in(town, "desk").get(page_of(town)).content.decode()
    [link] = Link.objects.all()
    assert token not in " ".join(str(value) for value in vars(link).values())
    assert len(link.digest) == 64
    assert not any(token in entry.body for entry in Entry.objects.all())
    assert not Words.objects.filter(text__contains=token).exists()


def test_who_made_it_and_each_use_stand_on_the_enterprises_page(town: Town) -> None:
    address = made(town, "assistant")
    text = signed_in(town, "desk").get(page_of(town)).content.decode()
    assert "10月30日 assistant" in text
    assert "还没用过" in text
    for day in ("2023-10-31 08:05", "2023-11-02 19:30"):
        town.on(day)
        assert Client().get(address).status_code == 302
    text = signed_in(town, "desk").get(page_of(town)).content.decode()
    assert "打开过：" in text
    assert "11月2日 19:30、10月31日 08:05" in text
    assert Entry.objects.filter(kind="link.used").count() == 2
    for code in ("supervision", "main-leader"):
        seen = signed_in(town, code).get(page_of(town)).content.decode()
        assert "打开过" not in seen, "who makes none sees none"


def test_only_the_last_uses_are_shown(town: Town) -> None:
    token = make_link(town.firm_subject, by=town.desk.person)
    for _ in range(15):
        town.passes(minutes=1)
        use_link(token)
    text = signed_in(town, "desk").get(page_of(town)).content.decode()
    assert len(re.findall(r"10月30日 09:\d\d", text[text.index("打开过") :])) == 10


def test_the_desk_alone_revokes_and_nobody_opens_it_again(town: Town) -> None:
    address = made(town)
    [link] = Link.objects.all()
    end = page_of(town, f"link/{link.pk}/")
    for code in ("leader", "assistant", "supervision", "transport", "enterprise", "sysadmin"):
        assert signed_in(town, code).post(end).status_code == 403, code
    assert Client().get(address).status_code == 302
    desk = signed_in(town, "desk")
    assert desk.post(end).status_code == 302
    assert Client().get(address).status_code == 404
    assert desk.post(end).status_code == 302, "pressed twice"
    revoke_link(link, by=town.desk.person)
    assert Entry.objects.filter(kind="link.revoked").count() == 1
    text = desk.get(page_of(town)).content.decode()
    assert f'action="{end}"' not in text
    another = made(town)
    assert another != address
    assert Client().get(another).status_code == 302
    assert Client().get(address).status_code == 404


def test_a_link_is_made_by_the_desk_and_by_who_is_linked_to_this_enterprise(town: Town) -> None:
    for code in ("supervision", "main-leader", "transport", "enterprise", "auditor"):
        assert signed_in(town, code).post(page_of(town, "link/")).status_code == 403, code
    other = f"/board/enterprises/{town.other_subject.pk}/link/"
    assert signed_in(town, "leader").post(other).status_code == 404
    assert not Link.objects.exists()


def test_a_link_of_another_enterprise_cannot_be_revoked_from_this_page(town: Town) -> None:
    make_link(town.other_subject, by=town.desk.person)
    [link] = Link.objects.all()
    answer = signed_in(town, "desk").post(page_of(town, f"link/{link.pk}/"))
    assert answer.status_code == 404
    assert Link.objects.get().revoked_at is None
