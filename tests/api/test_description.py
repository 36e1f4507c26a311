"""The API describes itself in OpenAPI 3.1, as it is and nothing more."""

import json
from typing import Any

import pytest

from api.caller import Calls, says
from qingdan.domain.ledger.actions.perform import ACTS
from qingdan.domain.ledger.rules.rights import WHO
from qingdan.interfaces.api import operations, shapes, urls
from qingdan.interfaces.shared.doors import DOORS
from town import Town

pytestmark = pytest.mark.db


def description(calls: Calls) -> dict[str, Any]:
    response = calls("").get("/openapi.json")
    assert response.status_code == 200
    assert response["Content-Type"] == "application/json"
    return says(response)


def test_it_is_openapi_3_1_and_open_to_everybody(town: Town, calls: Calls) -> None:
    told = description(calls)
    assert told["openapi"].startswith("3.1")
    assert told["components"]["securitySchemes"]["Bearer"]["scheme"] == "bearer"
    ids = [op["operationId"] for path in told["paths"].values() for op in path.values()]
    assert len(ids) == len(set(ids))
    for path in told["paths"].values():
        for op in path.values():
            assert op["security"] == [{"Bearer": []}]


def test_it_names_every_address_and_every_act_of_the_table(town: Town, calls: Calls) -> None:
    paths = {f"/api/v1/issues/{{ref}}/{act}" for act in ACTS}
    paths |= {f"/api/v1/lists/{name}" for name in ("problems", "tasks", "responsibilities")}
    paths |= {"/api/v1/me", "/api/v1/issues", "/api/v1/issues/{ref}"}
    assert set(description(calls)["paths"]) == paths
    assert set(shapes.BODIES) == set(ACTS) == set(WHO)


def test_whatever_it_refers_to_is_there(town: Town, calls: Calls) -> None:
    told = description(calls)

    def referred(node: Any) -> set[str]:
        if isinstance(node, dict):
            found = {node["$ref"]} if isinstance(node.get("$ref"), str) else set()
            return found.union(*(referred(one) for one in node.values()))
        return set().union(*(referred(one) for one in node)) if isinstance(node, list) else set()

    for ref in referred(told):
        assert ref.removeprefix("#/components/schemas/") in told["components"]["schemas"], ref


def test_acts_say_that_they_take_a_version_and_a_key(town: Town, calls: Calls) -> None:
    told = description(calls)["paths"]
    for act in ACTS:
        op = told[f"/api/v1/issues/{{ref}}/{act}"]["post"]
        headers = {p["name"]: p["required"] for p in op["parameters"] if p["in"] == "header"}
        assert headers == {"If-Match": True, "Idempotency-Key": False}
        assert {"200", "401", "403", "404", "409", "422", "428"} <= set(op["responses"])
    body = told["/api/v1/issues/{ref}/triage"]["post"]["requestBody"]
    required = body["content"]["application/json"]["schema"]["required"]
    assert required == ["track", "grade", "lead"]


def test_what_any_request_may_meet_is_described_too(town: Town, calls: Calls) -> None:
    for path in description(calls)["paths"].values():
        for method, op in path.items():
            meets = {"400", "401", "503"} | ({"413"} if method == "post" else set())
            assert meets <= set(op["responses"])


def test_each_operation_stands_in_the_table_of_doors() -> None:
    names = [f"{view.__module__}.{view.__name__}" for view in map(_view, urls.urlpatterns)]
    assert set(names) <= set(DOORS)
    assert f"{operations.__name__}.act_triage" in names
    assert DOORS[f"{urls.__name__}.openapi"] == {"*"}


def _view(pattern: Any) -> Any:
    return pattern.callback


def test_json_is_utf_8_and_not_escaped(town: Town, calls: Calls) -> None:
    body = {"subject": town.firm_id, "title": "货车限行🚚", "body": "进不来", "source": "desk"}
    content = calls("desk").create(body).content
    assert "货车限行🚚".encode() in content
    assert b"\\u" not in content
    assert json.loads(content)["title"] == "货车限行🚚"
