"""The API tried from its own description, as two enterprises and two units.

Each answer must be one that the description knows, and hold no word of somebody else's matter.
Much longer by command: `./qd test tests/fuzz -m heavy`.
"""

import json
from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.db import close_old_connections, transaction
from hypothesis import given
from hypothesis import strategies as st
from schemathesis import Case, GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.schemas import APIOperation
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from fuzz.examples import sampling, tried
from fuzz.marked import ACCOUNTS, Marked
from qingdan.domain.ledger.queries import access_issue, open_acts
from qingdan.domain.people.actions import make_token
from qingdan.interfaces.api.operations import description
from qingdan.interfaces.site.wsgi import application
from town import UNITS

pytestmark = pytest.mark.db

CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
    response_headers_conformance,
]

SCHEMA = schemathesis.openapi.from_dict(json.loads(description()))
SCHEMA.app = application
OPERATIONS: dict[str, APIOperation] = {}
for _found in SCHEMA.get_all_operations():
    OPERATIONS[_found.ok().label] = _found.ok()

MOSTLY = st.integers(0, 4).map(lambda n: n < 4)  # the simplest is yes: so it begins

UNIT_CODES = [code for code, _, _ in UNITS]
DAYS = ["2023-10-30", "2023-10-31", "2023-11-06", "2023-11-15", "2023-11-30"]
KNOWN: dict[str, list[Any]] = {
    **dict.fromkeys(("unit", "lead", "about", "of"), UNIT_CODES),
    "section": ["food-production"],
    "person": ["market-regulation", "section"],
    "task": [1, 2],
    "finish": [[1], [2], [1, 2], []],
    "by": ["account", "telephone", "link", "paper"],
    **dict.fromkeys(("due_on", "next_on", "until"), DAYS),
    "sent_on": ["2023-10-27", "2023-10-30"],
    "at": ["2023-10-29T10:00:00+08:00", "2023-10-30T08:30:00+08:00"],
    "happened_at": ["2023-10-27T10:00:00+08:00"],
    "reason": ["水压还是不够", "awaiting_enterprise", "statutory"],
    "code": ["unlawful", "duplicate", "other_channel"],
    "evidence": [[{"text": "意见书 12 号"}], []],
    "leader": ["leader"],
    "park": ["park"],
    "on": ["2023-10-25", "2023-10-30"],
    "limit": [1, 25, 100],
}
"""What a body or a filter may name so that it gets past the first check."""


def plausible(draw: Any, fields: dict[str, Any], matters: Marked) -> dict[str, Any]:
    """Some of the fields with values that this town knows, the others as they were generated."""
    known = {
        **KNOWN,
        "enterprise": [matters.town.firm_subject.uscc, matters.town.other_subject.uscc],
        "subject": [matters.town.firm_id, matters.town.other_subject.pk],
        "ref": list(matters.refs.values()),
    }
    found = dict(fields)
    for name in fields:
        if name in known and draw(MOSTLY):
            found[name] = draw(st.sampled_from(known[name]))
        elif name == "tasks" and isinstance(fields[name], list):
            rows = [row for row in fields[name][:5] if isinstance(row, dict)]
            found[name] = [plausible(draw, row, matters) for row in rows]
    return found


def aim(draw: Any, case: Case, matters: Marked, open_here: list[str], token: str) -> None:
    """Lead a case to a matter of this town, mostly: what is generated alone meets none.

    open_here: the matters on which this account may do the act as they stand.
    """
    if "ref" in (case.path_parameters or {}) and draw(MOSTLY):
        refs = open_here if open_here and draw(MOSTLY) else list(matters.refs.values())
        case.path_parameters["ref"] = draw(st.sampled_from(refs))
    case.headers["Authorization"] = f"Bearer {token}"
    if case.method == "POST" and draw(MOSTLY):
        case.headers["If-Match"] = draw(st.sampled_from(["*", "*", "*", '"3"', 'W/"4"']))
    if case.headers.get("Idempotency-Key") and draw(st.booleans()):
        case.headers["Idempotency-Key"] = draw(st.sampled_from(["a", "b"]))
    if isinstance(case.body, dict):
        case.body = plausible(draw, case.body, matters)
    if case.query:
        case.query = plausible(draw, case.query, matters)


@pytest.fixture(autouse=True)
def _one_connection() -> Iterator[None]:
    """The application is called in this thread, inside the test's transaction."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


@tried(few=12, many=150)
@pytest.mark.parametrize("account", ACCOUNTS)
def test_every_answer_is_one_that_the_description_knows_and_none_tells_of_others(
    matters: Marked, account: str, examples: int
) -> None:
    person = matters.town.actor(account).person
    token, foreign = make_token(account), matters.foreign_to(account)
    acts = {ref: open_acts(access_issue(person, ref), person) for ref in matters.seen_by(account)}
    met: dict[str, set[int]] = {}

    def walk(label: str, operation: APIOperation) -> None:
        good = operation.as_strategy(generation_mode=GenerationMode.POSITIVE)
        bad = operation.as_strategy(generation_mode=GenerationMode.NEGATIVE)
        open_here = [ref for ref, named in acts.items() if label.rpartition("/")[2] in named]

        @sampling(examples)
        @given(data=st.data())
        def try_it(data: st.DataObject) -> None:
            case = data.draw(good if data.draw(MOSTLY) else bad)
            aim(data.draw, case, matters, open_here, token)
            response = case.call()
            case.validate_response(response, checks=CHECKS)
            met.setdefault(label, set()).add(response.status_code)
            told = response.content.decode()
            leaked = [word for word in foreign if word in told]
            assert not leaked, (account, case.as_curl_command(), leaked)

        with transaction.atomic():
            try_it()
            transaction.set_rollback(True)  # each operation finds the town as it was

    for label, operation in OPERATIONS.items():
        walk(label, operation)
    done = {label for label, statuses in met.items() if statuses & {200, 201}}
    assert met.keys() == OPERATIONS.keys()
    assert len(done) >= 8, f"too shallow to mean anything: {sorted(done)}"
