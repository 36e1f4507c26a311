"""Somebody of the town as a program, over HTTP."""

import json
from collections.abc import Callable
from typing import Any
from urllib.parse import quote

from django.http import HttpResponse
from django.test import Client

from qingdan.domain.people.actions import make_token


class Caller:
    """Somebody of the town as a program: speaks JSON, carries a token."""

    def __init__(self, token: str) -> None:
        self.client = Client()
        self.token = token

    def __call__(self, method: str, path: str, body: object = None, **headers: str) -> Any:
        sent: dict[str, Any] = {}
        if body is not None:
            raw = body if isinstance(body, (bytes, str)) else json.dumps(body)
            sent = {"data": raw, "content_type": "application/json"}
        told = {"Authorization": f"Bearer {self.token}"} if self.token else {}
        told |= {name.replace("_", "-"): value for name, value in headers.items()}
        return self.client.generic(method, f"/api/v1{path}", headers=told, **sent)

    def get(self, path: str, **headers: str) -> Any:
        return self("GET", path, **headers)

    def create(self, body: object, **headers: str) -> Any:
        return self("POST", "/issues", body, **headers)

    def matter(self, ref: str) -> Any:
        return self.get(f"/issues/{quote(ref)}")

    def act(self, act: str, ref: str, body: object = None, **headers: str) -> Any:
        """An act on the version that stands now, unless If_Match says another, or nothing."""
        if "If_Match" not in headers:
            headers["If_Match"] = self.matter(ref).get("ETag", '"1"')
        if not headers["If_Match"]:
            del headers["If_Match"]
        return self("POST", f"/issues/{quote(ref)}/{act}", {} if body is None else body, **headers)


Calls = Callable[[str], Caller]
"""The caller with this account's token; the empty name has none."""


def caller(code: str) -> Caller:
    return Caller(make_token(code) if code else "")


def says(response: HttpResponse) -> Any:
    return json.loads(response.content)
