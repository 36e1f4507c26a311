"""Who sees what: the one table role × door × class, from which docs/access.md is written.

Nothing here decides. It joins what decides elsewhere (the doors of pages, the operations of the
API, the table of acts, the commands) with what the classes of matters promise to each hat. A test
(`tests/conventions/test_access.py`) walks every door as every hat and compares the answers.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from django.urls import URLPattern, URLResolver, get_resolver

from qingdan.domain.ledger.rules.rights import WHO, may
from qingdan.domain.people.states import Role
from qingdan.interfaces.api.operations import REGISTER, description
from qingdan.interfaces.shared.doors import DOORS

from .commands import COMMANDS


class Sees(StrEnum):
    """What of a matter somebody reads."""

    NOTHING = "–"
    ALL = "all"
    SHOWN = "shown words"
    REPORTED = "from reported on"


KINDS = {
    "normal": "normal 正常办理",
    "name_hidden": "name_hidden 隐名办理",
    "supervision_only": "supervision_only 专送督查室",
    "about_first": "… about 市政府督查室",
    "about_other": "… about 市委督查室",
}
"""The classes of matters, and where one complains of an office itself. Short: n h s f o."""

SHORT = dict(zip(KINDS, "nhsfo", strict=True))


@dataclass(frozen=True, slots=True)
class Hat:
    """Somebody who may come to a matter, by role and by what they are to it.

    sees, letters: one for each of KINDS; letters are those of the table of acts. firms: which
    enterprises it finds in the register; outings: which it reads.
    """

    key: str
    words: str
    role: Role | None
    sees: tuple[Sees, ...] = (Sees.NOTHING,) * len(KINDS)
    letters: tuple[str, ...] = ("",) * len(KINDS)
    firms: str = "–"
    outings: str = "–"
    raises: bool = False

    def sees_of(self, kind: str) -> Sees:
        return self.sees[list(KINDS).index(kind)]

    def letters_of(self, kind: str) -> frozenset[str]:
        return frozenset(self.letters[list(KINDS).index(kind)].split())


_NO, _ALL, _SHOWN, _LATER = Sees.NOTHING, Sees.ALL, Sees.SHOWN, Sees.REPORTED
_WORKS = (_ALL, _SHOWN, _ALL, _ALL, _ALL)
_LINKED = (_ALL, _NO, _NO, _NO, _NO)

HATS = (
    Hat(
        "desk",
        "service desk",
        Role.DESK,
        (_ALL, _ALL, _NO, _NO, _NO),
        ("D", "D", "", "", ""),
        firms="all",
        outings="all",
    ),
    Hat(
        "supervision",
        "市政府督查室, the first office",
        Role.SUPERVISION,
        (_ALL, _ALL, _ALL, _NO, _ALL),
        ("S", "S", "D S sealed", "", "D S sealed"),
        firms="all",
    ),
    Hat(
        "supervision-2",
        "市委督查室, the other office",
        Role.SUPERVISION,
        (_ALL, _ALL, _LATER, _LATER, _NO),
        ("S", "S", "V", "V", ""),
        firms="all",
    ),
    Hat(
        "main-leader",
        "main leader",
        Role.MAIN_LEADER,
        (_ALL, _NO, _NO, _ALL, _ALL),
        ("", "", "", "D S sealed", "V"),
        firms="all",
    ),
    Hat(
        "lead",
        "unit that leads: contact, head, deputies; section with a task",
        Role.UNIT,
        _WORKS,
        ("U lead",) * 5,
    ),
    Hat("cooperating", "another unit that works on it", Role.UNIT, _WORKS, ("U",) * 5),
    Hat("section-without", "section without a task", Role.UNIT),
    Hat("other-unit", "unit without a part", Role.UNIT),
    Hat("complained-of", "unit complained of, its deputies, its sections", Role.UNIT),
    Hat(
        "park",
        "park or township that registered it",
        Role.UNIT,
        _WORKS,
        ("P",) * 5,
        firms="on its ground",
        raises=True,
    ),
    Hat(
        "other-park",
        "park or township without a part",
        Role.UNIT,
        firms="on its ground",
        raises=True,
    ),
    Hat(
        "leader",
        "linked leader",
        Role.LEADER,
        _LINKED,
        ("L", "", "", "", ""),
        firms="linked",
        outings="those one goes on",
    ),
    Hat(
        "assistant",
        "his assistant, in his name",
        Role.ASSISTANT,
        _LINKED,
        ("L", "", "", "", ""),
        firms="linked",
        outings="those one goes on",
    ),
    Hat("other-leader", "another leader", Role.LEADER, firms="linked", outings="own"),
    Hat(
        "enterprise",
        "its enterprise, by account or link",
        Role.ENTERPRISE,
        (_ALL,) * 5,
        ("E",) * 5,
        firms="itself",
    ),
    Hat("other-enterprise", "another enterprise", Role.ENTERPRISE, firms="itself"),
    Hat("sysadmin", "system administrator", Role.SYSADMIN),
    Hat("secadmin", "security administrator", Role.SECADMIN),
    Hat("auditor", "audit administrator", Role.AUDITOR),
    Hat("nobody", "who is not signed in", None),
)

# ------------------------------------------------------------------ pages

NOBODY, HOLDER = "*", "+"
"""In a door's roles: everybody; whoever holds a post."""

OF = {
    "/suggestions/<int:year>/<int:number>/": "a suggestion",
    "<int:year>/<int:number>/": "a matter",
    "<int:subject_id>": "an enterprise",
    "/desk/deputy-answers/": "a unit's deputies",
    "<int:contact_id>": "a contact",
    "<int:outing_id>": "an outing",
    "<int:stop_id>": "a stop",
    "<str:token>": "a link",
    "<slug:act>": "",
    "<slug:kind>": "",
    "<int:link_id>": "",
}
"""What the parts of an address that vary lead to."""

ONLY_RAISING = frozenset(
    {
        "/desk/register/",
        "/desk/register/dates/",
        "/desk/register/firm/",
        "/board/hang/",
    }
)
"""Doors that of the units only parks and townships pass."""

ACTS_OF = {
    "desk:finish": "finish-task",
    "desk:lists": "draw-lists",
    "desk:order": "order-on-spot",
    "desk:result": "report-result",
    "desk:settle": "settle-on-site",
    "desk:word": "confirm",
}
"""The act that a page is for, where its name is not the act's own."""


@dataclass(frozen=True, slots=True)
class Page:
    """A door of the pages. of: what its address names; act: the act that it is the form of."""

    name: str
    address: str
    view: str
    roles: frozenset[str]
    of: str
    act: str
    only_raising: bool

    def admits(self, hat: Hat) -> bool:
        """Whether the door itself lets this hat through; the matter has its own say then."""
        if NOBODY in self.roles:
            return True
        if hat.role is None:
            return False
        if hat.role == Role.UNIT and self.only_raising and not hat.raises:
            return False
        return HOLDER in self.roles or hat.role in self.roles


class Unknown(LookupError):
    """A door that the table does not know."""


BY_NATURE = frozenset({"health-live", "health-ready", "account_signup", "account_set_password"})
"""Open to everybody without asking who it is: they tell nothing, or are closed to all."""
SIGN_IN = ("allauth.", "django.")
"""Pages of the sign-in and of the language: theirs is to ask who it is."""


def pages() -> list[Page]:
    """Every page of the product. Raises Unknown for one that has no line in the table of doors."""
    found = []
    for address, pattern, space in _patterns():
        view = f"{pattern.callback.__module__}.{pattern.callback.__name__}"
        name = f"{space}:{pattern.name}" if space else str(pattern.name)
        if view.startswith(SIGN_IN) or name in BY_NATURE:
            continue
        if view not in DOORS:
            raise Unknown(f"{address}: no @door on {view}")
        found.append(
            Page(
                name=name,
                address=address,
                view=view,
                roles=DOORS[view],
                of=_named_in(address),
                act=ACTS_OF.get(name, str(pattern.name) if pattern.name in WHO else ""),
                only_raising=address in ONLY_RAISING,
            )
        )
    return sorted(found, key=lambda page: page.address)


def by_sign_in() -> list[str]:
    """Addresses that are django-allauth's and Django's own."""
    views = (
        (address, f"{p.callback.__module__}.", str(p.name)) for address, p, _space in _patterns()
    )
    return sorted(a for a, view, name in views if view.startswith(SIGN_IN) or name in BY_NATURE)


def _patterns(
    node: URLResolver | None = None, before: str = "/", space: str = ""
) -> Iterator[tuple[str, URLPattern, str]]:
    for one in (node or get_resolver()).url_patterns:
        address = before + str(one.pattern)
        if isinstance(one, URLPattern):
            yield address, one, space
        elif not address.startswith(("/api/", "/demo/")):
            yield from _patterns(one, address, one.namespace or space)


def _named_in(address: str) -> str:
    """The first thing of OF that an address names."""
    rest, named = address, ""
    for part, thing in OF.items():
        if part in rest:
            rest, named = rest.replace(part, ""), named or thing
    if "<" in rest:
        raise Unknown(f"{address}: nobody has said what its parts lead to")
    return named


# ------------------------------------------------------------------ operations of the API


@dataclass(frozen=True, slots=True)
class Operation:
    """An operation of the API. act: the act on a matter that it does, if it does one."""

    name: str
    method: str
    path: str
    of: str
    act: str

    def admits(self, hat: Hat) -> bool:
        """Whether it answers this hat at all; the matter has its own say then."""
        if hat.role is None:
            return False
        return self.name != "register" or hat.raises or hat.role in REGISTER


OF_API = {"{ref}": "a matter"}


def operations() -> list[Operation]:
    found = []
    for path, methods in json.loads(description())["paths"].items():
        of = next((thing for part, thing in OF_API.items() if part in path), "")
        if "{" in path and not of:
            raise Unknown(f"{path}: nobody has said what its parts lead to")
        for method, told in methods.items():
            name = told["operationId"]
            act = name if of and name in WHO else ""
            found.append(Operation(name, method.upper(), path, of, act))
    return found


# ------------------------------------------------------------------ the document

WHERE = "docs/access.md"

_INTRO = """# Who sees what

Written by `./qd lint --write` from the tables in the code; `./qd lint` and a test say when it is
out of date. `tests/conventions/test_access.py` walks every door as every hat, against matters of
each class, and compares the answers with these tables.

## How to read it

A request passes three questions, and the first "no" answers it:

1. **Does the door let this role in?** (tables of pages and operations) No: 403; to who is not
   signed in: the sign-in page, or 401 from the API.
2. **Is the matter, enterprise or outing in sight?** (the first table) No: 404, the same answer to
   the letter and by as many queries as for one that does not exist. Lists, counts, filters, sums
   and live topics are as if it did not exist.
3. **Is the act this hat's?** (table of acts) No: 403. Yes: done, or refused for its own reasons
   (409 state or version, 422 what was sent).

Somebody acts in one post at a time, and all is asked anew with each request: who loses a post, a
link or a token loses everything the same minute.

Of a matter somebody reads *all*; the *shown words*, which the desk wrote without enterprise,
contact, visit and original text; *from reported on*, which is all from that state on; or nothing
(–). A list of a past day shows what its reader may see today of what stood then. An enterprise's
contacts are masked for whoever does not work on its matter, until they say what for; a suggestion
is read by who wrote it and who answers it.
"""


def document() -> str:
    """docs/access.md, whole."""
    return "\n".join([_INTRO, *_sight(), *_pages(), *_operations(), *_acts(), *_commands()])


def _table(head: list[str], rows: list[list[str]]) -> list[str]:
    lines = [head, ["---"] * len(head), *rows]
    return ["| " + " | ".join(cells) + " |" for cells in lines] + [""]


def _sight() -> list[str]:
    rows = [[hat.words, *(one.value for one in hat.sees), hat.firms, hat.outings] for hat in HATS]
    return [
        "## Matters, by class",
        "",
        *_table(["who", *KINDS.values(), "enterprises", "outings"], rows),
    ]


_ROLES = {
    "D": Role.DESK,
    "U": Role.UNIT,
    "S": Role.SUPERVISION,
    "L": Role.LEADER,
    "A": Role.ASSISTANT,
    "M": Role.MAIN_LEADER,
    "E": Role.ENTERPRISE,
    "sys": Role.SYSADMIN,
    "sec": Role.SECADMIN,
    "aud": Role.AUDITOR,
}
_LEGEND = (
    "D service desk, U units, S supervision offices, L leaders, A their assistants, M main leader,"
    " E enterprises, sys sec aud the three administrators, 0 who is not signed in; P: of the units"
    " only parks and townships."
)


def _admitted(door: Page | Operation) -> list[str]:
    cells = []
    for role in _ROLES.values():
        hats = [hat for hat in HATS if hat.role == role]
        let_in = [hat for hat in hats if door.admits(hat)]
        cells.append("●" if let_in == hats else "P" if let_in else "")
    nobody = HATS[-1]
    return [*cells, "●" if door.admits(nobody) else ""]


def _pages() -> list[str]:
    rows = [[f"`{page.address}`", page.of, page.act, *_admitted(page)] for page in pages()]
    own = ", ".join(f"`{address}`" for address in by_sign_in())
    return [
        "## Pages",
        "",
        _LEGEND,
        "",
        *_table(["address", "of", "act", *_ROLES, "0"], rows),
        f"Beside them, of the sign-in, the language and the machine's health: {own}. They tell"
        " nothing of matters. `/live/<topic>` answers with a number to whoever holds an address"
        " that a page of theirs signed; in a demo alone there are `/demo/advance/` and"
        " `/demo/become/`.",
        "",
    ]


def _operations() -> list[str]:
    rows = [
        [one.name, f"`{one.method} {one.path}`", one.of, *_admitted(one)]
        for one in operations()
        if not one.act
    ]
    return [
        "## Operations of the API",
        "",
        "By token, which acts as one person in one post; letters as above. Each act of the next"
        " table is `POST /api/v1/issues/{ref}/ACT`, of a matter, open to every role, and answers"
        " as that table says. `/api/v1/openapi.json` is open to everybody.",
        "",
        *_table(["operation", "address", "of", *_ROLES, "0"], rows),
    ]


def _acts() -> list[str]:
    doing = [hat for hat in HATS if any(hat.letters)]
    rows = []
    for act in WHO:
        cells = []
        for hat in doing:
            kinds = [k for k in KINDS if may(act, hat.letters_of(k))]
            cells.append("".join(SHORT[kind] for kind in kinds))
        rows.append([f"`{act}`", *cells])
    legend = ", ".join(f"**{SHORT[kind]}** {words}" for kind, words in KINDS.items())
    return [
        "## Acts, by class",
        "",
        f"In which classes an act is whose: {legend}. Pages draw their buttons from the same"
        " table. Of a name-hidden matter the desk makes the first contact, no unit. Who handled a"
        " matter never verifies, sends back, approves or lapses it, and what else an act asks"
        " stands in docs/life.md.",
        "",
        *_table(["act", *(hat.key for hat in doing)], rows),
    ]


def _commands() -> list[str]:
    rows = [[f"`{name}`", command.who, command.english] for name, command in COMMANDS.items()]
    return [
        "## Commands",
        "",
        "They belong to who has a shell on the machine; no page and no operation leads to one, and"
        " none takes a session or a token.",
        "",
        *_table(["command", "who", "what"], rows),
    ]
