"""Every form of every page with what nobody should send: a sentence, and nothing half stored.

The forms are found by walking the pages as each role, so a new page is tried without being named.
"""

import json
import re
import traceback
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs, urljoin, urlsplit

import pytest
from django.db import connection, transaction
from django.http import HttpResponse
from django.test import Client
from django.urls import resolve
from hypothesis import given
from hypothesis import strategies as st

from fuzz.examples import sampling, tried
from fuzz.marked import FIRM, Marked
from fuzz.pages import Form, Page, encoded, patterns, route_of, walk
from qingdan.domain.enterprises.actions import make_link
from qingdan.domain.enterprises.models import Contact
from qingdan.domain.evaluation.actions import answer, suggest
from qingdan.domain.ledger.models import Issue
from qingdan.domain.ledger.queries import issues
from qingdan.domain.people.actions import take_post
from qingdan.domain.people.models import User
from qingdan.domain.visits.actions import plan_outing, take_along
from qingdan.foundations.kernel import clock
from qingdan.interfaces.site import totp
from qingdan.interfaces.site.models import SecondFactor
from qingdan.interfaces.site.second_factor import HAS_ONE, MAY_REPLACE, PROVED
from town import COUNTY, Town

pytestmark = pytest.mark.db

WALKERS = (
    "desk",
    "supervision",
    "supervision-2",
    "market-regulation",
    "head",
    "deputy",
    "leader",
    "main-leader",
    "park",
    "enterprise",
    "sysadmin",
    "secadmin",
    "auditor",
    "",
)
"""Who walks; the empty name has not signed in."""

SCRIPT = "<script>alert(1)</script>\"'><img src=x onerror=alert(1)>"
HOSTILE = {
    "markup": SCRIPT,
    "SQL": "'; DROP TABLE ledger_issue; -- \" OR 1=1",
    "formats": "%s %(x)s %d %n {} {0} {x.__class__} ${x} {{ 7*7 }} {% debug %} %",
    "other direction": "\u202eabc\u202d\u200f\u2066אבג\u2069",
    "a lone surrogate": "货\ud800车",
    "NUL": "货\x00车",
    "control characters": "".join(map(chr, range(32))) + "\x7f\x80\x9f",
    "a path": "../../../../etc/passwd",
    "another host": "//evil.example/\\evil.example",
    "a header": "/desk/\r\nX-Evil: 1\r\n\r\n<html>",
    "a long number": "9" * 4400,
    "a negative number": "-1",
    "a number too large": str(2**63),
    "digits of full width": "１２３",
    "no date": "0000-00-00",
    "the last date": "9999-12-31",
    "an instant beyond the last": "9999-12-31T23:59:59-23:59",
    "JSON": '[{"a": [1]}]',
    "a hundred thousand characters": "水" * 100_000,
    "nothing": "",
    "spaces": " \t\u3000\xa0 ",
}

OURS = ("", "testserver")
REFUSED = (400, 403, 404, 405, 409, 413, 422, 429)
NOT_COUNTED = ("django_session", "shared_cache", "django_migrations")


def fingerprint() -> dict[str, Any]:
    """How many rows each table holds, and how often matters moved: a refusal changes none."""
    with connection.cursor() as cursor:
        names = [n for n in connection.introspection.table_names(cursor) if n not in NOT_COUNTED]
        told = " UNION ALL ".join(f"SELECT '{n}', COUNT(*) FROM {n}" for n in names)
        cursor.execute(told)
        rows = dict(cursor.fetchall())
    return {**rows, "versions": sorted(Issue.objects.values_list("pk", "version", "state"))}


@dataclass
class Visited:
    """What the walkers found. forms: each once, with who may send it; pages by their route."""

    town: Town
    clients: dict[str, Client]
    forms: list[tuple[str, Form]]
    routes: set[str]
    asked: dict[str, tuple[str, str, set[str]]]
    """Each page that asks something in its address: who reads it, its path, and the names."""
    before: dict[str, Any]

    def send(self, who: str, form: Form, fields: list[tuple[str, str]], **more: Any) -> "Sent":
        """Send a form and take everything back; a crash is a failure of the test."""
        client = self.clients[who]
        cookies = client.cookies.copy()
        raw = encoded(fields)
        headers = {"Referer": f"http://testserver{form.page}"} | more.pop("headers", {})
        kind = more.pop("content_type", "application/x-www-form-urlencoded")
        with transaction.atomic():
            try:
                sent = more.get("raw", raw)
                answer = client.generic("POST", form.action, sent, kind, headers=headers)
                after = fingerprint() if answer.status_code in REFUSED else self.before
                shown = self._next(client, form, answer)
            except Exception as crash:
                return Sent(who, form, fields, crash=where(crash))
            finally:
                transaction.set_rollback(True)
                client.cookies = cookies
        return Sent(who, form, fields, answer, after == self.before, shown)

    def ask(self, who: str, path: str, asked: list[tuple[str, str]]) -> "Sent":
        """Ask for a page with these words in its address."""
        form = Form(path, "get", page=path)
        with transaction.atomic():
            try:
                answer = self.clients[who].get(f"{path}?{encoded(asked).decode()}")
                return Sent(who, form, asked, answer, fingerprint() == self.before, answer.text)
            except Exception as crash:
                return Sent(who, form, asked, crash=where(crash))
            finally:
                transaction.set_rollback(True)

    def _next(self, client: Client, form: Form, answer: HttpResponse) -> str:
        """What the sender then reads: the answer itself, or the page to which it leads."""
        if answer.status_code in (302, 303):
            to = urljoin(form.action, answer["Location"])
            if urlsplit(to).netloc in OURS:
                answer = client.get(to)
        if answer.streaming:
            return ""
        if answer["Content-Type"] == "application/json":  # allauth answers JSON with JSON
            return json.dumps(answer.json(), ensure_ascii=False)
        return answer.content.decode(errors="replace")


@dataclass
class Sent:
    who: str
    form: Form
    fields: list[tuple[str, str]]
    answer: HttpResponse | None = None
    unchanged: bool = True
    shown: str = ""
    crash: str = ""

    def faults(self, *, kept: bool) -> Iterator[str]:
        """What is wrong with the answer, in words."""
        if self.answer is None:
            yield f"crashed, {self.crash}"
            return
        status = self.answer.status_code
        if status >= 500 or status not in (*REFUSED, 200, 302, 303):
            yield f"answered {status}"
        if status in REFUSED:
            if not self.unchanged:
                yield f"{status}, but something was stored"
            if not re.search(r"[\u4e00-\u9fff]{4}", self.shown):
                yield f"{status} without a sentence"
        if SCRIPT in self.shown or "<img src=x" in self.shown:
            yield "markup came back as markup"
        if "X-Evil" in self.answer.headers:
            yield "a header was slipped in"
        if status in (302, 303) and urlsplit(self.answer["Location"]).netloc not in OURS:
            yield f"led away to {self.answer['Location']}"
        if status == 422 and kept:
            yield from self._lost()

    def _lost(self) -> Iterator[str]:
        """What was typed and does not stand in the form any more."""
        page = Page(self.form.page, self.shown)
        again = [one for one in page.forms if one.action == self.form.action]
        again = [one for one in again if set(one.names) & set(self.form.names)] or again
        for name, said in self.fields:
            typed = tidy(said)
            if not self.form.typed(name) or not typed:
                continue
            stands = [tidy(text) for one in again for text in one.typed(name)]
            if typed not in stands:
                yield f"{name} lost {said[:40]!r}; there stands {[t[:40] for t in stands]}"

    def told(self) -> str:
        some = [(name, said[:40]) for name, said in self.fields]
        return f"{self.who} {self.form.action} {some}"


def where(crash: Exception) -> str:
    """A crash in a line, with the last place of ours that it came through."""
    ours = [one for one in traceback.extract_tb(crash.__traceback__) if "qingdan" in one.filename]
    last = f"{ours[-1].filename.rpartition('/qingdan/')[2]}:{ours[-1].lineno}" if ours else "?"
    return f"{type(crash).__name__} at {last}: {str(crash)[:80]}"


def tidy(text: str) -> str:
    """Without what nobody sees, which a form may leave out."""
    kept = re.sub(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\x80-\x9f\ud800-\udfff\ufffd]", "", text)
    return kept.replace("\r\n", "\n").replace("\r", "\n").strip()


def must_be_well(sent: Iterable[Sent], *, kept: bool = True) -> None:
    """kept: whether what was typed must stand in the page again."""
    wrong = [f"{one.told()}: {fault}" for one in sent for fault in one.faults(kept=kept)]
    assert not wrong, "\n".join(wrong[:40])


@pytest.fixture(scope="module")
def visited(built: Marked) -> Visited:
    """The town walked through by everybody, once for all tests here."""
    return go_round(built)


def go_round(matters: Marked) -> Visited:
    town = matters.town
    by, leader = town.assistant.person, town.posts["leader"]
    outing = plan_outing(clock.today(), [town.firm_subject], by=by, leader=leader)
    take_along(outing, town.posts["market-regulation"], by=by)
    Contact.objects.create(
        county=COUNTY, subject=town.firm_subject, title="厂长", phone="13800000000"
    )
    suggest("字太小", by=town.firm.person)
    answer(suggest("按钮太近", by=town.firm.person), "已经分开", by=town.desk.person)
    link = make_link(town.firm_subject, by=town.desk.person)
    take_post(town.posts["township"], User.objects.get(username="park"))  # who changes hats
    clients = {who: signed_in(who) for who in WALKERS}
    prepare_accounts(clients)
    clients["link"] = Client()
    clients["link"].get(f"/portal/l/{link}/")
    forms: dict[tuple[str, ...], tuple[str, Form]] = {}
    routes: set[str] = set()
    asked: dict[str, tuple[str, str, set[str]]] = {}

    def asks(who: str, address: str, names: Iterable[str]) -> None:
        path = urlsplit(address).path
        if (route := route_of(path)) and names:
            asked.setdefault(route, (who, path, set()))[2].update(names)

    for who, client in clients.items():
        for page in walk(client, starts(town, who), each=2):
            routes.add(resolve(urlsplit(page.address).path).route)
            for link in page.links:
                asks(who, link, parse_qs(urlsplit(link).query, keep_blank_values=True))
            for form in page.forms:
                if form.method == "post":
                    forms.setdefault(form.key(), (who, form))
                else:
                    asks(who, form.action, form.names)
    return Visited(town, clients, list(forms.values()), routes, asked, fingerprint())


def prepare_accounts(clients: dict[str, Client]) -> None:
    """Accounts that meet each form about a second factor, and the one about the password."""
    for who, mark in (("desk", PROVED), ("supervision-2", HAS_ONE), ("head", MAY_REPLACE)):
        user = User.objects.get(username=who)
        SecondFactor.objects.create(
            user=user, key=totp.new_key(), used_step=0, real_added_at=clock.real()
        )
        session = clients[who].session
        session[mark] = True
        session.save()
    owner = User.objects.get(username="park")
    owner.set_password("一个长长的口令")
    owner.save()
    clients["park"] = signed_in("park")


def signed_in(who: str) -> Client:
    client = Client(headers={"Accept-Language": "zh-hans"})
    if who:
        client.force_login(User.objects.get(username=who))
    return client


def starts(town: Town, who: str) -> list[str]:
    """Where a walk begins: the front page, and the matters that this walker sees."""
    if who in ("", "link"):
        return ["/", "/portal/", "/accounts/login/"]
    seen = issues().visible_to(town.actor(who).person)
    room = "portal" if who == FIRM else "desk"
    own = ("/", "/accounts/password/", "/accounts/second-factor/")
    return [*own, *(f"/{room}/{one.year}/{one.number}/" for one in seen)]


@pytest.fixture(autouse=True)
def _same_morning(matters: Marked, visited: Visited) -> None:
    """Each test finds the town as it was walked through."""


def test_the_walk_meets_every_page_and_every_form(visited: Visited) -> None:
    posted = {form.key()[0] for _, form in visited.forms}
    unmet = {route for route, _ in patterns()} - visited.routes - posted
    assert unmet == NOT_MET.keys(), sorted(unmet ^ NOT_MET.keys())


NOT_MET = {
    "health/live": "for machines",
    "health/ready": "for machines",
    "accounts/signup/": "closed",
    "accounts/password/set/": "closed",
    "portal/l/<str:token>/": "leads on to the list; forged ones stand in test_forged.py",
}
"""Addresses that no walk meets as a page, and why."""


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_a_form_with_something_hostile_gets_a_sentence(visited: Visited, text: str) -> None:
    must_be_well(everywhere(visited, text))


def everywhere(visited: Visited, text: str) -> Iterator[Sent]:
    """Each form with this text in what is typed, and once more in simply every field."""
    for who, form in visited.forms:
        filled = form.filled()
        typed = [(name, text if form.typed(name) else value) for name, value in filled]
        if typed != filled:
            yield visited.send(who, form, typed)
        yield visited.send(who, form, [(name, text) for name in form.names])


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_a_page_asked_for_something_hostile_answers_calmly(visited: Visited, text: str) -> None:
    must_be_well(
        visited.ask(who, path, [(name, text[:7000]) for name in names])
        for who, path, names in visited.asked.values()
    )


# ------------------------------------------------------------------ any field, any number of times

PLAUSIBLE = [
    *("transport", "交通运输局", "market-regulation", "food-production", "lead", "cooperating"),
    *(
        "2023-10-30",
        "2023-11-06",
        "2023-11-05",
        "2023-10-30T08:30",
        "solved",
        "partly",
        "explained",
    ),
    *("1", "2", "3", "yes", "no", "on", "某酒业有限公司", "91430481MA0000001A", "name_hidden"),
    *("已经去看过，下周一接通", "telephone", "paper", "scheduled", "A"),
]
ANY_TEXT = (
    st.sampled_from(PLAUSIBLE)
    | st.sampled_from(sorted(HOSTILE.values(), key=len)[:-1])
    | st.text(st.characters(), max_size=60)
)


@tried(few=120, many=4000)
def test_any_fields_missing_doubled_or_strange_get_a_sentence(
    visited: Visited, examples: int
) -> None:
    @sampling(examples)
    @given(data=st.data())
    def send(data: st.DataObject) -> None:
        who, form = data.draw(st.sampled_from(visited.forms))
        fields = form.filled()
        for _ in range(data.draw(st.integers(1, 3))):
            if not fields:
                break
            at = data.draw(st.integers(0, len(fields) - 1))
            name, value = fields[at]
            text = data.draw(ANY_TEXT)
            what = data.draw(st.sampled_from(["other", "doubled", "missing", "renamed", "more"]))
            if what == "other":
                fields[at] = (name, text)
            elif what == "doubled":
                fields.insert(at, (name, text))
            elif what == "missing":
                del fields[at]
            elif what == "renamed":
                fields[at] = (data.draw(st.sampled_from(renamed(name))), value)
            else:
                fields.append((data.draw(ANY_TEXT), text))
        must_be_well([visited.send(who, form, fields)], kept=False)

    send()


def renamed(name: str) -> list[str]:
    """A name as other systems write lists, and as this one counts its lines."""
    told = [f"{name}[]", f"{name}[0]", f"{name}.0", name.upper(), f" {name}"]
    return [*told, re.sub(r"\d+", "99", name), re.sub(r"\d+", "999999999999", name)]


# ------------------------------------------------------------------ no form at all

MANY = b"&".join(b"field-%d=x" % n for n in range(1100))
PART = b'--b\r\nContent-Disposition: form-data; name="%s"; filename="../../x.py"\r\n\r\n%s\r\n'
BODIES: dict[str, tuple[str, bytes]] = {
    "nothing": ("", b""),
    "JSON": ("application/json", b'{"text": "x"}'),
    "an image": ("image/png", b"\x89PNG\r\n" + bytes(range(256))),
    "binary as a form": ("application/x-www-form-urlencoded", bytes(range(256)) * 4),
    "another charset": ("application/x-www-form-urlencoded; charset=utf-7", b"text=+ADw-"),
    "a charset of nobody": ("application/x-www-form-urlencoded; charset=klingon", b"text=x"),
    "too many fields": ("application/x-www-form-urlencoded", MANY),
    "half an escape": ("application/x-www-form-urlencoded", b"text=%E6%B0&version=%"),
    "a boundary that never comes": ("multipart/form-data; boundary=b", b"--c\r\n\r\nx"),
    "no boundary": ("multipart/form-data", b"--b\r\n\r\nx"),
    "half a part": ("multipart/form-data; boundary=b", b"--b\r\nContent-Disposition: form-data"),
    "files for text": (
        "multipart/form-data; boundary=b",
        b"".join(PART % (name, bytes(range(256))) for name in (b"text", b"body", b"reason"))
        + b"--b--\r\n",
    ),
}


@pytest.mark.parametrize(("kind", "raw"), BODIES.values(), ids=BODIES)
def test_a_body_that_is_no_form_gets_a_sentence(visited: Visited, kind: str, raw: bytes) -> None:
    must_be_well(
        visited.send(who, form, [], raw=raw, content_type=kind) for who, form in visited.forms
    )


def test_thirty_megabytes_get_a_sentence(visited: Visited) -> None:
    by_kind = {form.key()[0]: (who, form) for who, form in visited.forms}
    huge = b"text=" + b"x" * 30_000_000
    must_be_well(visited.send(who, form, [], raw=huge) for who, form in by_kind.values())
