"""Every operation of the API as every role: hidden is absent, not theirs is refused."""

import json
from urllib.parse import quote

import pytest
from django.test import Client

from qingdan.domain.ledger.queries import issues, letters_of
from qingdan.domain.ledger.rules.rights import HERE, may
from qingdan.domain.people.actions import make_token
from qingdan.domain.people.states import Role
from town import Actor, Town

REGISTER = {Role.DESK, Role.SUPERVISION, Role.LEADER, Role.ASSISTANT, Role.ENTERPRISE}


@pytest.fixture
def listed(db: None) -> tuple[Town, str]:
    town = Town()
    ref = town.park.registers("货车限行，绕路多跑十二公里")
    order = {"unit": "market-regulation", "due_on": "2023-11-06", "text": "去看"}
    town.park.does("order-on-spot", ref, **order)
    return town, ref


def asking(actor: Actor) -> Client:
    token = make_token(actor.person.username)
    return Client(headers={"authorization": f"Bearer {token}"})


def test_every_operation_as_every_role_answers_as_the_tables_say(
    listed: tuple[Town, str],
) -> None:
    town, ref = listed
    matter = town.issue(ref)
    at = f"/api/v1/issues/{quote(ref)}"
    for actor in town.everybody():
        client, who = asking(actor), actor.person
        seen = issues().visible_to(who).filter(pk=matter.pk).exists()
        assert client.get("/api/v1/me").status_code == 200
        listing = client.get("/api/v1/issues")
        assert listing.status_code == 200
        assert (ref in [row["ref"] for row in listing.json()["items"]]) == seen, who.title
        assert client.get(at).status_code == (200 if seen else 404), who.title
        for kind in ("problems", "tasks", "responsibilities"):
            assert client.get(f"/api/v1/lists/{kind}").status_code == 200, who.title
        made = client.post("/api/v1/issues", "{}", content_type="application/json")
        raises = who.role in REGISTER or who.raises
        assert made.status_code == (422 if raises else 403), (who.title, made.content)
        letters = letters_of(matter, who)
        for act in sorted(HERE):
            answer = client.post(
                f"{at}/{act}",
                json.dumps({}),
                content_type="application/json",
                headers={"if-match": '"0"'},
            )
            wanted = 404 if not seen else 409 if may(act, letters) else 403
            assert answer.status_code == wanted, (who.title, act, answer.content)


def test_nobody_gets_nothing(listed: tuple[Town, str]) -> None:
    _, ref = listed
    for address in ("me", "issues", f"issues/{quote(ref)}", "lists/problems", "nowhere"):
        assert Client().get(f"/api/v1/{address}").status_code == 401
    assert Client().get("/api/v1/openapi.json").status_code == 200
