"""The forms of the desk and the units. They carry what was typed; the actions judge it.

No field refuses anything by itself: what is missing or impossible is said once, by the action,
and stands beside the field of the same name.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from qingdan.domain.ledger.states import Part
from qingdan.domain.people.models import Unit
from qingdan.interfaces.shared.rows import part_words

Options = Sequence[tuple[str, str | Promise]]

_UNSEEN = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")


class Text(forms.CharField):
    """Any text. Characters that nobody sees are left out, as the actions do."""

    def __init__(self, label: str | Promise = "", *, rows: int = 0, **more: Any) -> None:
        attrs = more.pop("attrs", {})
        widget = forms.Textarea({"rows": rows, **attrs}) if rows else forms.TextInput(attrs)
        super().__init__(label=label, required=False, widget=widget, **more)

    def to_python(self, value: Any) -> str:
        return _UNSEEN.sub("", super().to_python(value) or "").strip()

    def run_validators(self, value: Any) -> None:
        """The action looks."""


class Day(Text):
    """A date, as the browser's own field sends it."""

    def __init__(self, label: str | Promise = "", **more: Any) -> None:
        super().__init__(label, **more)
        self.widget.input_type = "date"


class Moment(Text):
    """A date with its time of day."""

    def __init__(self, label: str | Promise = "", **more: Any) -> None:
        super().__init__(label, **more)
        self.widget.input_type = "datetime-local"


class Choice(forms.ChoiceField):
    """One of several; something else than these comes to the action, which says so."""

    def __init__(
        self,
        label: str | Promise = "",
        choices: Any = (),
        *,
        radios: bool = False,
        **more: Any,
    ) -> None:
        widget = forms.RadioSelect if radios else forms.Select
        super().__init__(label=label, choices=choices, required=False, widget=widget, **more)

    def to_python(self, value: Any) -> str:
        return _UNSEEN.sub("", super().to_python(value))

    def validate(self, value: Any) -> None:
        """The action looks."""


class Several(forms.MultipleChoiceField):
    """Any of several, as boxes to tick."""

    def __init__(self, label: str | Promise = "", choices: Any = (), **more: Any) -> None:
        super().__init__(
            label=label,
            choices=choices,
            required=False,
            widget=forms.CheckboxSelectMultiple,
            **more,
        )

    def validate(self, value: Any) -> None:
        """The action looks."""


class Lines(Text):
    """Several texts, one a line."""

    def to_python(self, value: Any) -> Any:
        text = super().to_python(value)
        return [line.strip() for line in text.splitlines() if line.strip()]


class ActForm(forms.Form):
    """A form that does an act. Its fields are named as in the table of acts.

    sent: what came; None shows it empty, or with what `initial` proposes.
    """

    def __init__(self, sent: Any = None, initial: Mapping[str, Any] | None = None) -> None:
        super().__init__(sent, initial=dict(initial or {}))
        self.label_suffix = ""

    def told(self) -> dict[str, Any]:
        """What goes to the action: a field that is not filled is not sent."""
        return {name: value for name, value in self.cleaned_data.items() if value not in ("", [])}


def unit_options(units: Iterable[Unit]) -> list[tuple[str, str]]:
    """Units as the choices of a field, with an empty one first."""
    return [("", ""), *((unit.code, unit.short_name) for unit in units)]


def code_of(said: str, units: Iterable[Unit]) -> str:
    """The code of a unit that somebody named by code or by name; unknown words stay as said."""
    asked = said.strip()
    for unit in units:
        if asked in (unit.code, unit.short_name, unit.name):
            return unit.code
    return asked


# ------------------------------------------------------------------ small forms, one act each


class SettleForm(ActForm):
    """现场办结."""

    text = Text(_("What was done"), rows=4)
    evidence = Lines(_("Evidence"), rows=3)
    effect = Text(_("What came of it"))


class OrderForm(ActForm):
    """现场交办: a unit, a date and one sentence."""

    unit = Choice(_("To whom"))
    due_on = Day(_("By when"))
    text = Text(_("What is to be done"))

    def __init__(self, units: Iterable[Unit], sent: Any = None, **more: Any) -> None:
        super().__init__(sent, **more)
        self.fields["unit"].choices = unit_options(units)  # type: ignore[attr-defined]


class SendBackForm(ActForm):
    """退回."""

    reason = Text(_("What is lacking"), rows=4)


class FinishForm(ActForm):
    """One of the unit's own tasks, and what was done."""

    task = Choice(_("Task"), radios=True)
    text = Text(_("What was done"), rows=4)

    def __init__(self, tasks: Options, sent: Any = None, **more: Any) -> None:
        super().__init__(sent, **more)
        self.fields["task"].choices = tasks  # type: ignore[attr-defined]


class ResultForm(ActForm):
    """办结结果, with the lead's own tasks that it finishes."""

    kind = Choice(
        _("Result"),
        [
            ("solved", _("solved")),
            ("partly", _("partly solved")),
            ("explained", _("explained")),
        ],
        radios=True,
    )
    text = Text(_("What was done"), rows=4)
    evidence = Lines(_("Evidence"), rows=3)
    basis = Text(_("Basis"), rows=2)
    finish = Several(_("Finishes these tasks"))
    effect = Text(_("What came of it"))

    def __init__(self, tasks: Options, sent: Any = None, **more: Any) -> None:
        super().__init__(sent, **more)
        self.fields["finish"].choices = tasks  # type: ignore[attr-defined]


class WordForm(ActForm):
    """企业的话, taken down from a call or a signed paper by who did not handle the matter."""

    solved = Choice(
        _("What does it say?"), [("yes", _("Solved")), ("no", _("Not solved"))], radios=True
    )
    by = Choice(
        _("How it was said"),
        [("telephone", _("By telephone")), ("paper", _("On a signed paper"))],
        radios=True,
    )
    words = Text(_("In its own words"), rows=3)
    number = Text(_("Number called"))
    at = Moment(_("When"))
    evidence = Lines(_("The signed paper"))
    satisfied = Choice(
        _("Satisfied?"),
        [
            ("", ""),
            ("5", _("very satisfied")),
            ("4", _("satisfied")),
            ("3", _("fairly satisfied")),
            ("2", _("not satisfied")),
            ("1", _("not satisfied at all")),
        ],
    )


# ------------------------------------------------------------------ triage


class TriageForm(ActForm):
    """研判分办. shown_*: only where the name is hidden from the units."""

    track = Choice(_("Track"), radios=True)
    grade = Choice(_("Grade"), radios=True)
    lead = Text(_("Lead"), attrs={"list": "units", "autocomplete": "off"})
    category = Choice(_("Category"))
    shown_title = Text(_("Title for units"))
    shown_body = Text(_("Words for units"), rows=4)
    say = Text(_("In a sentence"))
    cooperating = Text(_("Cooperating"))
    """Only for its refusal: the names come as several fields of this name."""

    def __init__(
        self, tracks: Options, grades: Options, categories: Options, sent: Any = None, **more: Any
    ) -> None:
        super().__init__(sent, **more)
        self.fields["track"].choices = tracks  # type: ignore[attr-defined]
        self.fields["grade"].choices = grades  # type: ignore[attr-defined]
        self.fields["category"].choices = [("", ""), *categories]  # type: ignore[attr-defined]

    @property
    def cooperating_said(self) -> list[str]:
        """What stands in the fields for cooperating units, at least two of them."""
        said = self.data.getlist("cooperating")[:20] if self.is_bound else []
        return [*said, *[""] * (2 - len(said))]


# ------------------------------------------------------------------ register


class RegisterForm(ActForm):
    """登记问题: which enterprise and what they say; unit and date give it at once.

    uscc: asked for where the register has no such firm, which is then added with the matter.
    """

    firm = Text(_("Which enterprise"), attrs={"list": "firms", "autocomplete": "off"})
    uscc = Text(_("Its unified social credit code"), attrs={"autocomplete": "off"})
    body = Text(_("What they say"), rows=4)
    unit = Choice(_("To whom"))
    due_on = Day(_("By when"))
    handling = Choice(
        _("Class"),
        [
            ("normal", _("normal handling")),
            ("name_hidden", _("name hidden")),
            ("supervision_only", _("to the supervision office alone")),
        ],
        radios=True,
        initial="normal",
    )
    about = Choice(_("Which unit they complain of"))
    title = Text(_("Title"))
    source = Choice(
        _("How it came"),
        [
            ("desk", _("told at the desk")),
            ("telephone", _("told by telephone")),
            ("visit", _("heard on a visit")),
            ("letter", _("written in a letter")),
            ("meeting", _("said in a meeting")),
            ("hotline", _("from the hotline")),
        ],
        initial="desk",
    )
    reach = Text(_("How to reach them"))
    missing = False
    """Whether the firm was looked for and is not there."""

    def __init__(
        self, units: Iterable[Unit], all_units: Iterable[Unit], sent: Any = None, **more: Any
    ) -> None:
        super().__init__(sent, **more)
        self.fields["unit"].choices = unit_options(units)  # type: ignore[attr-defined]
        self.fields["about"].choices = unit_options(all_units)  # type: ignore[attr-defined]

    @property
    def asks_for_code(self) -> bool:
        return self.missing or bool(self["uscc"].value()) or bool(self["uscc"].errors)

    def told(self) -> dict[str, Any]:
        said = super().told()
        said["class"] = said.pop("handling", "normal")
        if said["class"] != "supervision_only":
            said.pop("about", None)
        return said


# ------------------------------------------------------------------ the three lists

MOST_LINES = 40
_LINE = re.compile(r"tasks\.(\d{1,2})\.title")


class ListsForm(ActForm):
    """列清单: the approach, and a line for each task. Lines that nobody filled are left out.

    An old task is kept as its line says, or dropped where a reason stands in `drop`.
    """

    approach = Text(_("Approach"), rows=2)

    def __init__(
        self,
        units: Iterable[Unit],
        lines: Sequence[Mapping[str, Any]],
        sent: Any = None,
        *,
        extra: int = 0,
        **more: Any,
    ) -> None:
        numbers = [int(found[1]) for name in sent or () if (found := _LINE.fullmatch(name))]
        count = max(numbers, default=-1) + 1 if sent is not None else len(lines)
        self.count = min(count + extra, MOST_LINES)
        if sent is not None and extra:
            sent = sent.copy()
            for number in range(count, self.count):
                sent[f"tasks.{number}.part"] = Part.COOPERATING.value
        super().__init__(sent, **more)
        self.given = list(units)
        self.names: dict[str, str] = {}
        """What the form calls the fields that the action refuses; `told` fills it."""
        for number in range(self.count):
            self.add_line(str(number), lines[number] if number < len(lines) else {})

    def add_line(self, number: str, given: Mapping[str, Any]) -> None:
        parts = [(part.value, part_words(part)) for part in Part]
        cells: dict[str, forms.Field] = {
            "id": Text(),
            "title": Text(_("What is to be done")),
            "unit": Choice(_("Unit"), unit_options(self.given)),
            "section": Text(_("Section"), attrs={"list": "sections", "autocomplete": "off"}),
            "due_on": Day(_("By when")),
            "part": Choice(_("Part"), parts, initial=Part.COOPERATING.value),
            "drop": Text(_("Why it is dropped")),
        }
        cells["id"].widget = forms.HiddenInput()
        for name, field in cells.items():
            field.initial = given.get(name, field.initial)
            self.fields[f"tasks.{number}.{name}"] = field

    def line(self, number: str) -> "LineCells":
        return LineCells(self, number)

    @property
    def lines(self) -> "list[LineCells]":
        return [self.line(str(number)) for number in range(self.count)]

    @property
    def blank(self) -> "LineCells":
        """The line from which a browser makes more."""
        empty = ListsForm(self.given, [])
        empty.add_line("__n__", {})
        return empty.line("__n__")

    def told(self) -> dict[str, Any]:
        tasks: list[dict[str, str]] = []
        dropped: list[dict[str, str]] = []
        for number in range(self.count):
            here = f"tasks.{number}."
            cells = {
                name.removeprefix(here): value
                for name, value in self.cleaned_data.items()
                if name.startswith(here) and value
            }
            reason = cells.pop("drop", "")
            if "id" in cells and reason:
                self._name(f"dropped.{len(dropped)}.", here, reason="drop", id="drop")
                dropped.append({"id": cells["id"], "reason": reason})
            elif cells.keys() & {"id", "title", "section", "due_on"}:
                same = {name: name for name in ("title", "unit", "section", "due_on", "part")}
                self._name(f"tasks.{len(tasks)}.", here, **same, id="title")
                tasks.append(cells)
        told = {"approach": self.cleaned_data["approach"], "tasks": tasks, "dropped": dropped}
        return {name: value for name, value in told.items() if value}

    def _name(self, theirs: str, ours: str, **cells: str) -> None:
        """Remember where a refusal of the action's n-th line stands on this form."""
        self.names |= {theirs + name: ours + cell for name, cell in cells.items()}


class LineCells:
    """A line of the lists: its cells by name, for the template."""

    def __init__(self, form: ListsForm, number: str) -> None:
        self.number = number
        for name in ("id", "title", "unit", "section", "due_on", "part", "drop"):
            setattr(self, name, form[f"tasks.{number}.{name}"])

    @property
    def nth(self) -> str:
        return str(int(self.number) + 1) if self.number.isdigit() else ""
