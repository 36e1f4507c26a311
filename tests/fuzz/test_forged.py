"""Forged references, crossed and replayed tokens and keys, and bodies that no program sends."""

import json
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

import pytest
from django.test import Client

from api.caller import Caller, says
from fuzz.marked import ACCOUNTS, FIRM, MARKET, OTHER, TRANSPORT, Marked
from fuzz.test_from_the_description import KNOWN
from qingdan.domain.enterprises.actions import make_link, revoke_link
from qingdan.domain.enterprises.models import Link
from qingdan.domain.ledger.actions.perform import ACTS
from qingdan.domain.ledger.models import Issue
from qingdan.domain.people.actions import make_token
from qingdan.domain.people.models import User
from qingdan.foundations.journal.models import Entry
from qingdan.foundations.kernel.models import Once
from qingdan.interfaces.shared.refusals import own_address

pytestmark = pytest.mark.db


@pytest.fixture
def calls(matters: Marked) -> dict[str, Caller]:
    return {account: Caller(make_token(account)) for account in (*ACCOUNTS, "desk")}


def signed_in(account: str) -> Client:
    client = Client(headers={"Accept-Language": "zh-hans"})
    client.force_login(User.objects.get(username=account))
    return client


def told_nothing(matters: Marked, account: str, content: bytes) -> None:
    told = content.decode()
    assert not [word for word in matters.foreign_to(account) if word in told]


# ------------------------------------------------------------------ references

FORGED = [
    "耒企〔2023〕0号",
    "耒企〔2023〕-3号",
    "耒企〔2023〕3.0号",
    "耒企〔2023〕 3号",
    "耒企〔99999〕3号",
    "耒企〔0000〕3号",
    "耒企〔2022〕3号",
    "耒企〔2023〕999999999号",
    "耒企〔2023〕9999999999号",
    "耒企〔2023〕" + "9" * 5000 + "号",
    "耒企〔2023〕3号 OR 1=1",
    "' OR 1=1; DROP TABLE ledger_issue; --〔2023〕3号",
    "衡企〔2023〕3号",
    "-〔2023〕3号",
    "耒企〔2023〕3号\x00",
    "耒企\u202e〔2023〕3号",
    "耒企〔2023〕%33号",
    quote("耒企〔2023〕3号"),
    quote(quote("耒企〔2023〕3号")),
    "../issues/3",
    "3/../3",
    "3;3",
    "3,4",
    "*",
    "%2e%2e",
    "\ud800",
    "",
    "号",
]


@pytest.mark.parametrize("ref", FORGED, ids=range(len(FORGED)))
def test_a_forged_reference_names_nothing(
    matters: Marked, calls: dict[str, Caller], ref: str
) -> None:
    at = quote(ref, safe="", errors="surrogatepass")
    for account in (*ACCOUNTS, "desk"):
        for method, path in (("GET", f"/issues/{at}"), ("POST", f"/issues/{at}/nudge")):
            answer = calls[account](method, path, {} if method == "POST" else None, If_Match="*")
            wanted = (404, 405) if method == "GET" else (404,)
            assert answer.status_code in wanted or ref == "", (account, method, answer.content)
            if answer.status_code == 200:
                assert path == "/issues/"
            told_nothing(matters, account, answer.content)


@pytest.mark.parametrize(
    "short", ["3", "003", "〔2023〕3号", "[2023]3", "耒企[2023]3号", "２０２３"]
)
def test_a_short_reference_is_the_same_matter_or_none(
    matters: Marked, calls: dict[str, Caller], short: str
) -> None:
    for account in ACCOUNTS:
        answer = calls[account].matter(short)
        seen = matters.seen_by(account)
        if answer.status_code == 200:
            assert says(answer)["ref"] == "耒企〔2023〕3号"
            assert "耒企〔2023〕3号" in seen
        else:
            assert answer.status_code == 404
            assert short == "２０２３" or "耒企〔2023〕3号" not in seen


@pytest.mark.parametrize(
    "numbers",
    [
        "2023/0",
        "0/3",
        "2022/3",
        "2023/-3",
        "2023/２",
        "2023/99999999999999999999",
        "9" * 400 + "/3",
        "2023/3%00",
        "2023/3/../4",
    ],
)
def test_a_forged_address_of_a_page_shows_nothing(matters: Marked, numbers: str) -> None:
    for account in ACCOUNTS:
        client = signed_in(account)
        for room in ("portal", "desk"):
            for path in (f"/{room}/{numbers}/", f"/{room}/{numbers}/do/nudge/"):
                answer = client.get(path)
                assert answer.status_code in (403, 404, 405), (account, path)
                told_nothing(matters, account, answer.content)


def test_nobody_reads_or_moves_a_matter_of_others_whatever_the_door(
    matters: Marked, calls: dict[str, Caller]
) -> None:
    """Each reference of the town, by page and by API: seen by who may, absent for the others."""
    clients = {account: signed_in(account) for account in ACCOUNTS}
    versions = dict(Issue.objects.values_list("pk", "version"))
    for account in ACCOUNTS:
        hidden = set(matters.refs.values()) - set(matters.seen_by(account))
        absent = calls[account].matter("耒企〔2023〕9999号").content
        for ref in hidden:
            assert calls[account].matter(ref).content == absent
            year, number = ref.removeprefix("耒企〔").removesuffix("号").split("〕")
            for room in ("portal", "desk"):
                page = clients[account].get(f"/{room}/{year}/{number}/")
                assert page.status_code in (403, 404)
                told_nothing(matters, account, page.content)
            for act in ("nudge", "progress"):
                answer = calls[account].act(act, ref, {"text": "x"}, If_Match="*")
                assert answer.content == absent, (account, act)
                for room in ("portal", "desk"):
                    page = clients[account].post(
                        f"/{room}/{year}/{number}/do/{act}/", {"text": "x"}
                    )
                    assert page.status_code in (403, 404)
        for ref in matters.seen_by(account):
            assert calls[account].matter(ref).status_code == 200
    assert dict(Issue.objects.values_list("pk", "version")) == versions


# ------------------------------------------------------------------ tokens and links


def bad_tokens(matters: Marked) -> Iterator[str]:
    link = make_link(matters.town.firm_subject, by=matters.town.desk.person)
    good = make_token(FIRM)
    yield link  # the enterprise's link is no token
    yield from (good[:-1], good + "x", good.upper(), good.swapcase(), "qd_", "é" * 20)
    yield from ("' OR 1=1 --", "null", "undefined", "x" * 100_000, "%00", f"{good} {good}")


def test_what_is_no_token_opens_no_operation(matters: Marked) -> None:
    written = Entry.objects.count()
    for token in bad_tokens(matters):
        caller = Caller(token)
        written = max(written, Entry.objects.count())
        for path in ("/me", "/issues", "/lists/tasks", f"/issues/{quote('耒企〔2023〕3号')}"):
            answer = caller.get(path)
            assert answer.status_code == 401, (token[:40], path)
            told_nothing(matters, "", answer.content)
        for act in sorted(ACTS):
            assert caller.act(act, "耒企〔2023〕3号", {}, If_Match="*").status_code == 401
    assert Entry.objects.count() == written


@pytest.fixture
def link(matters: Marked) -> str:
    return make_link(matters.town.firm_subject, by=matters.town.desk.person)


def test_a_link_opens_its_own_enterprise_alone(matters: Marked, link: str) -> None:
    client = Client(headers={"Accept-Language": "zh-hans"})
    assert client.get(f"/portal/l/{link}/").status_code == 302
    own = matters.word("自己的", FIRM)
    for path in ("/portal/", "/portal/people/"):
        page = client.get(path)
        assert page.status_code == 200
        told_nothing(matters, FIRM, page.content)
    for name, ref in matters.refs.items():
        year, number = ref.removeprefix("耒企〔").removesuffix("号").split("〕")
        page = client.get(f"/portal/{year}/{number}/")
        assert page.status_code == (200 if FIRM in matters.sees[name] else 404), (name, own)
        told_nothing(matters, FIRM, page.content)
        if FIRM not in matters.sees[name]:
            done = client.post(f"/portal/{year}/{number}/do/nudge/", {})
            assert done.status_code == 404
    for path in ("/desk/", "/board/", "/field/", "/desk/register/"):
        page = client.get(path)
        assert page.status_code in (302, 403, 404), path
        told_nothing(matters, FIRM, page.content)


def test_a_link_in_somebody_elses_session_shows_its_own_enterprise_and_no_more(
    matters: Marked, link: str
) -> None:
    """Another enterprise that gets hold of it stays itself; a unit sees what the link shows."""
    other = signed_in(OTHER)
    other.get(f"/portal/l/{link}/")
    told_nothing(matters, OTHER, other.get("/portal/").content)
    unit = signed_in(TRANSPORT)
    unit.get(f"/portal/l/{link}/")
    told_nothing(matters, TRANSPORT, unit.get("/desk/").content)
    told_nothing(matters, FIRM, unit.get("/portal/").content)


def test_a_revoked_ended_or_forged_link_opens_nothing(matters: Marked, link: str) -> None:
    town = matters.town
    client = Client()
    client.get(f"/portal/l/{link}/")
    assert client.get("/portal/").status_code == 200
    revoke_link(Link.objects.get(), by=town.desk.person)
    assert client.get("/portal/").status_code == 302, "the open page loses everything at once"
    assert client.post("/portal/raise/", {"body": "x"}).status_code == 302
    late = make_link(town.firm_subject, by=town.desk.person)
    Link.objects.filter(revoked_at=None).update(ends_at="2023-10-29T16:00:00Z")
    token = make_token(FIRM)
    for forged in (link, late, link[:-1], late + "x", token, "x", "é", "%00", "." * 3, "0" * 5000):
        page = Client().get(f"/portal/l/{quote(forged, safe='')}/")
        assert page.status_code == 404, forged[:30]
        told_nothing(matters, "", page.content)


# ------------------------------------------------------------------ keys


def test_a_key_of_one_account_is_no_key_of_another(
    matters: Marked, calls: dict[str, Caller]
) -> None:
    body = {"title": "水压不够", "body": matters.word("甲的话", FIRM)}
    first = calls[FIRM].create(body, Idempotency_Key="k")
    assert first.status_code == 201
    for account in (OTHER, MARKET, TRANSPORT):
        answer = calls[account].create({"title": "别的", "body": "别的话"}, Idempotency_Key="k")
        assert answer.status_code in (201, 403), account
        told_nothing(matters, account, answer.content)
    again = calls[FIRM].create(body, Idempotency_Key="k")
    assert (again.status_code, says(again)["ref"]) == (201, says(first)["ref"])
    other = Caller(make_token(FIRM)).create(body, Idempotency_Key="k")
    assert says(other)["ref"] == says(first)["ref"], "another token of the same account"


def test_a_replayed_key_with_another_body_address_or_account_does_nothing(
    matters: Marked, calls: dict[str, Caller]
) -> None:
    own = matters.refs["甲列清单"]
    first = calls[FIRM].act("nudge", own, {}, Idempotency_Key="k")
    assert first.status_code == 200
    before = Entry.objects.count()
    for ref in (matters.refs["甲交办"], matters.refs["甲已报"]):
        assert calls[FIRM].act("nudge", ref, {}, Idempotency_Key="k").status_code == 422
    assert calls[FIRM].act("nudge", own, {"x": 1}, Idempotency_Key="k").status_code == 422
    assert calls[FIRM].create({"title": "x", "body": "y"}, Idempotency_Key="k").status_code == 422
    assert calls[OTHER].act("nudge", own, {}, Idempotency_Key="k").status_code == 404
    again = calls[FIRM].act("nudge", own, {}, Idempotency_Key="k", If_Match='"1"')
    assert (again.status_code, again.content) == (200, first.content)
    assert Entry.objects.count() == before


def test_what_is_kept_for_a_key_is_shown_no_longer_to_who_lost_the_matter(
    matters: Marked, calls: dict[str, Caller]
) -> None:
    """A unit whose part passed on gets its old answer no more, key or not."""
    town, ref = matters.town, matters.refs["甲争议"]
    sent = calls[MARKET].act("progress", ref, {"text": "x"}, Idempotency_Key="k")
    assert sent.status_code == 409
    done = calls[MARKET].act(
        "progress", matters.refs["甲列清单"], {"text": "y"}, Idempotency_Key="j"
    )
    assert done.status_code == 200
    town.desk.does("decide", ref, uphold=True)
    assert calls[MARKET].matter(ref).status_code == 404
    again = calls[MARKET].act("progress", ref, {"text": "x"}, Idempotency_Key="k")
    assert again.status_code == 404
    told = [word for word in matters.words if word.endswith(("甲争议题", "甲争议文"))]
    assert told
    assert not [word for word in told if word in again.content.decode()]


BAD_KEYS = ["", " ", "k" * 201, "k" * 100_000, "é", "\x7f", "\x00", "a\tb", "键"]


@pytest.mark.parametrize("key", BAD_KEYS, ids=range(len(BAD_KEYS)))
def test_a_key_that_is_none_gets_a_sentence_and_nothing_is_kept(
    matters: Marked, calls: dict[str, Caller], key: str
) -> None:
    issues = Issue.objects.count()
    answer = calls[FIRM].create({"title": "x", "body": "y"}, Idempotency_Key=key)
    assert answer.status_code == 422
    assert "Idempotency-Key" in says(answer)["fields"]
    assert (Issue.objects.count(), Once.objects.count()) == (issues, 0)


# ------------------------------------------------------------------ raw bodies and headers

RAW: list[tuple[str, bytes]] = [
    ("application/json", b'{"body": "a", "body": "b", "title": "x", "title": "y"}'),
    ("application/json", b'{"title": "' + b"x" * 2_000_000 + b'", "body": "y"}'),
    ("application/json", b"[" * 200_000),
    ("application/json", b'{"a":' * 5000 + b"1" + b"}" * 5000),
    ("application/json", b'{"title": "\\ud800", "body": "\\udfff"}'),
    ("application/json", b'{"title": "\\u0000", "body": "\\u0000"}'),
    ("application/json", b'{"title": "x", "body": 1e400, "unit": -0.0}'),
    ("application/json", b"\xff\xfe{\x00}\x00"),
    ("application/json; charset=gbk", '{"title": "货车", "body": "限行"}'.encode("gbk")),
    ("application/json; charset=klingon", b'{"title": "x"}'),
    ("multipart/form-data", b'--b\r\n\r\n{"title": "x"}'),
    ("text/html", b"<title>x</title>"),
    ("application/xml", b'<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><a>&b;</a>'),
    ("", b"\x00" * 1000),
]


@pytest.mark.parametrize(("kind", "raw"), RAW, ids=range(len(RAW)))
def test_a_body_that_no_program_sends_gets_a_sentence(
    matters: Marked, calls: dict[str, Caller], kind: str, raw: bytes
) -> None:
    for account in (FIRM, TRANSPORT):
        caller, ref = calls[account], quote(matters.refs["甲列清单"])
        headers = {"Authorization": f"Bearer {caller.token}", "If-Match": "*"}
        for path in ("/issues", f"/issues/{ref}/progress", f"/issues/{ref}/confirm"):
            before = (Issue.objects.count(), Entry.objects.count())
            answer = caller.client.generic("POST", f"/api/v1{path}", raw, kind, headers=headers)
            assert answer.status_code in (201, 403, 404, 409, 413, 422), (
                path,
                answer.content[:200],
            )
            if answer.status_code >= 400:
                assert answer["Content-Type"] == "application/problem+json"
                assert says(answer)["detail"]
                assert (Issue.objects.count(), Entry.objects.count()) == before


def test_thirty_megabytes_are_too_much(matters: Marked, calls: dict[str, Caller]) -> None:
    raw = json.dumps({"title": "x", "body": "水" * 10_000_000}).encode()
    before = Entry.objects.count()
    answer = calls[FIRM]("POST", "/issues", raw)
    assert (answer.status_code, says(answer)["code"]) == (413, "too-large")
    assert Entry.objects.count() == before


HEADERS: list[dict[str, str]] = [
    {"If_Match": ",".join(["1"] * 100_000)},
    {"If_Match": '"' + "9" * 5000 + '"'},
    {"If_Match": '"１"'},
    {"If_Match": "*, *"},
    {"If_Match": "\ud800".encode("utf-8", "surrogatepass").decode("latin-1")},
    {"Accept_Language": "x" * 100_000},
    {"Accept_Language": "zh-hans;q=9,../../etc,%00"},
    {"Content_Encoding": "gzip"},
    {"Expect": "100-continue"},
    {"Range": "bytes=0-1"},
    {"Cookie": "language=../../x; sessionid=" + "x" * 10_000},
    {"X_HTTP_Method_Override": "DELETE"},
    {"X_Forwarded_For": "' OR 1=1"},
    {"Accept": "application/xml"},
]


@pytest.mark.parametrize("headers", HEADERS, ids=range(len(HEADERS)))
def test_a_strange_header_gets_an_answer(
    matters: Marked, calls: dict[str, Caller], headers: dict[str, str]
) -> None:
    for account in (FIRM, MARKET):
        ref = matters.refs["甲列清单"]
        told: list[Any] = [
            calls[account].get("/issues", **headers),
            calls[account]("GET", f"/issues/{quote(ref)}", **headers),
            calls[account](
                "POST", f"/issues/{quote(ref)}/nudge", {}, **({"If_Match": "*"} | headers)
            ),
        ]
        for answer in told:
            assert answer.status_code in (200, 403, 409, 422, 428), answer.content[:200]
            assert says(answer)
            told_nothing(matters, account, answer.content)


# ------------------------------------------------------------------ filters and cursors


def test_no_filter_and_no_cursor_of_another_shows_more(
    matters: Marked, calls: dict[str, Caller]
) -> None:
    town = matters.town
    cursors = []
    for account in (*ACCOUNTS, "desk"):
        page = says(calls[account].get("/issues?limit=1"))
        cursors += [page["next"]] if page["next"] else []
    assert len(cursors) == 5
    filters = [
        f"enterprise={town.firm_subject.uscc}",
        f"enterprise={town.other_subject.uscc}",
        *(f"unit={code}" for code in KNOWN["unit"]),
        *(
            "state=open",
            "state=registered",
            "state=ended",
            "light=red",
            "light=grey",
            "leader=leader",
        ),
        *("park=park", "on=2023-10-24", "on=2023-10-25"),
        *(f"cursor={cursor}" for cursor in cursors),
    ]
    for account in ACCOUNTS:
        seen = set(matters.seen_by(account))
        for path in ("/issues", "/lists/problems", "/lists/tasks", "/lists/responsibilities"):
            for asked in filters:
                answer = calls[account].get(f"{path}?limit=100&{asked}")
                assert answer.status_code in (200, 422)
                told_nothing(matters, account, answer.content)
                assert {row["ref"] for row in says(answer).get("items", [])} <= seen, (path, asked)


def test_a_forged_live_topic_tells_nothing(matters: Marked) -> None:
    client = signed_in(FIRM)
    for topic in ("desk", "430481/desk", "430481/issue:1:x", "x" * 10_000, "%00", "../", ":", "é"):
        answer = client.get(f"/live/{quote(topic)}")
        assert answer.status_code in (400, 403, 404, 410), topic[:30]
        told_nothing(matters, FIRM, answer.content)


EVIL = [
    "//evil.example",
    "///evil.example",
    "/\\evil.example",
    "https://evil.example/desk/",
    "http:evil.example",
    "javascript:alert(1)",
    "\t//evil.example",
    "/desk/\r\nSet-Cookie: x=1",
    "/desk/\x00",
    "/desk/\u202e",
    "-1",
    "desk:inbox",
    "",
]


@pytest.mark.parametrize("address", EVIL, ids=range(len(EVIL)))
def test_only_a_path_of_ours_is_followed(address: str) -> None:
    assert own_address(address) == ""
    assert own_address("/desk/2023/1/?next=x#y") == "/desk/2023/1/?next=x#y"
