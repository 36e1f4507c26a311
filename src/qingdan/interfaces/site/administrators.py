"""三员: the account list, the role table, the journal's heads and the access log.

Each of the three reads one of them, and none reads matters: no title, no word of one, and no more
than the number of one that is handled openly. Nothing here counts what somebody does.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Prefetch, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import URLResolver, get_resolver
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_GET

from qingdan.domain.enterprises.models import Contact, Subject
from qingdan.domain.enterprises.queries import access_log
from qingdan.domain.ledger.models import Issue
from qingdan.domain.ledger.rules.rights import WHO
from qingdan.domain.ledger.states import Handling
from qingdan.domain.people.models import Holding, Post, User
from qingdan.domain.people.states import Role
from qingdan.foundations.journal.models import Entry, Head
from qingdan.foundations.journal.record import Told
from qingdan.interfaces.shared.doors import DOORS, door

from .models import SignIn
from .sign_ins import browser_words

PAGE = 100
"""Accounts on one page."""
LOG = 50
"""Lines of the access log on one page, and sign-ins below it."""

# ------------------------------------------------------------------ the account list


@require_GET
@door(Role.SYSADMIN)
def accounts(request: HttpRequest) -> HttpResponse:
    """The county's accounts, and those without a post: what each held from when to when."""
    county = request.person.county
    after = request.GET.get("after", "").replace("\x00", "")[:60]
    held = Holding.objects.filter(county=county).select_related("post__unit").order_by("pk")
    found = (
        User.objects.filter(Q(holdings__county=county) | Q(holdings=None), username__gt=after)
        .distinct()
        .order_by("username")
        .prefetch_related(Prefetch("holdings", held, to_attr="held"))
    )
    rows = list(found[: PAGE + 1])
    return render(
        request,
        "site/accounts.html",
        {
            "here": "accounts",
            "rows": rows[:PAGE],
            "next_page": rows[PAGE - 1].username if len(rows) > PAGE else "",
        },
    )


# ------------------------------------------------------------------ the role table


@dataclass(frozen=True, slots=True)
class Right:
    """What may be done or opened, and who may."""

    what: str
    code: str
    who: list[str]


@require_GET
@door(Role.SECADMIN)
def roles(request: HttpRequest) -> HttpResponse:
    """Who may do which act, and whose door is whose: the tables that the product itself obeys."""
    return render(
        request,
        "site/roles.html",
        {"here": "roles", "acts": list(_acts()), "doors": list(_doors())},
    )


def _acts() -> Iterator[Right]:
    letters = letter_words()
    words = act_words()
    for act, who in WHO.items():
        yield Right(words.get(act, act), act, [letters[one] for one in letters if one in who])


def _doors() -> Iterator[Right]:
    words = role_words()
    for address, view in sorted(set(_addresses())):
        who = DOORS[view]
        if "*" in who:
            told = [_("everybody")]
        elif "+" in who:
            told = [_("whoever holds a post")]
        else:
            told = [words[role] for role in Role if role in who]
        yield Right(address, "", told)


_VARIES = re.compile(r"<(?:\w+:)?\w+>")


def _addresses(node: URLResolver | None = None, before: str = "/") -> Iterator[tuple[str, str]]:
    for one in (node or get_resolver()).url_patterns:
        address = before + str(one.pattern)
        if isinstance(one, URLResolver):
            yield from _addresses(one, address)
            continue
        view = f"{one.callback.__module__}.{one.callback.__name__}"
        if view in DOORS:
            yield _VARIES.sub("…", address), view


def role_words() -> dict[Role, str]:
    return {
        Role.DESK: pgettext("role", "service desk"),
        Role.UNIT: pgettext("role", "units"),
        Role.SUPERVISION: pgettext("role", "supervision offices"),
        Role.LEADER: pgettext("role", "linked leaders"),
        Role.ASSISTANT: pgettext("role", "their assistants"),
        Role.MAIN_LEADER: pgettext("role", "main leaders"),
        Role.ENTERPRISE: pgettext("role", "enterprises"),
        Role.SYSADMIN: pgettext("role", "system administrator"),
        Role.SECADMIN: pgettext("role", "security administrator"),
        Role.AUDITOR: pgettext("role", "audit administrator"),
    }


def letter_words() -> dict[str, str]:
    """Who somebody is to a matter, by the letters of the table of acts."""
    return {
        "D": pgettext("role", "service desk"),
        "lead": pgettext("role", "the unit that leads"),
        "U": pgettext("role", "units that work on it"),
        "P": pgettext("role", "the park or township that registered it"),
        "L": pgettext("role", "linked leader or assistant"),
        "S": pgettext("role", "supervision offices"),
        "V": pgettext("role", "the other supervision office"),
        "E": pgettext("role", "the enterprise"),
    }


def act_words() -> dict[str, str]:
    """The acts of the table, each in two or three words."""
    return {
        "triage": pgettext("act", "triage"),
        "change": pgettext("act", "change track, grade, class or lead"),
        "answer": pgettext("act", "answer a question"),
        "order-on-spot": pgettext("act", "give work on the spot"),
        "settle-on-site": pgettext("act", "settle on the spot"),
        "draw-lists": pgettext("act", "draw the lists"),
        "acknowledge": pgettext("act", "acknowledge"),
        "object": pgettext("act", "object"),
        "finish-task": pgettext("act", "finish a task"),
        "request-extension": pgettext("act", "ask for more time"),
        "decide": pgettext("act", "decide an objection"),
        "contact": pgettext("act", "contact the enterprise"),
        "progress": pgettext("act", "note progress"),
        "grant-extension": pgettext("act", "decide on more time"),
        "pause": pgettext("act", "pause the clocks"),
        "resume": pgettext("act", "let the clocks run on"),
        "hold": pgettext("act", "put on hold"),
        "release": pgettext("act", "release a hold"),
        "report-result": pgettext("act", "report the result"),
        "verify": pgettext("act", "verify"),
        "send-back": pgettext("act", "send back"),
        "confirm": pgettext("act", "confirm, or take the word down"),
        "rate": pgettext("act", "rate"),
        "nudge": pgettext("act", "nudge"),
        "approve-explanation": pgettext("act", "approve an explanation"),
        "lapse": pgettext("act", "end what nobody answers"),
        "withdraw": pgettext("act", "withdraw"),
        "decline": pgettext("act", "decline"),
        "approve-decline": pgettext("act", "approve a decline"),
        "reopen": pgettext("act", "reopen"),
    }


# ------------------------------------------------------------------ journal and access log


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the access log."""

    at: datetime
    text: str


@require_GET
@door(Role.AUDITOR)
def journal(request: HttpRequest) -> HttpResponse:
    """Where the county's chain ends, and who opened what of an enterprise's data."""
    county = request.person.county
    asked = request.GET.get("before", "")
    before = int(asked) if re.fullmatch(r"[0-9]{1,18}", asked) else None
    told = access_log(county, before=before, most=LOG + 1)
    entries = Entry.objects.filter(county=county).order_by("seq")
    sign_ins = SignIn.objects.filter(user__holdings__county=county).select_related("user")
    return render(
        request,
        "site/journal.html",
        {
            "here": "journal",
            "head": Head.objects.filter(county=county).first(),
            "began_at": entries.values_list("at", flat=True).first(),
            "moved_at": entries.values_list("at", flat=True).last(),
            "lines": list(_lines(county, told[:LOG])),
            "next_page": told[LOG - 1].seq if len(told) > LOG else "",
            "sign_ins": [
                {"row": row, "browser": browser_words(row.browser)}
                for row in sign_ins.distinct().order_by("-real_began_at", "-pk")[:LOG]
            ]
            if before is None
            else [],
        },
    )


class _Named:
    """The names that a page of the log needs, each kind in one query."""

    def __init__(self, county: str, told: Iterable[Told]) -> None:
        told = list(told)
        posts = Post.objects.filter(county=county, pk__in={one.actor["post"] for one in told})
        self.posts = {post.pk: post for post in posts.select_related("unit")}
        contacts = {one.facts["contact"] for one in told if "contact" in one.facts}
        found = Contact.objects.filter(county=county, pk__in=contacts)
        self.contacts = {contact.pk: contact.title for contact in found}
        subjects = {key for one in told if (key := _key_of(one.entry.subject))}
        self.subjects = dict(
            Subject.objects.filter(county=county, pk__in=subjects).values_list("pk", "name")
        )
        # what is not handled openly must not be joined to an enterprise by its number (D11)
        keys = {key for one in told if (key := _key_of(one.facts.get("matter", "")))}
        open_ones = Issue.objects.filter(
            county=county, pk__in=keys, handling=Handling.NORMAL.value
        )
        self.matters = {issue.pk: str(issue.ref) for issue in open_ones}

    def who(self, one: Told) -> str:
        post = self.posts.get(one.actor["post"])
        if post is None:
            return ""
        return f"{post.unit.short_name} · {post.title}" if post.unit else post.title

    def firm(self, one: Told) -> str:
        return self.subjects.get(_key_of(one.entry.subject) or 0, "")


def _key_of(name: str) -> int | None:
    """The number in `subject:5` or `issue:12`."""
    number = name.rpartition(":")[2]
    return int(number) if number.isdigit() else None


def _lines(county: str, told: list[Told]) -> Iterator[Line]:
    named = _Named(county, told)
    for one in told:
        said = {
            "who": named.who(one),
            "firm": named.firm(one),
            "contact": named.contacts.get(one.facts.get("contact", 0), ""),
            "reason": one.words.get("reason") or _("(erased)"),
            "link": one.facts.get("link", ""),
        }
        text = _sentence(one.kind) % said
        if matter := named.matters.get(_key_of(one.facts.get("matter", "")) or 0):
            text = _("%(sentence)s (%(matter)s)") % {"sentence": text, "matter": matter}
        yield Line(one.at, text)


def _sentence(kind: str) -> str:
    return {
        "contact.rung": _("%(who)s rang %(firm)s, %(contact)s."),
        "contact.revealed": _(
            "%(who)s looked up the number of %(firm)s, %(contact)s: “%(reason)s”"
        ),
        "link.made": _("%(who)s made link no. %(link)s for %(firm)s."),
        "link.used": _("Link no. %(link)s of %(firm)s was opened."),
        "link.revoked": _("%(who)s revoked link no. %(link)s of %(firm)s."),
    }[kind]
