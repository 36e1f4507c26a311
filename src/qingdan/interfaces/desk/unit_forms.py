"""The forms of what a unit asks for, drawn by the page of an act."""

from collections.abc import Iterable
from typing import Any, ClassVar

from django.utils.translation import gettext_lazy as _

from qingdan.domain.people.models import Unit

from .act_forms import FOCUS, DrawnForm, How
from .forms import Choice, Day, Text, unit_options


class ObjectForm(DrawnForm):
    """申请调整承办单位."""

    reason = Text(_("Why another unit should do it"), rows=3, attrs=FOCUS)
    unit = Choice(_("Which unit instead"))

    def __init__(self, units: Iterable[Unit], sent: Any = None, **more: Any) -> None:
        super().__init__(sent, **more)
        self.fields["unit"].choices = unit_options(units)  # type: ignore[attr-defined]


class ExtensionForm(DrawnForm):
    """申请延期."""

    due_on = Day(_("New date"))
    reason = Text(_("Why it cannot be done by the old date"), rows=3, attrs=FOCUS)
    how: ClassVar = {"due_on": How(note=_("a working day"))}


class ReturnForm(DrawnForm):
    """A result given back within the unit."""

    reason = Text(_("What is lacking"), rows=3, attrs=FOCUS)
