"""Every page stands in the table of doors; `test_access.py` tries each as every hat."""

from django.urls import get_resolver

from qingdan.interfaces.shared.doors import DOORS
from qingdan.interfaces.site import access

OPEN_BY_NATURE = {
    "qingdan.interfaces.site.health.live",
    "qingdan.interfaces.site.health.ready",
    "qingdan.interfaces.site.urls._closed",
}


def test_every_view_stands_in_the_table_of_doors() -> None:
    assert access.pages()  # raises Unknown for a view without a line
    passed_over = {
        f"{pattern.callback.__module__}.{pattern.callback.__name__}"
        for address, pattern, _space in access._patterns()
        if address in access.by_sign_in()
    }
    ours = {view for view in passed_over if not view.startswith(access.SIGN_IN)}
    assert ours == OPEN_BY_NATURE


def test_every_door_of_the_table_leads_somewhere() -> None:
    assert get_resolver().url_patterns
    named = {page.view for page in access.pages()} | OPEN_BY_NATURE
    pages = {door for door in DOORS if ".api." not in door and "demo_strip" not in door}
    assert pages - named == set()
