"""Whatever is sent, the answer is a sentence and nothing changes; never a 500."""

import json
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from api.caller import Caller, Calls, says
from qingdan.domain.ledger.actions.perform import ACTS
from qingdan.domain.ledger.models import Issue
from qingdan.foundations.journal.models import Entry
from qingdan.interfaces.api.shapes import BODIES, NewMatter
from town import Town

pytestmark = pytest.mark.db


def new(town: Town, **more: Any) -> dict[str, Any]:
    body = {"subject": town.firm_id, "title": "货车限行", "body": "货车进不来", "source": "desk"}
    return body | more


DEEP = b'{"body":' + b"[" * 100_000 + b"]" * 100_000 + b"}"
LESS_DEEP = b'{"title":' + b"[" * 900 + b"]" * 900 + b"}"


@pytest.mark.parametrize(
    "raw",
    [
        b"{",
        b"nonsense",
        b"\xff\xfe\x00",
        b'{"title": NaN}',
        b'{"title": -Infinity}',
        b'{"title": ' + b"9" * 5000 + b"}",
        "{“title”: 1}".encode(),
        "{}".encode("utf-16"),
        '{"title": "货车"}'.encode("gbk"),
        b"\x00",
        DEEP,
        LESS_DEEP,
        b"[]",
        b'"text"',
        b"null",
        b"12",
        b"true",
    ],
    ids=repr,
)
@pytest.mark.parametrize("key", [{}, {"Idempotency_Key": "k"}], ids=["", "keyed"])
def test_a_body_that_is_no_json_object_is_told_so(
    town: Town, calls: Calls, raw: bytes, key: dict[str, str]
) -> None:
    response = calls("desk").create(raw, **key)
    assert response.status_code == 422, response.content.decode()
    assert says(response)["detail"]
    assert not Issue.objects.exists()


def test_the_content_type_does_not_matter_and_a_mark_of_order_is_passed_over(
    town: Town, calls: Calls
) -> None:
    desk = calls("desk")
    headers = {"Authorization": f"Bearer {desk.token}"}
    raw = b"\xef\xbb\xbf" + json.dumps(new(town)).encode()
    for kind in (
        "text/plain",
        "",
        "application/x-www-form-urlencoded",
        "image/png",
        "x;charset=y",
    ):
        sent = desk.client.generic("POST", "/api/v1/issues", raw, kind, headers=headers)
        assert sent.status_code == 201, kind
    form = desk.client.post("/api/v1/issues", new(town), headers=headers)
    assert form.status_code == 422, "a form is no JSON"


def test_too_much_at_once_is_told_so(town: Town, calls: Calls) -> None:
    response = calls("desk").create(new(town, body="x" * 3_000_000))
    assert response.status_code == 413
    assert response["Content-Type"] == "application/problem+json"
    assert calls("desk").get("/me?" + "a=1&" * 1500).status_code in (200, 400)
    assert calls("desk").get("/issues?" + "a=1&" * 1500).status_code == 400


ODD: list[Any] = [
    None,
    True,
    -1,
    2**63,
    10**400,
    1.5,
    "",
    "x",
    "\x00",
    "\ud800",
    "\U0001f69a",
    "货" * 6000,
    "2023-02-30",
    "9999-12-31",
    "0001-01-01T00:00:00+14:00",
    "9999-12-31T23:59:59-12:00",
    "٣",
    [],
    [None],
    ["\x00"],
    [2**70],
    [{}],
    [{"id": [], "unit": {}, "text": 1}],
    {},
    {"a": {"b": []}},
]


def fields_of(shape: Any) -> list[str]:
    return [field.alias or name for name, field in shape.model_fields.items()]


def listed(town: Town, calls: Calls) -> str:
    return says(calls("desk").create(new(town, unit="transport", due_on="2023-11-06")))["ref"]


def test_a_wrong_type_in_any_field_of_a_new_matter_gets_an_answer(
    town: Town, calls: Calls
) -> None:
    for name in fields_of(NewMatter):
        for odd in ODD:
            response = calls("desk").create(new(town, **{name: odd}))
            assert response.status_code in (201, 422), (name, odd, response.content[:300])
            if response.status_code == 422:
                assert says(response)["fields"], (name, odd)


GOOD: dict[str, tuple[str, dict[str, Any]]] = {
    "triage": ("desk", {"track": "scheduled", "grade": "B", "lead": "transport"}),
    "order-on-spot": ("desk", {"unit": "transport", "due_on": "2023-11-06", "text": "改线"}),
    "settle-on-site": ("desk", {"text": "讲清了", "evidence": ["10月30日当场告知"]}),
    "draw-lists": ("desk", {"approach": "改线", "tasks": []}),
    "acknowledge": ("transport", {}),
    "contact": ("transport", {"kind": "first"}),
    "finish-task": ("transport", {"task": 1, "text": "已改"}),
    "progress": ("desk", {"text": "在办"}),
    "report-result": ("transport", {"kind": "solved", "text": "已改", "evidence": ["证"]}),
    "verify": ("desk", {}),
    "send-back": ("desk", {"reason": "没看到"}),
    "confirm": ("enterprise", {"solved": True, "by": "account"}),
    "rate": ("enterprise", {"satisfied": 5}),
    "nudge": ("enterprise", {}),
    "reopen": ("enterprise", {"reason": "又堵了"}),
    "answer": ("desk", {"text": "找园区窗口即可"}),
    "change": ("desk", {"grade": "A", "reason": "要跨部门"}),
    "object": ("transport", {"reason": "不归我们管", "unit": "admin-approval"}),
    "decide": ("desk", {"uphold": True}),
    "request-extension": ("transport", {"due_on": "2023-11-15", "reason": "等省里检验"}),
    "grant-extension": ("desk", {"granted": True, "reason": "检验要排期"}),
    "pause": ("desk", {"reason": "awaiting_enterprise", "until": "2023-11-06"}),
    "resume": ("desk", {}),
    "hold": ("leader", {"kind": "carried", "reason": "历史遗留", "next_on": "2023-11-20"}),
    "release": ("leader", {}),
    "approve-explanation": ("supervision", {"reason": "法规有明确规定"}),
    "lapse": ("desk", {}),
    "withdraw": ("enterprise", {"reason": "自己修好了"}),
    "decline": ("desk", {"code": "court", "reason": "已在法院立案"}),
    "approve-decline": ("desk-2", {"approved": True, "reason": "同意"}),
}
"""A body of each act as it should be, and who sends it; the state may not be right for it."""


AT_DESK = ("triage", "answer", "order-on-spot", "settle-on-site", "decline", "approve-decline")
AFTER_RESULT = ("verify", "send-back", "confirm", "rate", "reopen", "approve-explanation", "lapse")
FIRST = {
    "decide": "object",
    "grant-extension": "request-extension",
    "resume": "pause",
    "release": "hold",
    "approve-decline": "decline",
}
"""What must have been done for an act to be open, beside what leads to the state."""


def before(act: str) -> list[tuple[str, str, dict[str, Any]]]:
    """Who did which acts, and how, for this one to be open."""
    steps: list[tuple[str, str, dict[str, Any]]] = []
    works = ("finish-task", "report-result", "request-extension", "grant-extension")
    if act in (*works, *AFTER_RESULT):
        steps.append(("transport", "contact", {"kind": "first"}))
    if act in AFTER_RESULT:
        result = {"kind": "solved", "text": "已改", "evidence": ["证"], "finish": [1]}
        if act == "approve-explanation":
            result |= {"kind": "explained", "basis": "条例第三条"}
        steps.append(("transport", "report-result", result))
    if act in ("confirm", "rate", "reopen", "approve-explanation", "lapse"):
        steps.append(("desk-2" if act == "lapse" else "desk", "verify", {}))
    if act == "reopen":
        steps.append(("enterprise", "confirm", {"solved": True, "by": "account"}))
    if act in FIRST:
        who, good = GOOD[FIRST[act]]
        steps.append((who, FIRST[act], good))
    return steps


def ready(town: Town, calls: Calls, act: str) -> str:
    """A matter in a state in which this act is open."""
    body = {"subject": town.firm_id, "title": "货车限行", "body": "货车进不来"}
    at_desk = act in AT_DESK
    more = {} if at_desk else {"unit": "transport", "due_on": "2023-11-10"}
    ref = says(calls("desk").create(body | more))["ref"]
    for who, name, sent in before(act):
        done = calls(who).act(name, ref, sent)
        assert done.status_code == 200, (act, name, done.content.decode())
    return ref


@pytest.mark.parametrize("act", sorted(ACTS))
def test_a_wrong_type_in_any_field_of_an_act_gets_an_answer(
    town: Town, calls: Calls, act: str
) -> None:
    who, good = GOOD[act]
    sender, ref = calls(who), ready(town, calls, act)
    version, written = calls("desk").matter(ref)["ETag"], Entry.objects.count()
    for name in fields_of(BODIES[act]) or ["anything"]:
        for odd in ODD:
            with transaction.atomic():
                response = sender.act(act, ref, good | {name: odd}, If_Match=version)
                after = Entry.objects.count()
                transaction.set_rollback(True)
            told = (act, name, odd, response.content[:300].decode())
            assert response.status_code in (200, 403, 409, 422), told
            assert (after > written) == (response.status_code == 200), told


texts = st.text(max_size=20) | st.characters(categories=["Cs", "Cc", "Lo"])
values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | texts,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(texts, inner, max_size=3),
    max_leaves=6,
)


def ask(desk: Caller, act: str, ref: str, body: dict[str, Any]) -> Any:
    if act == "register":
        return desk.create(body)
    return desk.act(act, ref, body, If_Match="*")


@settings(
    max_examples=50,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(data=st.data())
def test_any_json_gets_an_answer(town: Town, calls: Calls, data: st.DataObject) -> None:
    act = data.draw(st.sampled_from(["register", *sorted(ACTS)]))
    shape = NewMatter if act == "register" else BODIES[act]
    names = st.sampled_from(fields_of(shape) or ["x"]) | texts
    body = data.draw(st.dictionaries(names, values, max_size=5))
    who = "desk" if act == "register" else GOOD[act][0]
    if not Issue.objects.exists():
        listed(town, calls)
    ref = str(Issue.objects.latest("pk").ref)
    before = Entry.objects.count()
    response = ask(calls(who), act, ref, body)
    assert response.status_code in (200, 201, 403, 404, 409, 422), response.content[:300]
    says(response)
    if response.status_code >= 400:
        assert Entry.objects.count() == before, "a refusal changes nothing"


@settings(
    max_examples=50,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(
    path=st.sampled_from(
        ["/issues", "/lists/problems", "/lists/tasks", "/lists/responsibilities", "/me", "/x"]
    ),
    asked=st.dictionaries(
        st.sampled_from(
            [
                *("state", "unit", "enterprise", "light", "order", "limit", "cursor", "leader"),
                *("park", "on", "x"),
            ]
        ),
        st.text(max_size=25),
        max_size=3,
    ),
)
def test_any_filter_gets_an_answer(
    town: Town, calls: Calls, path: str, asked: dict[str, str]
) -> None:
    from urllib.parse import quote

    told = "&".join(f"{n}={quote(v, errors='surrogatepass')}" for n, v in asked.items())
    response = calls("desk").get(f"{path}?{told}")
    assert response.status_code in (200, 404, 422), response.content[:300]
    says(response)


@settings(
    max_examples=50,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(ref=st.text(max_size=30) | st.from_regex(r"[〔\[]\d{4}[〕\]]\d{1,12}"))
def test_any_reference_gets_an_answer(town: Town, calls: Calls, ref: str) -> None:
    response = calls("desk").matter(ref)
    assert response.status_code in (200, 404), response.content[:300]
