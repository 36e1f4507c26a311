"""A matter on one screen: what, who, by when, what next."""

from django.http import HttpRequest, HttpResponse


def issue(request: HttpRequest, year: int, number: int) -> HttpResponse:
    raise NotImplementedError


def act(request: HttpRequest, year: int, number: int, act: str) -> HttpResponse:
    raise NotImplementedError
