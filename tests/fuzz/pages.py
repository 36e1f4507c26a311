"""Pages as a browser reads them: their links, their forms, and what stands in each field."""

from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import quote_plus, urljoin, urlsplit

from django.http import HttpResponse
from django.test import Client
from django.urls import Resolver404, URLPattern, URLResolver, get_resolver, resolve

TYPED = ("text", "textarea", "date", "datetime-local", "search", "tel", "number", "email", "url")
"""Kinds of fields that somebody types into: what was typed there must stay."""

HARMLESS = {
    "date": "2023-11-06",
    "datetime-local": "2023-10-30T08:30",
    "tel": "0734-4330001",
    "number": "1",
}

BUTTONS = ("submit", "button", "image", "reset")


@dataclass
class Field:
    name: str
    kind: str
    value: str
    chosen: bool = True
    """Whether a browser would send it as it stands."""


@dataclass
class Form:
    """A form of a page. buttons: what each of its buttons would send beside the fields."""

    action: str
    method: str
    fields: list[Field] = field(default_factory=list)
    buttons: list[tuple[str, str]] = field(default_factory=list)
    page: str = ""

    @property
    def names(self) -> list[str]:
        told = [one.name for one in self.fields] + [name for name, _ in self.buttons]
        return sorted(set(told) - {"csrfmiddlewaretoken"})

    def filled(self) -> list[tuple[str, str]]:
        """What a browser sends when everything empty was filled in with something harmless."""
        told: list[tuple[str, str]] = []
        chosen = {one.name for one in self.fields if one.chosen and one.value}
        for one in self.fields:
            if one.kind in TYPED:
                told.append((one.name, one.value or HARMLESS.get(one.kind, "已经去看过")))
            elif one.chosen and (one.value or one.name in chosen):
                told.append((one.name, one.value))
            elif one.value and one.name not in chosen:  # the first that may be chosen
                told.append((one.name, one.value))
                chosen.add(one.name)
        return told + self.buttons[:1]

    def typed(self, name: str) -> list[str]:
        """What stands in the fields of this name that somebody types into."""
        return [one.value for one in self.fields if one.name == name and one.kind in TYPED]

    def key(self) -> tuple[str, ...]:
        """What makes two forms the same one: where it goes and what it asks."""
        found = resolve(urlsplit(self.action).path)
        act = [str(found.kwargs[name]) for name in ("act", "kind") if name in found.kwargs]
        return (found.route, *act, *self.names)


class Page(HTMLParser):
    """The links and forms of one page; fields outside a form join theirs by its id."""

    def __init__(self, address: str, html: str) -> None:
        super().__init__()
        self.address = address
        self.links: list[str] = []
        self.forms: list[Form] = []
        self._by_id: dict[str, Form] = {}
        self._loose: list[tuple[str, Field | tuple[str, str]]] = []
        self._form: Form | None = None
        self._area: Field | None = None
        self._select: tuple[str, str] | None = None
        self._asked_too: list[tuple[str, Form]] = []
        self.feed(html)
        for name, one in self._loose:
            if form := self._by_id.get(name):
                self._put(form, one)
        for asked, form in self._asked_too:
            self.forms.append(Form(asked, "post", form.fields, page=address))

    @staticmethod
    def _put(form: Form, one: "Field | tuple[str, str]") -> None:
        if isinstance(one, Field):
            form.fields.append(one)
        else:
            form.buttons.append(one)

    def _add(self, attrs: dict[str, str], one: "Field | tuple[str, str]") -> None:
        if "form" in attrs:
            self._loose.append((attrs["form"], one))
        elif self._form is not None:
            self._put(self._form, one)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        told = {name: value or "" for name, value in attrs}
        name, value = told.get("name", ""), told.get("value", "")
        if tag == "a" and "href" in told:
            self.links.append(urljoin(self.address, told["href"]))
        asks = "=&".join((*told.get("data-from", "").split(), ""))
        for attribute, said in told.items():
            if attribute.startswith(("data-", "hx-")) and said.startswith("/"):
                self.links.append(f"{said}?{asks}" if asks else said)
        if tag == "form":
            action = urljoin(self.address, told.get("action") or self.address)
            self._form = Form(action, told.get("method", "get").lower(), page=self.address)
            self.forms.append(self._form)
            self._asked_too += [
                (said, self._form)  # what a script asks while somebody types
                for attribute, said in told.items()
                if attribute.startswith("data-") and said.startswith("/")
            ]
            if "id" in told:
                self._by_id[told["id"]] = self._form
        elif tag == "button" and told.get("type", "submit") == "submit" and name:
            self._add(told, (name, value))
        elif tag == "input" and name:
            kind = told.get("type", "text")
            if kind in BUTTONS:
                self._add(told, (name, value))
            else:
                ticks = kind in ("checkbox", "radio")
                chosen = not ticks or "checked" in told
                if told.get("autocomplete") == "one-time-code":
                    kind = "password"  # a code is never shown again either
                self._add(told, Field(name, kind, value or ("on" if ticks else ""), chosen))
        elif tag == "textarea" and name:
            self._area = Field(name, "textarea", "")
            self._add(told, self._area)
        elif tag == "select" and name:
            self._select = (name, told.get("form", ""))
        elif tag == "option" and self._select:
            name, form = self._select
            where = {"form": form} if form else {}
            self._add(where, Field(name, "option", value, "selected" in told))

    def handle_data(self, data: str) -> None:
        if self._area is not None:
            self._area.value += data

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._form = None
        elif tag == "textarea" and self._area is not None:
            self._area.value = self._area.value.removeprefix("\n")
            self._area = None
        elif tag == "select":
            self._select = None


def read(address: str, response: HttpResponse) -> Page:
    html = response.content.decode() if "html" in response["Content-Type"] else ""
    return Page(address, html)


def route_of(address: str) -> str | None:
    """The pattern that answers an address, with the first thing it asks; None if none does."""
    parts = urlsplit(address)
    if parts.netloc not in ("", "testserver"):
        return None
    try:
        found = resolve(parts.path)
    except Resolver404:
        return None
    return f"{found.route}?{parts.query.partition('=')[0]}"


def patterns(
    node: URLResolver | None = None, before: str = ""
) -> Iterator[tuple[str, URLPattern]]:
    """Every address of the pages, by its whole route; the API has its own tests."""
    for one in (node or get_resolver()).url_patterns:
        route = before + str(one.pattern)
        if isinstance(one, URLPattern):
            yield route, one
        elif not route.startswith("api/"):
            yield from patterns(one, route)


def walk(client: Client, starts: Iterable[str], *, each: int = 3) -> Iterator[Page]:
    """The pages that links lead to; of each pattern only the first few, of the starts all."""
    waiting = deque((start, True) for start in starts)
    met: set[str] = set()
    count: dict[str, int] = {}
    while waiting:
        address, wanted = waiting.popleft()
        route = route_of(address)
        if route is None or address in met:
            continue
        count[route] = count.get(route, 0) + 1
        if not wanted and count[route] > each:
            continue
        met.add(address)
        response = client.get(address)
        if response.status_code in (301, 302, 303):
            waiting.append((urljoin(address, response["Location"]), False))
            yield Page(address, "")
        if response.status_code != 200 or response.streaming:
            continue
        page = read(address, response)
        yield page
        waiting.extend((link.partition("#")[0], False) for link in page.links)


def encoded(fields: Iterable[tuple[str, str]]) -> bytes:
    """As a browser sends a form; lone surrogates too, which no browser sends."""
    told = (
        "=".join(quote_plus(said.encode("utf-8", "surrogatepass")) for said in pair)
        for pair in fields
    )
    return "&".join(told).encode()
