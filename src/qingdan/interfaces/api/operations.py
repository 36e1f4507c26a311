"""Each address of the API: who asks, what for, in the order of refusals of a matter's life.

401, 404, 403, 428, stale 409, wrong state 409, 422: the first that holds.
"""

from collections.abc import Callable, Mapping
from functools import cache
from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import NinjaAPI
from ninja.security import HttpBearer

from qingdan import __version__
from qingdan.domain.enterprises.models import Subject
from qingdan.domain.ledger.actions.acting import require
from qingdan.domain.ledger.actions.perform import ACTS, ALSO_WHO, perform
from qingdan.domain.ledger.actions.register_body import register, register_several
from qingdan.domain.ledger.models import Issue
from qingdan.domain.ledger.queries import access_issue
from qingdan.domain.ledger.states import ISSUE_LIFE, Source
from qingdan.domain.people.queries import person_of_token
from qingdan.domain.people.rules import Person
from qingdan.domain.people.states import Role
from qingdan.foundations.kernel import clock
from qingdan.foundations.kernel.errors import (
    ChangedMeanwhile,
    NeedsVersion,
    NotAllowed,
    NotHere,
    NotSignedIn,
    Refusal,
)
from qingdan.foundations.kernel.identifiers import check_uscc

from . import shapes
from .answers import PROBLEM, answer, problem, text_of
from .changes import since
from .lists import LIGHTS, PROBLEMS, RESPONSIBILITIES, STATES, TASKS, page_of_list, page_of_matters
from .matters import address_of, instant, one_matter, tag_of
from .once import once
from .reading import LIMIT, MOST_ROWS, fields_of, named, tags_of, version_of


class Bearer(HttpBearer):
    """`Authorization: Bearer TOKEN`. A token acts as one person in one post."""

    def authenticate(self, request: HttpRequest, token: str) -> Person:
        person = person_of_token(token.strip()) if token.isascii() and token.strip() else None
        if person is None:
            raise NotSignedIn
        return person

    def __call__(self, request: HttpRequest) -> Person:
        person = super().__call__(request)
        if person is None:
            raise NotSignedIn
        request.person = person
        return person


bearer = Bearer()

api = NinjaAPI(
    title="Qingdan",
    version=__version__,
    description=(
        "One enterprise, one list. Refusals are application/problem+json; writing takes"
        " Idempotency-Key, acts take If-Match with the version read."
    ),
    auth=bearer,
    docs_url=None,
    openapi_url=None,
    urls_namespace="api",
)


@api.exception_handler(Refusal)
def _refused(request: HttpRequest, refusal: Refusal) -> HttpResponse:
    return problem(refusal)


def _parameter(name: str, description: str, **schema: Any) -> dict[str, Any]:
    return {
        "in": "query",
        "name": name,
        "description": description,
        "required": False,
        "schema": {"type": "string"} | schema,
    }


def _header(name: str, description: str, *, required: bool = False) -> dict[str, Any]:
    return {
        "in": "header",
        "name": name,
        "description": description,
        "required": required,
        "schema": {"type": "string"},
    }


PAGE = [
    _parameter(
        "limit", "rows in a page", type="integer", minimum=1, maximum=MOST_ROWS, default=LIMIT
    ),
    _parameter("cursor", "`next` of the page before"),
]
KEY = _header("Idempotency-Key", "1 to 200 plain characters: sent again, it is done once")
VERSION = _header("If-Match", "the version read, as in ETag", required=True)


def _problems(*codes: int, writes: bool = False) -> dict[str, Any]:
    codes = (*codes, 400, 503, *((413,) if writes else ()))
    told = {"schema": {"$ref": "#/components/schemas/Problem"}}
    said = {code: {"description": SAYS[code], "content": {PROBLEM: told}} for code in codes}
    return {str(code): said[code] for code in sorted(said)}


SAYS = {
    400: "the address or a header cannot be read",
    413: "too much at once",
    503: "the database is busy: try again after `Retry-After` seconds",
    401: "no token, or an unknown one",
    403: "visible, but not this post's act",
    404: "absent or not visible: the same answer",
    409: "the state does not allow it, or the version is old: `changed` says what was missed",
    422: "incomplete or impossible: `fields` names each field",
    428: "no If-Match",
}


def _body(shape: type[shapes.Said]) -> dict[str, Any]:
    schema = {"schema": shapes.schema_of(shape)}
    return {"required": shape is not shapes.Nothing, "content": {"application/json": schema}}


@api.get(
    "/me",
    response=shapes.Me,
    operation_id="me",
    summary="Who asks, and what time it is in the county",
    openapi_extra={"responses": _problems(401)},
)
def me(request: HttpRequest) -> HttpResponse:
    person = request.person
    subject = Subject.objects.filter(pk=person.subject_id).first() if person.subject_id else None
    return answer(
        {
            "user": person.username,
            "post": person.title,
            "unit": person.unit_code or None,
            "enterprise": {"uscc": subject.uscc or None, "name": subject.name}
            if subject
            else None,
            "now": instant(clock.now()),
        }
    )


@api.get(
    "/issues",
    response=shapes.Matters,
    by_alias=True,
    operation_id="matters",
    summary="The matters one sees, the nearest date first",
    openapi_extra={
        "parameters": [
            _parameter(
                "state", "a state, or `open`: all but ended and answered", enum=list(STATES)
            ),
            _parameter("unit", "code of a unit that works on it"),
            _parameter("enterprise", "its USCC"),
            _parameter("light", "of the clock that one watches", enum=list(LIGHTS)),
            _parameter("order", "by date", enum=["due"]),
            *PAGE,
        ],
        "responses": _problems(401, 422),
    },
)
def matters(request: HttpRequest) -> HttpResponse:
    return answer(page_of_matters(request.GET, request.person))


@api.post(
    "/issues",
    response={201: shapes.Registered},
    by_alias=True,
    operation_id="register",
    summary="Register a matter, or one for each of several enterprises; with unit and date it is"
    " given at once",
    openapi_extra={
        "parameters": [KEY],
        "requestBody": _body(shapes.NewMatter),
        "responses": _problems(401, 403, 409, 422, writes=True),
    },
)
def create(request: HttpRequest) -> HttpResponse:
    person, sent = request.person, fields_of(request)

    def work() -> HttpResponse:
        if person.role not in REGISTER and not person.raises:
            raise NotAllowed
        if isinstance(sent, Refusal):
            raise sent
        if person.role == Role.ENTERPRISE:
            fields = _for_itself(sent, person)
        else:
            fields = named(sent, "source", Source.API)
        if not fields.get("enterprises"):
            return _shown(register(fields, by=person, title_required=True), person, 201)
        entry = register_several(fields, by=person, title_required=True)
        return _shown(entry[0], person, 201, refs=[str(issue.ref) for issue in entry])

    return once(request, person, sent, work)


REGISTER = (Role.DESK, Role.SUPERVISION, Role.LEADER, Role.ASSISTANT, Role.ENTERPRISE)


def _for_itself(fields: dict[str, Any], person: Person) -> dict[str, Any]:
    """The fields of an enterprise, which names no unit and nobody but itself.

    Another one is refused alike whether the register has it or not.
    """
    number, several = fields.get("subject"), fields.get("enterprises") or []
    if fields.get("unit") or (number and str(number) != str(person.subject_id)):
        raise NotAllowed
    codes = [fields["enterprise"]] if fields.get("enterprise") else []
    codes += several if isinstance(several, list) else [several]
    if codes:
        own = Subject.objects.filter(pk=person.subject_id).values_list("uscc", flat=True).first()
        if not all(
            isinstance(c, str) and own and check_uscc(c.strip()).code == own for c in codes
        ):
            raise NotAllowed
    return {**fields, "enterprise": None, "subject": None, "enterprises": None}


@api.get(
    "/issues/{ref}",
    response=shapes.Matter,
    by_alias=True,
    operation_id="matter",
    summary="One matter, with its version as ETag",
    openapi_extra={"responses": _problems(401, 404)},
)
def matter(request: HttpRequest, ref: str) -> HttpResponse:
    return _shown(access_issue(request.person, ref), request.person)


def _shown(issue: Issue, person: Person, status: int = 200, **more: Any) -> HttpResponse:
    headers = {"ETag": tag_of(issue)}
    if status == 201:
        headers["Location"] = address_of(issue)
    matter = one_matter(issue, person, own_words=status == 201)
    return answer(matter | more, status, headers)


def _act(act: str) -> Callable[[HttpRequest, str], HttpResponse]:
    def operation(request: HttpRequest, ref: str) -> HttpResponse:
        person, sent, tags = request.person, fields_of(request), tags_of(request)

        def work() -> HttpResponse:
            issue = access_issue(person, ref)
            version = version_of(tags, issue.version) if tags else None
            if tags is None or isinstance(sent, Refusal):
                known = {} if isinstance(sent, Refusal) else sent
                _refuse_before_the_body(act, issue, person, known, tags, version)
            if isinstance(sent, Refusal):
                raise sent
            perform(act, issue, sent, by=person, version=version)
            issue.__dict__.pop("parts", None)
            return _shown(issue, person)

        try:
            return once(request, person, sent, work)
        except ChangedMeanwhile as refusal:
            return problem(refusal, changed=_missed(person, ref, tags))

    operation.__name__ = f"act_{act.replace('-', '_')}"
    return operation


def _refuse_before_the_body(
    act: str,
    issue: Issue,
    person: Person,
    sent: Mapping[str, Any],
    tags: list[str] | None,
    version: int | None,
) -> None:
    """What comes before an unreadable body in the order of refusals, and a version not named.

    sent: nothing, where it could not be read.
    """
    require(person, act, issue)
    if act in ALSO_WHO:
        ALSO_WHO[act](issue, sent, person)
    if tags is None:
        raise NeedsVersion
    if version is not None and version != issue.version:
        raise ChangedMeanwhile
    ISSUE_LIFE.require_open(act, issue.state)


def _missed(person: Person, ref: str, tags: list[str] | None) -> list[dict[str, str]]:
    """What was done with a matter since the version that the sender read."""
    try:
        issue = access_issue(person, ref)
    except NotHere:
        return []
    read = version_of(tags, issue.version) if tags else None
    return since(issue, person, read if read is not None else issue.version - 1)


@cache
def description() -> str:
    """The API in OpenAPI 3.1, made once."""
    told = api.get_openapi_schema(path_prefix="/api/v1")
    told["components"]["schemas"]["Problem"] = shapes.schema_of(shapes.Problem)
    return text_of(told)


for _name in ACTS:
    api.post(
        f"/issues/{{ref}}/{_name}",
        response=shapes.Matter,
        by_alias=True,
        operation_id=_name,
        summary=f"Act: {_name}",
        openapi_extra={
            "parameters": [VERSION, KEY],
            "requestBody": _body(shapes.BODIES[_name]),
            "responses": _problems(401, 403, 404, 409, 422, 428, writes=True),
        },
    )(_act(_name))


def _three(which: str) -> Callable[[HttpRequest], HttpResponse]:
    def operation(request: HttpRequest) -> HttpResponse:
        return answer(page_of_list(which, request.GET, request.person))

    operation.__name__ = f"list_{which}"
    return operation


for _name, _shape in (
    (PROBLEMS, shapes.Problems),
    (TASKS, shapes.Tasks),
    (RESPONSIBILITIES, shapes.Responsibilities),
):
    api.get(
        f"/lists/{_name}",
        response=_shape,
        by_alias=True,
        operation_id=_name,
        summary=f"The list of {_name}, of today or as it stood at the end of a day",
        openapi_extra={
            "parameters": [
                _parameter("enterprise", "its USCC"),
                _parameter("unit", "code of a unit"),
                _parameter("leader", "code of the linked leader's post"),
                _parameter("park", "code of a park"),
                _parameter("on", "the day, today if none", format="date"),
                *PAGE,
            ],
            "responses": _problems(401, 422),
        },
    )(_three(_name))
