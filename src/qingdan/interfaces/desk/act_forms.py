"""The forms of the acts that wait, decide, reach, change and decline; all drawn by one template.

What stands beside a field, and when it is there at all, is said with the form, not in the page.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar

from django import forms
from django.forms import BoundField
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from qingdan.domain.people.models import Unit

from .forms import ActForm, Choice, Day, Moment, Options, Text, unit_options

Words = str | Promise


@dataclass(frozen=True, slots=True)
class How:
    """How a field is drawn. when, values: only while the field `when` has one of these values.

    notes: what stands beside each choice. reckons: its value moves dates that the page shows.
    """

    note: Words = ""
    when: str = ""
    values: str = ""
    column: bool = False
    row: bool = False
    reckons: bool = False
    notes: Mapping[str, Words] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Drawn:
    bound: BoundField
    how: How
    is_choice: bool


@dataclass(frozen=True, slots=True)
class Button:
    """A button that sends the form; name and value: what it says with it."""

    words: str
    name: str = ""
    value: str = ""
    main: bool = False


class DrawnForm(ActForm):
    """A form that the page of an act draws as it stands. pressed: fields that buttons fill."""

    how: ClassVar[Mapping[str, How]] = {}
    pressed: ClassVar[tuple[str, ...]] = ()
    apart: ClassVar[tuple[str, ...]] = ()
    """Fields that the page draws by itself."""

    @property
    def drawn(self) -> Iterator[Drawn]:
        for bound in self:
            if bound.name in self.pressed or bound.name in self.apart:
                continue
            radios = isinstance(bound.field.widget, forms.RadioSelect)
            yield Drawn(bound, self.how.get(bound.name, How()), radios)

    @property
    def writes(self) -> bool:
        """Whether somebody writes in it."""
        return any(isinstance(one.widget, forms.Textarea) for one in self.fields.values())

    @property
    def refused_buttons(self) -> list[Any]:
        """What is wrong with the choice that the buttons make."""
        return [error for name in self.pressed for error in self[name].errors]


def _pressed() -> Choice:
    return Choice("", [("yes", ""), ("no", ""), ("other", "")])


def _hidden() -> Text:
    there = Text()
    there.widget = forms.HiddenInput()
    return there


FOCUS = {"autofocus": True}


# ------------------------------------------------------------------ decided


class DecideForm(DrawnForm):
    """An objection. uphold: yes to the proposed unit, other to the chosen one, no."""

    uphold = _pressed()
    unit = Choice(_("Which other unit"))
    of = _hidden()
    pressed = ("uphold",)
    apart = ("unit",)

    def __init__(self, units: Iterable[Unit], sent: Any = None, **more: Any) -> None:
        super().__init__(sent, **more)
        self.fields["unit"].choices = unit_options(units)  # type: ignore[attr-defined]

    def clean(self) -> None:
        if self.cleaned_data.get("uphold") == "other" and not self.cleaned_data.get("unit"):
            self.add_error("unit", _("Choose the unit."))

    def told(self) -> dict[str, Any]:
        said = super().told()
        if said.get("uphold") == "other":
            return said | {"uphold": "yes"}
        said.pop("unit", None)
        return said


class GrantForm(DrawnForm):
    """An extension."""

    reason = Text(_("What we say to it"), rows=3, attrs=FOCUS)
    granted = _pressed()
    of = _hidden()
    pressed = ("granted",)
    how: ClassVar = {"reason": How(note=_("the unit reads it"))}


class ApproveDeclineForm(DrawnForm):
    """不予受理 decided by a second person."""

    reason = Text(_("What we say to it"), rows=3, attrs=FOCUS)
    approved = _pressed()
    pressed = ("approved",)


class ApproveExplanationForm(DrawnForm):
    """说明结案."""

    reason = Text(_("Why the explanation holds"), rows=3, attrs=FOCUS)


# ------------------------------------------------------------------ waits


class PauseForm(DrawnForm):
    """暂停计时."""

    reason = Choice(_("Why"), radios=True)
    until = Day(_("The clocks run on from"))
    how: ClassVar = {
        "reason": How(note=_("the enterprise reads it"), column=True),
        "until": How(reckons=True),
    }

    def __init__(self, reasons: Options, sent: Any = None, **more: Any) -> None:
        super().__init__(sent, **more)
        self.fields["reason"].choices = reasons  # type: ignore[attr-defined]


class HoldForm(DrawnForm):
    """挂起: 转立项, 提级协调 or 挂账; the same one again is its review."""

    kind = Choice(_("As what it waits"), radios=True)
    answers = Text(_("Which project answers it"), attrs={"maxlength": "200"})
    addressee = Text(_("To whom it is lifted"), attrs={"maxlength": "60"})
    sent_on = Day(_("Sent on"))
    reason = Text(_("Why it waits"), rows=3)
    next_on = Day(_("Next reply by"))
    how: ClassVar = {
        "answers": How(when="kind", values="project"),
        "addressee": How(when="kind", values="lifted"),
        "sent_on": How(when="kind", values="lifted"),
        "reason": How(note=_("the enterprise reads it")),
        "next_on": How(note=_("a working day, at most 30 days away")),
    }

    def __init__(self, kinds: Options, sent: Any = None, **more: Any) -> None:
        super().__init__(sent, **more)
        self.fields["kind"].choices = kinds  # type: ignore[attr-defined]

    def told(self) -> dict[str, Any]:
        said = super().told()
        others = {"project": ("addressee", "sent_on"), "lifted": ("answers",)}
        for name in others.get(said.get("kind", ""), ("answers", "addressee", "sent_on")):
            said.pop(name, None)
        return said


# ------------------------------------------------------------------ reached


class ContactForm(DrawnForm):
    """联系企业: an attempt, or the call-back by who did not handle the matter."""

    kind = Choice(_("What it was"), radios=True)
    number = Text(_("Number called"), attrs={"maxlength": "40", "inputmode": "tel"})
    at = Moment(_("When"))
    words = Text(_("What was said"), rows=3)
    by = _hidden()
    how: ClassVar = {
        "words": How(note=_("for a call-back: that it is the enterprise's own wish")),
    }

    def __init__(self, kinds: Options, sent: Any = None, **more: Any) -> None:
        super().__init__(sent, **more)
        self.fields["kind"].choices = kinds  # type: ignore[attr-defined]


# ------------------------------------------------------------------ changed, answered, declined


class AnswerForm(DrawnForm):
    """答复咨询."""

    text = Text(_("Answer"), rows=6, attrs=FOCUS)
    how: ClassVar = {"text": How(note=_("the enterprise reads it"))}


class ChangeForm(DrawnForm):
    """改派改级. What stays as it is is not sent."""

    track = Choice(_("Track"), radios=True)
    grade = Choice(_("Grade"), radios=True)
    handling = Choice(_("Class"))
    shown_title = Text(_("Title for units"), attrs={"maxlength": "80"})
    shown_body = Text(_("Words for units"), rows=3)
    lead = Choice(_("Lead"))
    reason = Text(_("Why"), rows=3)
    how: ClassVar = {
        "track": How(reckons=True),
        "grade": How(reckons=True),
        "shown_title": How(when="handling", values="name_hidden"),
        "shown_body": How(when="handling", values="name_hidden"),
    }
    kept: Mapping[str, str]
    """What stands now: the same said again changes nothing and is not sent."""

    def __init__(
        self,
        offered: Mapping[str, Options],
        kept: Mapping[str, str],
        sent: Any = None,
    ) -> None:
        super().__init__(sent, initial=kept)
        self.kept = kept
        for name, options in offered.items():
            self.fields[name].choices = options  # type: ignore[attr-defined]
        for name in ("handling", "lead"):
            if len(offered.get(name, ())) < 2:
                del self.fields[name]
        if "handling" not in self.fields or not any(
            value == "name_hidden" for value, _words in offered["handling"]
        ):
            del self.fields["shown_title"], self.fields["shown_body"]

    def told(self) -> dict[str, Any]:
        said = {
            name: value
            for name, value in super().told().items()
            if value != self.kept.get(name, "")
        }
        if "handling" in said:
            said["class"] = said.pop("handling")
        if said.get("class") != "name_hidden":
            said.pop("shown_title", None)
            said.pop("shown_body", None)
        return said


class DeclineForm(DrawnForm):
    """不予受理, asked for. basis, ref: only with the codes that need them."""

    code = Choice(_("Why not"), radios=True)
    basis = Text(_("Basis"), rows=2)
    ref = Text(_("The other matter"), attrs={"maxlength": "40", "autocomplete": "off"})
    reason = Text(_("What the enterprise is told"), rows=3)
    how: ClassVar = {
        "basis": How(note=_("which rule or document says so"), when="code", values="unlawful"),
        "ref": How(note=_("its number, such as 123"), when="code", values="duplicate"),
        "reason": How(note=_("a colleague decides before it reads it")),
    }

    def __init__(
        self, codes: Options, letters: Mapping[str, str], sent: Any = None, **more: Any
    ) -> None:
        super().__init__(sent, **more)
        self.fields["code"].choices = codes  # type: ignore[attr-defined]
        self.how = self.how | {"code": How(column=True, notes=letters)}

    def told(self) -> dict[str, Any]:
        said = super().told()
        if said.get("code") != "unlawful":
            said.pop("basis", None)
        if said.get("code") != "duplicate":
            said.pop("ref", None)
        return said
