"""登记问题: one form, one screen; which enterprise, what they say, and what is known already."""

import hashlib
import re
from dataclasses import dataclass
from datetime import date
from uuid import uuid4

from django.db import transaction
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from qingdan.domain.enterprises.actions import add_enterprise
from qingdan.domain.enterprises.models import Subject
from qingdan.domain.enterprises.queries import subjects
from qingdan.domain.ledger.actions.acting import offices_open
from qingdan.domain.ledger.actions.bodies import REQUIRED, parse_day
from qingdan.domain.ledger.actions.register_body import register as take_in
from qingdan.domain.ledger.actions.register_body import register_several
from qingdan.domain.ledger.models import Issue
from qingdan.domain.ledger.queries import issues, lines_for
from qingdan.domain.ledger.rules.lists import wrong_date
from qingdan.domain.ledger.rules.policy import policy, track_and_grade
from qingdan.domain.ledger.states import ClockKind, Handling
from qingdan.domain.people.models import County, Unit
from qingdan.domain.people.queries import units_to_give_to
from qingdan.domain.people.rules import Person
from qingdan.domain.people.states import Role
from qingdan.foundations.kernel import clock
from qingdan.foundations.kernel.errors import Incomplete, NotAllowed, Refusal
from qingdan.foundations.kernel.identifiers import check_uscc
from qingdan.foundations.kernel.models import Once
from qingdan.foundations.kernel.words import gettext_noop
from qingdan.foundations.workdays.calendar import official
from qingdan.foundations.workdays.due import Due, due, due_on_date
from qingdan.interfaces.shared.doors import door
from qingdan.interfaces.shared.hiding import of_known_firms
from qingdan.interfaces.shared.refusals import form_page, refused
from qingdan.interfaces.shared.rows import Row, rows_of

from ..forms import RegisterForm
from .acts import back_to, done, named, renamed

REGISTERS = (Role.DESK, Role.SUPERVISION, Role.LEADER, Role.ASSISTANT, Role.UNIT)
"""Who registers for others. Of the units only parks and townships do."""
MOST_FIRMS = 500
"""More are not offered as one types; whoever types a whole name or code finds them all."""

MOST_OPEN = 3
SEVERAL = re.compile(r"[、;；\n]")
"""What stands between the enterprises of one entry: each gets a matter of its own."""
MOST_AT_ONCE = 30

_NAMES = {"class": "handling", "subject": "firm", "enterprise": "firm", "name": "firm"}


@dataclass(frozen=True, slots=True)
class OpenHere:
    """What a firm has open, the most pressing first; `more` than are shown here."""

    rows: list[Row]

    @property
    def shown(self) -> list[Row]:
        return self.rows[:MOST_OPEN]

    @property
    def more(self) -> bool:
        return len(self.rows) > MOST_OPEN


@require_http_methods(["GET", "POST"])
@door(*REGISTERS)
def register(request: HttpRequest) -> HttpResponse:
    """The form; sent twice by one tap too many, it registers once."""
    person = _who_registers(request)
    units = units_to_give_to(person.county)
    sent = request.POST if request.method == "POST" else None
    asked = _firm_asked(request, person)
    form = RegisterForm(units, _all_units(person), sent, initial={"firm": asked})
    if sent is not None and form.is_valid():
        with refused(form), renamed(_NAMES):
            return _go_on(request, *_once(request, form))
    return form_page(
        request,
        "desk/register.html",
        form,
        key=sent.get("key", "")[:64] if sent else str(uuid4()),
        firms=subjects().visible_to(person).order_by("sort_key", "id")[:MOST_FIRMS],
        recent=_recent(person),
        promise=_promise(person, form["due_on"].value() or ""),
        open_here=_open_here(form["firm"].value() or "", person),
        here="work",
    )


@require_GET
@door(*REGISTERS)
def dates(request: HttpRequest) -> HttpResponse:
    """What a date means, for the page to show while somebody chooses it."""
    person = _who_registers(request)
    promise = _promise(person, request.GET.get("due_on", ""))
    return render(request, "desk/_promise.html", {"promise": promise})


@require_GET
@door(*REGISTERS)
def firm(request: HttpRequest) -> HttpResponse:
    """What the firm has open already, for the page to show once it is named."""
    person = _who_registers(request)
    found = _open_here(request.GET.get("firm", ""), person)
    return render(request, "desk/_open_here.html", {"open_here": found})


def _open_here(said: str, person: Person) -> OpenHere | None:
    found = _known(said.strip(), person)
    if len(found) != 1:
        return None
    seen = of_known_firms(lines_for(person), person)
    rows = seen.filter(subject=found[0].pk).open().for_rows().after(None)
    return OpenHere(rows_of(list(rows[: MOST_OPEN + 1]), person, clock.now()))


def _known(said: str, person: Person) -> list[Subject]:
    """The firms that these words name: by whole name or code one, by short name maybe two."""
    said = said.translate({0: None})[:80]
    if not said:
        return []
    here = subjects().visible_to(person)
    named = Q(name=said) | Q(short_name=said) | (Q(uscc=said.upper()) if said.isascii() else Q())
    found = list(here.filter(named).order_by("id")[:2])
    return [one for one in found if one.name == said][:1] or found


def _who_registers(request: HttpRequest) -> Person:
    person: Person = request.person
    if person.role == Role.UNIT and not person.raises:
        raise NotAllowed
    return person


def _all_units(person: Person) -> list[Unit]:
    return list(Unit.objects.filter(county=person.county).order_by("order", "id"))


def _firm_asked(request: HttpRequest, person: Person) -> str:
    """The firm that the address names, for whoever comes from its page or by a chip."""
    number = request.GET.get("firm", "")
    if not (number.isascii() and number.isdigit() and len(number) < 10):
        return ""
    found = subjects().visible_to(person).filter(pk=int(number)).first()
    return found.name if found else ""


def _recent(person: Person) -> list[Subject]:
    """The last three enterprises that this person could have spoken with."""
    open_ones = issues().visible_to(person).filter(handling=Handling.NORMAL.value)
    latest = list(open_ones.order_by("-pk").values_list("subject", flat=True)[:40])
    three = list(dict.fromkeys(latest))[:3]
    found = subjects().visible_to(person).in_bulk(three)
    return [found[pk] for pk in three if pk in found]


# ------------------------------------------------------------------ what a date means


@dataclass(frozen=True, slots=True)
class Promise:
    """What follows from giving work by a date: what the enterprise reads, and the first contact.

    refusal: why nobody can be given this date.
    """

    refusal: Refusal | None = None
    due: Due | None = None
    first_contact: Due | None = None


def _promise(person: Person, said: str) -> Promise | None:
    day = parse_day(said)
    if day is None:
        return None
    now = clock.now()
    today = clock.date_of(now)
    calendar = official()
    try:
        if refusal := wrong_date(
            day, today=today, offices_open=offices_open(now), end_on=None, calendar=calendar
        ):
            return Promise(refusal)
        return Promise(
            due=due_on_date(day, calendar, start=now), first_contact=_first_contact(person, day)
        )
    except Refusal as beyond:
        return Promise(beyond)


def _first_contact(person: Person, day: date) -> Due | None:
    """Until when the unit speaks with the enterprise, were it given the matter now."""
    now = clock.now()
    track, _grade = track_and_grade(official().working_days_between(clock.date_of(now), day))
    version = County.objects.values_list("policy", flat=True).get(pk=person.county)
    limit = policy(version).limit(ClockKind.FIRST_CONTACT, track=track.value)
    return due(now, limit, official()) if limit else None


# ------------------------------------------------------------------ registering


@transaction.atomic
def _once(request: HttpRequest, form: RegisterForm) -> tuple[Issue, bool]:
    """Register what the form says, or find what the very same form registered already.

    The form carries a key of its own. Sent again with the same words it is the same matter; with
    other words, by who went back a page, it is another one. A refusal leaves no trace.
    """
    person: Person = request.person
    key = request.POST.get("key", "")
    if not re.fullmatch(r"[0-9a-f-]{16,64}", key):
        return _register(request, form), True
    said = sorted((n, v) for n, v in request.POST.items() if n != "csrfmiddlewaretoken")
    digest = hashlib.sha256(repr(said).encode()).hexdigest()
    sent, first = Once.objects.get_or_create(
        holder=person.key,
        key=f"register:{key}:{digest[:32]}",
        defaults={"digest": digest, "real_at": clock.real()},
    )
    if not first:
        return Issue.objects.get(county=person.county, pk=int(sent.body)), False
    issue = _register(request, form)
    sent.status, sent.body = 303, str(issue.pk)
    sent.save(update_fields=["status", "body"])
    return issue, True


def _register(request: HttpRequest, form: RegisterForm) -> Issue:
    person: Person = request.person
    told = form.told()
    wrong: dict[str, Refusal | str] = {}
    firms: list[Subject] = []
    code = told.pop("uscc", "")
    names = [one for one in SEVERAL.split(told.pop("firm", "")) if one.strip()] or [""]
    try:
        firms = [_firm(one.strip(), code, form, person) for one in names[:MOST_AT_ONCE]]
    except Incomplete as refusal:
        wrong |= refusal.fields
    gives = request.POST.get("then") == "give"
    if gives:
        wrong |= {name: REQUIRED for name in ("unit", "due_on") if name not in told}
    else:
        told = {name: value for name, value in told.items() if name not in ("unit", "due_on")}
    if "body" not in told:
        wrong["body"] = REQUIRED
    if wrong or not firms:
        raise Incomplete(wrong)
    if len(firms) > 1:
        return register_several(told | {"subjects": [one.pk for one in firms]}, by=person)[0]
    return take_in(told | {"subject": firms[0].pk}, by=person)


def _firm(said: str, code: str, form: RegisterForm, person: Person) -> Subject:
    """The firm that somebody typed by name, short name or code; a new one with its code."""
    here = subjects().visible_to(person)
    if not said:
        raise Incomplete({"firm": gettext_noop("Say which enterprise it is.")})
    if re.fullmatch(r"[0-9A-Za-z]{15,20}", said):
        checked = check_uscc(said)
        if checked.reason is not None:
            refusal = Refusal(checked.reason.msgid, code="uscc", **checked.reason.facts)
            raise Incomplete({"firm": refusal})
        if found := here.filter(uscc=checked.code).first():
            return found
        form.missing = True
        raise Incomplete(
            {
                "firm": Refusal(
                    gettext_noop(
                        "The register has no enterprise with the code %(uscc)s. Write its full"
                        " name here and the code below: it is added with this matter."
                    ),
                    uscc=checked.code,
                )
            }
        )
    exact = _known(said, person) if len(said) <= 80 else []
    if len(exact) == 1:
        return exact[0]
    form.missing = True
    if code:
        return _new_firm(said, code, person)
    raise Incomplete({"firm": _no_such_firm(said, [one.name for one in exact], person)})


def _no_such_firm(said: str, alike: list[str], person: Person) -> Refusal:
    near = subjects().visible_to(person).filter(name__contains=said[:80]).order_by("sort_key")
    alike = alike or list(near.values_list("name", flat=True)[:3])
    if alike:
        return Refusal(
            gettext_noop(
                "Do you mean %(names)s? Choose it. A firm that the register lacks needs its full"
                " name here and its code below."
            ),
            names=alike,
        )
    return Refusal(
        gettext_noop(
            "The register has no “%(name)s”. Look at the name, or write the code below: the firm"
            " is added with this matter."
        ),
        name=said[:80],
    )


def _new_firm(name: str, code: str, person: Person) -> Subject:
    if len(name) > Subject._meta.get_field("name").max_length:
        raise Incomplete(
            {
                "firm": Refusal(
                    gettext_noop("At most %(longest)d characters; these are %(length)d."),
                    longest=80,
                    length=len(name),
                )
            }
        )
    checked = check_uscc(code)
    known = subjects().visible_to(person).filter(uscc=checked.code).first()
    if checked.valid and known is not None and known.name != name:
        raise Incomplete(
            {
                "uscc": Refusal(
                    gettext_noop("This is the code of %(name)s. Write that name above."),
                    name=known.name,
                )
            }
        )
    return add_enterprise(name, code, by=person)


def _go_on(request: HttpRequest, issue: Issue, fresh: bool) -> HttpResponse:
    """To the matter; of one that its writer may not see, no more than its number is said."""
    person: Person = request.person
    if not issues().visible_to(person).filter(pk=issue.pk).exists():
        words = _("Registered as %(ref)s. Its class keeps it from your lists.")
        return done(request, words % {"ref": str(issue.ref)}, "register", "desk:register")
    if not fresh:
        words = _("%(matter)s was registered already, once is enough.")
    else:
        words = _("Registered: %(matter)s")
    return back_to(request, issue, words % {"matter": named(issue, person)}, "register")
