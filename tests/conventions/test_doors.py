"""Every page stands in a table with who may use it, and each is tried as every role."""

from collections.abc import Iterator

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from qingdan.domain.enterprises.models import Contact
from qingdan.domain.people.models import User
from qingdan.domain.visits.actions import plan_outing
from qingdan.foundations.kernel import clock
from qingdan.interfaces.shared.doors import DOORS
from town import COUNTY, Town

NOT_OURS = ("allauth.", "ninja.", "django.")
OPEN_BY_NATURE = {
    "qingdan.interfaces.site.health.live",
    "qingdan.interfaces.site.health.ready",
    "qingdan.interfaces.site.urls._closed",
}


def patterns(
    node: URLResolver | None = None, before: str = ""
) -> Iterator[tuple[str, URLPattern]]:
    for one in (node or get_resolver()).url_patterns:
        route = before + str(one.pattern)
        if isinstance(one, URLResolver):
            if not route.startswith("api/"):
                yield from patterns(one, route)
        else:
            yield route, one


def name_of(pattern: URLPattern) -> str:
    view = pattern.callback
    return f"{view.__module__}.{view.__name__}"


def ours() -> list[tuple[str, URLPattern]]:
    return [
        (route, one)
        for route, one in patterns()
        if not name_of(one).startswith(NOT_OURS) and name_of(one) not in OPEN_BY_NATURE
    ]


@pytest.fixture(autouse=True)
def _in_english(settings: object) -> None:
    settings.LANGUAGE_CODE = "en"  # type: ignore[attr-defined]


def test_every_view_stands_in_the_table_of_doors() -> None:
    without = [route for route, one in ours() if name_of(one) not in DOORS]
    assert not without


def test_every_door_of_the_table_leads_somewhere() -> None:
    named = {name_of(one) for _, one in patterns()}
    pages = {door for door in DOORS if ".api." not in door and "demo_strip" not in door}
    assert pages - named == set()


@pytest.mark.db
def test_every_door_as_every_role_answers_as_the_table_says(db: None) -> None:
    town = Town()
    ref = town.desk.registers("货车限行", unit="transport", due_on="2023-11-06")
    assert ref.endswith("1号")
    outing = plan_outing(
        clock.today(), [town.firm_subject], by=town.assistant.person, leader=town.posts["leader"]
    )
    stop = outing.stops.get()
    contact = Contact.objects.create(
        county=COUNTY, subject=town.firm_subject, title="总经理", phone="0734-4331111"
    )
    samples = {
        "<int:year>": "2023",
        "<int:number>": "1",
        "<slug:act>": "nudge",
        "<slug:kind>": "problems",
        "<int:subject_id>": str(town.firm_id),
        "<int:contact_id>": str(contact.pk),
        "<int:stop_id>": str(stop.pk),
        "<int:stop>": str(stop.pk),
        "<int:outing>": str(outing.pk),
        "<int:outing_id>": str(outing.pk),
        "<int:link_id>": "1",
        "<str:token>": "nothing",
    }
    clients: dict[str, Client] = {}
    for actor in town.everybody():
        role = str(actor.person.role)
        if role not in clients:
            clients[role] = Client()
            clients[role].force_login(User.objects.get(username=actor.person.username))
    for route, one in ours():
        address = "/" + route
        for placeholder, value in samples.items():
            address = address.replace(placeholder, value)
        assert "<" not in address, f"{route}: no sample for this placeholder"
        may = DOORS[name_of(one)]
        for role, client in clients.items():
            answer = client.get(address)
            status = answer.status_code
            assert status < 500, (address, role)
            if may & {"*", "+", role}:
                # past the door; what it then refuses is the matter's own business
                assert status != 401, (address, role)
            else:
                # 405: the door takes no GET, and shows nobody more than that
                assert status in (403, 404, 405), (address, role, status)
        if "*" not in may:
            status = Client().get(address).status_code
            assert status in (302, 401, 405), (address, "nobody", status)
