"""待签收, 在办: the page of a unit."""

from django.http import HttpRequest, HttpResponse


def unit(request: HttpRequest) -> HttpResponse:
    """Until it has a page of its own, a unit reads its list as everybody else does."""
    from .inbox import page_of

    return page_of(request)
