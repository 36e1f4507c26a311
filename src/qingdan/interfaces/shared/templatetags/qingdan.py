"""The parts of every page as tags: lights, dates, people, fields, keys (docs/a-new-page.md)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from urllib.parse import urlencode

from django import template
from django.forms import BoundField
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext as _

from qingdan.domain.evaluation.queries import waiting
from qingdan.domain.evaluation.rules import answers, page_kept, plain_path
from qingdan.foundations.kernel import clock
from qingdan.foundations.kernel.errors import Refusal
from qingdan.foundations.workdays.due import Due
from qingdan.foundations.workdays.explain import DayNote
from qingdan.foundations.workdays.words import in_words

from .. import phrases, rows
from ..contacts import Reach
from ..frame import STRIPS, Word, navigation
from ..history import day_words
from ..live import topic_url
from ..refusals import sentence

register = template.Library()

# ------------------------------------------------------------------ the frame


@dataclass(frozen=True, slots=True)
class Frame:
    """What base.html asks for once: who is there, the words of the navigation, how it looks.

    live: what a page polls that has no live part, to hear that its reader has lost access.
    """

    nav: list[Word]
    posts: list[Any]
    person: Any
    theme: str
    large: bool
    here: str
    suggest: str
    live: str

    @property
    def answers(self) -> bool:
        return self.person is not None and answers(self.person)

    @property
    def person_key(self) -> str:
        return self.person.key if self.person else ""


@register.simple_tag(takes_context=True)
def frame(context: template.Context) -> Frame:
    request: HttpRequest = context["request"]
    person = getattr(request, "person", None)
    counts = {queue.name: str(queue.count) for queue in context.get("queues") or ()}
    here = context.get("here") or next(
        (queue.name for queue in context.get("queues") or () if queue.here), ""
    )
    theme = request.COOKIES.get("theme", "")
    # a refused page names no number: hidden and absent read the same
    page = (page_kept if context.get("refusal") else plain_path)(request.path)
    return Frame(
        nav=navigation(request, here, counts),
        posts=getattr(request, "posts", []),
        person=person,
        theme=theme if theme in ("light", "dark") else "",
        large=request.COOKIES.get("print") == "large",
        here=request.get_full_path() if request.method == "GET" else "/",
        suggest=f"{reverse('shared:suggest')}?{urlencode({'page': page})}",
        live=topic_url(person.county, "here") if person and not context.get("refusal") else "",
    )


@register.inclusion_tag("shared/_suggestions_waiting.html", takes_context=True)
def suggestions_waiting(context: template.Context) -> dict[str, Any]:
    """How many suggestions wait for this hat's answer; nothing for whoever answers none."""
    return {"waits": waiting(context["request"].person, clock.now())}


@register.simple_tag(takes_context=True)
def strips(context: template.Context) -> SafeString:
    """What upper rooms put above the page: the demo's strip, and nothing outside a demo."""
    request = context["request"]
    return mark_safe("".join(strip(request) for strip in STRIPS))


# ------------------------------------------------------------------ lights and dates

SHAPES = {
    "red": '<rect x="1" y="1" width="10" height="10"/>',
    "yellow": '<path d="M6 .8 11.6 11H.4z"/>',
    "green": '<circle cx="6" cy="6" r="5.2"/>',
    "grey": '<path d="M1.6 1h3v10h-3zM7.4 1h3v10h-3z"/>',
    "off": '<circle cx="6" cy="6" r="4.4" fill="none" stroke="currentColor" stroke-width="1.7"/>',
}


@register.simple_tag
def light(value: str, words: str | None = None) -> SafeString:
    """■ 已超期: shape, colour and word. words: said instead of the light's own, such as a date."""
    value = str(value) if str(value) in SHAPES else "off"
    said = rows.light_words(value) if words is None else words
    return format_html(
        '<span class="light light-{}"><svg viewBox="0 0 12 12" fill="currentColor"'
        ' aria-hidden="true">{}</svg>{}</span>',
        value,
        mark_safe(SHAPES[value]),
        said,
    )


@register.simple_tag
def row_light(row: rows.Row) -> SafeString:
    """The light of a row in one line: how late replaces 已超期, 将到期 stays."""
    if row.light == "red":
        return light("red", phrases.distance_words(clock.now(), row.due_at))
    return light(row.light)


@register.inclusion_tag("shared/_when.html")
def when(
    at: datetime | None,
    light: str = "",
    why: Due | None = None,
    style: str = "",
    provisional: bool | None = None,
    to: str = "",
) -> dict[str, Any]:
    """A date as people say it: 还剩 2 个工作日; its exact instant on hover, why on tap or focus.

    style: "" how far, "date" always its date, "day" the date alone without a time of day.
    light: colours it. why: the `Due` that explains it. to: "left" if it stands at the right edge.
    """
    if at is None:
        return {"text": ""}
    if style == "day":
        text = day_words(clock.date_of(at))
    else:
        text = phrases.by_words(at) if style else phrases.distance_words(clock.now(), at)
    assumed = why.provisional if why and provisional is None else bool(provisional)
    if assumed:
        text = _("%(date)s (provisional)") % {"date": text}
    return {
        "at": at,
        "text": text,
        "exact": phrases.instant_words(at),
        "light": str(light),
        "why": explained(why) if why else None,
        "to": to,
    }


@register.inclusion_tag("shared/_when.html")
def why(what: Due | None, words: str = "", to: str = "") -> dict[str, Any]:
    """The explanation of a date behind words of one's own: 为什么是这天."""
    if what is None:
        return {"text": ""}
    return {
        "at": what.at,
        "text": words or _("Why this day"),
        "exact": phrases.instant_words(what.at),
        "light": "",
        "why": explained(what),
        "to": to,
    }


@dataclass(frozen=True, slots=True)
class Column:
    """One day of the small calendar in an explanation."""

    head: str
    number: int
    note: str
    kind: str
    title: str


@dataclass(frozen=True, slots=True)
class Why:
    title: str
    columns: list[Column]
    sentences: list[str]


MOST_COLUMNS = 31
"""More days than these are a page of their own and explain nothing."""


def explained(what: Due) -> Why:
    """A `Due` in the reader's words, with its days as columns where they are few."""
    today = clock.today()
    language = get_language() or "zh-hans"
    said = [in_words(one, language, this_year=today.year) for one in what.explanation]
    days = what.days if len(what.days) <= MOST_COLUMNS else ()
    return Why(
        title=_("Why %(date)s") % {"date": day_words(what.on)},
        columns=[_column(note, today) for note in days],
        sentences=said,
    )


def _column(note: DayNote, today: date) -> Column:
    if note.count is not None:
        words = str(note.count)
    elif note.why == "receipt":
        words = _("not counted")
    elif note.why == "paused":
        words = _("paused")
    elif note.why == "off":
        words = _("off")
    else:
        words = ""
    kind = "last" if note.due else "off" if note.count is None else ""
    return Column(
        head=phrases.weekday_sign(note.day),
        number=note.day.day,
        note=words,
        kind=f"{kind} today".strip() if note.day == today else kind,
        title=phrases.day_and_weekday(note.day),
    )


@register.filter
def day(value: date | datetime | None) -> str:
    """11月6日."""
    if value is None:
        return ""
    return day_words(clock.date_of(value) if isinstance(value, datetime) else value)


@register.filter
def weekday(value: date | datetime | None) -> str:
    """11月6日（周一）."""
    if value is None:
        return ""
    on = clock.date_of(value) if isinstance(value, datetime) else value
    return phrases.day_and_weekday(on)


@register.filter
def moment(value: datetime | None) -> str:
    """11月6日 17:30."""
    return phrases.instant_words(value) if value else ""


@register.filter
def hour(value: datetime | None) -> str:
    """17:30."""
    return phrases.clock_time(value) if value else ""


# ------------------------------------------------------------------ people, words, keys


@register.simple_tag
def who(*parts: Any) -> SafeString:
    """Unit, post, name, in that order; what is empty is not there."""
    said = [(str(part),) for part in parts if part]
    dot = mark_safe('<span class="sep"> · </span>')
    return format_html('<span class="who">{}</span>', format_html_join(dot, "{}", said))


@register.simple_tag
def phone(number: str, words: str = "") -> SafeString:
    """A number that rings with one tap; words: shown in its place on the desk."""
    if not number:
        return SafeString("")
    dialled = "".join(sign for sign in number if sign.isdigit() or sign == "+")
    return format_html(
        '<a class="tel" href="tel:{}" title="{}">{}</a>', dialled, number, words or number
    )


@register.simple_tag
def key(sign: str) -> SafeString:
    """The key that presses this button, shown on it; the button carries data-key."""
    return format_html('<kbd aria-hidden="true">{}</kbd>', sign)


@register.filter
def refusal_words(refusal: Refusal | str | None) -> str:
    """A refusal or a msgid in the reader's language."""
    if isinstance(refusal, Refusal):
        return sentence(refusal)
    return gettext(refusal) if refusal else ""


@register.filter
@register.simple_tag
def reach(seen: Reach | None, words: str = "", cls: str = "tel") -> SafeString:
    """An enterprise's contact: rung with one tap that is written down, or masked, to be asked for.

    words: shown in place of the number where it is whole.
    """
    if seen is None or not seen.number:
        return SafeString("")
    if seen.whole:
        return format_html(
            '<a class="{}" href="{}" title="{}">{}</a>',
            cls,
            seen.url,
            seen.number,
            words or seen.number,
        )
    return format_html(
        '<span class="tel">{}</span> <a href="{}">{}</a>',
        seen.number,
        seen.url,
        _("Show the number"),
    )


def track(value: str) -> str:
    return rows.track_words(value)


@register.filter
def part(value: str) -> str:
    return rows.part_words(value)


@register.filter
def state(value: str) -> str:
    return rows.state_words(value)


@register.filter
def ending(value: str) -> str:
    return rows.ending_words(value)


# ------------------------------------------------------------------ fields


@register.inclusion_tag("shared/_field.html")
def field(bound: BoundField, note: str = "", cls: str = "", **attrs: Any) -> dict[str, Any]:
    """A field of a form with its label, its hint and, beside it, its refusal.

    note: a few words beside the label. Further names become attributes, `_` for `-`.
    """
    kind = getattr(bound.field.widget, "input_type", "")
    described = [
        f"{bound.id_for_label}-{name}"
        for name, there in (("hint", bound.help_text), ("no", bound.errors))
        if there
    ]
    more = {name.replace("_", "-"): value for name, value in attrs.items()}
    if kind not in ("radio", "checkbox"):
        select = kind == "select"
        more["class"] = " ".join(filter(None, ("form-select" if select else "form-control", cls)))
    if described:
        more["aria-describedby"] = " ".join(described)
    if bound.errors:
        more["aria-invalid"] = "true"
    return {
        "bound": bound,
        "note": note,
        "kind": kind,
        "several": kind == "radio" or bound.use_fieldset,
        "widget": bound.as_widget(attrs=more),
        "errors": bound.errors,
    }


@register.inclusion_tag("shared/_choices.html")
def choices(
    bound: BoundField,
    keys: str = "",
    cls: str = "",
    note: str = "",
    notes: Mapping[str, str] | None = None,
) -> dict[str, Any]:
    """One of a few as a row of buttons. keys: the key of each, separated by spaces ("1 2 3").

    cls: "joined" for equal parts of one bar (phone), "radios" for a column of plain radios.
    notes: what stands beside a choice, by its value.
    """
    signs = iter(keys.split())
    beside = notes or {}
    return {
        "bound": bound,
        "note": note,
        "cls": cls,
        "options": [
            {
                "value": value,
                "words": words,
                "id": f"{bound.id_for_label or bound.auto_id}_{number}",
                "checked": str(bound.value() or "") == str(value),
                "key": next(signs, ""),
                "note": beside.get(str(value), ""),
            }
            for number, (value, words) in enumerate(_flat(bound.field.choices))  # type: ignore[attr-defined]
            if value != ""
        ],
        "errors": bound.errors,
    }


def _flat(offered: Iterable[tuple[Any, Any]]) -> Iterable[tuple[Any, Any]]:
    return [(value, words) for value, words in offered if not isinstance(words, list | tuple)]


# ------------------------------------------------------------------ addresses


@register.simple_tag(takes_context=True)
def asking(context: template.Context, **changes: Any) -> str:
    """This page's query with some things changed: None or "" takes one away."""
    asked = context["request"].GET.dict() | changes
    kept = {name: value for name, value in asked.items() if value not in (None, "")}
    return f"?{urlencode(kept)}" if kept else "?"
