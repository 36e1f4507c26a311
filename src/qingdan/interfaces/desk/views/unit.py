"""待签收, 在办: the page of a unit."""

from django.http import HttpRequest, HttpResponse


def unit(request: HttpRequest) -> HttpResponse:
    raise NotImplementedError
