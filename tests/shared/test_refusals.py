"""A refusal becomes an answer: a calm page, a sentence beside its field, or problem+json."""

import sys
from typing import Any

import pytest
from django import forms
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.urls import path
from django.utils.translation import override

from qingdan.foundations.kernel.errors import (
    ChangedMeanwhile,
    Incomplete,
    NotAllowed,
    NotHere,
    NotSignedIn,
    Refusal,
    StepNotOpen,
    TooMany,
)
from qingdan.interfaces.shared import errors
from qingdan.interfaces.shared.refusals import (
    form_page,
    problem,
    refusals,
    refused,
    sentence,
)
from qingdan.interfaces.site.urls import urlpatterns as site
from town import Town

handler400 = errors.bad_request
handler403 = errors.forbidden
handler404 = errors.not_found
handler500 = errors.crashed

REFUSALS: dict[str, Refusal] = {
    "signed": NotSignedIn(),
    "allowed": NotAllowed(),
    "here": NotHere(),
    "open": StepNotOpen(),
    "changed": ChangedMeanwhile(),
    "many": TooMany(seconds=7),
    "fields": Incomplete({"text": "Some fields need another look.", "other": NotAllowed()}),
}


class Said(forms.Form):
    text = forms.CharField()


@refusals
def refuse(request: HttpRequest, name: str) -> HttpResponse:
    raise REFUSALS[name]


@refusals
def form(request: HttpRequest, name: str) -> HttpResponse:
    said = Said(request.POST or None)
    if request.method == "POST" and said.is_valid():
        with refused(said):
            if name in REFUSALS:
                raise REFUSALS[name]
            return HttpResponse("done")
    return form_page(request, "tests/said.html", said)


def crash(request: HttpRequest, name: str) -> HttpResponse:
    raise ValueError("the secret of the inside")


urlpatterns = [
    path("refuse/<str:name>/", refuse),
    path("form/<str:name>/", form),
    path("crash/<str:name>/", crash),
    path("api/crash/<str:name>/", crash),
    *site,
]

PAGE = (
    "{% extends 'shared/base.html' %}{% load qingdan %}{% block main %}"
    "{% include 'shared/_form_errors.html' %}{% field form.text %}{% endblock %}"
)


@pytest.fixture(autouse=True)
def _doors(settings: Any) -> None:
    settings.ROOT_URLCONF = sys.modules[__name__]
    app_loaders = [
        "django.template.loaders.app_directories.Loader",
        ("django.template.loaders.locmem.Loader", {"tests/said.html": PAGE}),
    ]
    engine = settings.TEMPLATES[0] | {"APP_DIRS": False}
    engine["OPTIONS"] = engine["OPTIONS"] | {"loaders": app_loaders}
    settings.TEMPLATES = [engine]


@pytest.fixture
def reader() -> Client:
    return Client(raise_request_exception=False)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("name", "status"),
    [("allowed", 403), ("here", 404), ("open", 409), ("changed", 409), ("many", 429)],
)
def test_a_refusal_is_a_calm_page_with_its_status(reader: Client, name: str, status: int) -> None:
    answer = reader.get(f"/refuse/{name}/")

    assert answer.status_code == status
    assert f"<h1>{sentence(REFUSALS[name])}</h1>" in answer.content.decode()


@pytest.mark.django_db
def test_the_page_leads_back_to_where_one_was_and_nowhere_else(reader: Client) -> None:
    ours = reader.get("/refuse/here/", HTTP_REFERER="http://testserver/desk/?queue=work")
    theirs = reader.get("/refuse/here/", HTTP_REFERER="http://elsewhere.example/x")

    assert 'href="/desk/?queue=work"' in ours.content.decode()
    assert "elsewhere" not in theirs.content.decode()


@pytest.mark.django_db
def test_who_is_not_signed_in_signs_in_and_comes_back(reader: Client) -> None:
    asked = reader.get("/refuse/signed/?a=1")
    sent = reader.post("/refuse/signed/", HTTP_REFERER="http://testserver/desk/new/")
    part = reader.get("/refuse/signed/", HTTP_X_QINGDAN_PART="rows")

    assert asked["Location"] == "/accounts/login/?next=%2Frefuse%2Fsigned%2F%3Fa%3D1"
    assert sent["Location"] == "/accounts/login/?next=%2Fdesk%2Fnew%2F"
    assert part.status_code == 401


@pytest.mark.django_db
@pytest.mark.parametrize(("name", "status"), [("changed", 409), ("open", 409), ("fields", 422)])
def test_a_refused_form_keeps_what_was_typed(reader: Client, name: str, status: int) -> None:
    answer = reader.post(f"/form/{name}/", {"text": "路还没修"})
    page = answer.content.decode()

    assert answer.status_code == status
    assert 'value="路还没修"' in page
    assert "refusal" in page


@pytest.mark.django_db
def test_the_sentence_stands_beside_its_field_and_the_field_says_so(reader: Client) -> None:
    page = reader.post("/form/fields/", {"text": "路还没修"}).content.decode()

    assert 'aria-invalid="true"' in page
    assert 'aria-describedby="id_text-no"' in page
    assert f'id="id_text-no">{sentence(Incomplete({}))}' in page
    assert f'role="alert">{sentence(NotAllowed())}' in page  # a field that the form lacks


@pytest.mark.django_db
def test_a_form_that_django_refuses_is_422_and_a_fresh_one_200(reader: Client) -> None:
    assert reader.post("/form/none/", {"text": ""}).status_code == 422
    assert reader.get("/form/none/").status_code == 200
    assert reader.post("/form/none/", {"text": "好"}).content == b"done"


@pytest.mark.django_db
@pytest.mark.parametrize(("name", "status"), [("allowed", 403), ("here", 404)])
def test_what_forbids_or_hides_is_never_shown_in_a_form(
    reader: Client, name: str, status: int
) -> None:
    assert reader.post(f"/form/{name}/", {"text": "好"}).status_code == status


@pytest.mark.django_db
def test_a_crash_shows_nothing_of_the_inside(reader: Client) -> None:
    page = reader.get("/crash/x/")
    program = reader.get("/api/crash/x/")

    assert page.status_code == program.status_code == 500
    assert "secret" not in page.content.decode() + program.content.decode()
    assert program["Content-Type"] == "application/problem+json"


@pytest.mark.django_db
def test_absent_and_hidden_pages_read_the_same(reader: Client) -> None:
    absent, hidden = reader.get("/nothing/at/all/"), reader.get("/refuse/here/")

    def said(answer: Any) -> str:
        return answer.content.decode().partition("<h1>")[2].partition("</h1>")[0]

    assert absent.status_code == hidden.status_code == 404
    assert said(absent) == said(hidden) != ""


@pytest.mark.django_db
def test_a_form_whose_sign_in_ended_leads_to_the_sign_in(town: Town) -> None:
    strict = Client(enforce_csrf_checks=True)

    answer = strict.post("/look/", {"theme": "dark"}, HTTP_REFERER="http://testserver/desk/new/")

    assert answer.status_code == 302
    assert answer["Location"] == "/accounts/login/?next=%2Fdesk%2Fnew%2F"


def test_a_problem_names_its_fields_and_its_code() -> None:
    with override("en"):
        body = problem(REFUSALS["fields"])

    assert body["status"] == 422
    assert body["code"] == "incomplete"
    assert body["fields"]["other"] == "This is not for your post to do."
    assert {"type", "title", "status", "detail", "code"} <= set(body)


def test_facts_are_said_in_the_readers_words() -> None:
    refusal = Refusal("Too many requests. Please try again in %(seconds)s seconds.", seconds=9)
    with override("en"):
        assert "9 seconds" in sentence(refusal)


@pytest.mark.parametrize("path", ["/nothing/", "/accounts/login/"])
@pytest.mark.django_db
def test_every_answer_carries_the_content_security_policy(reader: Client, path: str) -> None:
    policy = reader.get(path)["Content-Security-Policy"]

    assert "default-src 'self'" in policy
    assert "unsafe" not in policy
