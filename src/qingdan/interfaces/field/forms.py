"""What is typed on a visit: the next finding, and a plan for another day."""

from collections.abc import Sequence
from uuid import uuid4

from django import forms
from django.utils.translation import gettext_lazy as _

from qingdan.domain.ledger.actions.bodies import Body
from qingdan.domain.ledger.rules.results import title_from
from qingdan.domain.people.models import Unit
from qingdan.domain.visits.states import OutingKind, Way
from qingdan.foundations.kernel import clock

from ..shared.history import day_words
from .days import OTHER
from .reading import KINDS, said_of
from .sentence import LONGEST_TASK, Said

US = "us"
"""In «who was there»: nobody but those who are on the visit."""


def to_be_done(text: str, said: Said) -> str:
    """The order in `text`, or, where it only names a problem, that this is to be solved."""
    if said.done or not text.strip():
        return said.done
    return _("The problem “%(title)s” is to be solved") % {"title": title_from(text)}


class NoteForm(forms.Form):
    """One finding. The domain says what is wrong with it; the form only keeps what was typed."""

    key = forms.CharField(required=False, widget=forms.HiddenInput)
    body = forms.CharField(required=False)
    way = forms.ChoiceField(
        choices=[
            (Way.SETTLED.value, _("Settle here")),
            (Way.ORDERED.value, _("Order here")),
            (Way.TAKEN_BACK.value, _("Take back")),
        ]
    )
    unit = forms.CharField(required=False)
    due_on = forms.CharField(required=False)
    other_on = forms.CharField(required=False)
    done = forms.CharField(required=False)
    present = forms.CharField(required=False)
    text = forms.CharField(required=False)

    def sending(self) -> str:
        """The name of this sending; one without a name counts by itself."""
        return str(self.cleaned_data["key"])[:64] or uuid4().hex

    def fields_of_the_act(
        self, county: str, leader: str, units: Sequence[Unit]
    ) -> dict[str, object]:
        """The body of the act that goes with the way, as the table of acts names its fields.

        units: those that can be given work, in whose names an order is written in the sentence.
        """
        told = self.cleaned_data
        if told["way"] == Way.ORDERED:
            other = told["due_on"] == OTHER
            return {
                "unit": told["unit"],
                "due_on": told["other_on" if other else "due_on"],
                "text": self._done(county, units),
            }
        if told["way"] == Way.SETTLED:
            return self._settled(county, leader)
        return {}

    def _done(self, county: str, units: Sequence[Unit]) -> str:
        """What is to be done: as it was typed, else as the sentence says it itself."""
        body = Body(self.cleaned_data, county)
        typed = body.text("done", longest=LONGEST_TASK)
        body.done()
        if typed:
            return typed
        text = self.cleaned_data["body"]
        return to_be_done(text, said_of(text, units, clock.now()))

    def _settled(self, county: str, leader: str) -> dict[str, object]:
        body = Body(self.cleaned_data, county)
        by_us = self.cleaned_data["present"] == US
        unit = None if by_us else body.unit("present", required=True)
        text = body.text("text", required=True)
        body.done()
        who = unit.short_name if unit else leader
        day = day_words(clock.today())
        if unit and who not in text:
            text = _("%(who)s: %(text)s") % {"who": who, "text": text}
        return {
            "text": text,
            "evidence": [_("%(date)s, present: %(who)s") % {"date": day, "who": who}],
        }


class PlanForm(forms.Form):
    """A day, a kind, and the enterprises to see on it in the order of the list."""

    on = forms.DateField(
        label=_("Day"),
        input_formats=["%Y-%m-%d"],
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={
            "required": _("Please fill this in."),
            "invalid": _("Write the date as 2023-11-06."),
        },
    )
    kind = forms.ChoiceField(
        label=_("What kind"), choices=KINDS, required=False, initial=OutingKind.VISIT.value
    )
    subjects = forms.MultipleChoiceField(
        label=_("Where to"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Choose at least one enterprise.")},
    )


class AlongForm(forms.Form):
    """One more who goes along, by post."""

    company = forms.CharField(
        label=_("Add a post"),
        widget=forms.TextInput(attrs={"list": "posts", "autocomplete": "off", "maxlength": "120"}),
        error_messages={"required": _("Please fill this in.")},
    )
