"""How the board says lists, parts and money in its templates."""

from collections.abc import Mapping

from django import template
from django.utils.translation import gettext as _

from ...shared.rows import part_words

register = template.Library()


@register.filter
def kind_said(kind: str) -> str:
    return {
        "problems": _("Problem list"),
        "tasks": _("Task list"),
        "responsibilities": _("Responsibility list"),
    }[kind]


@register.filter
def part_said(part: str) -> str:
    return part_words(part)


@register.filter
def wan(fen: int) -> str:
    """Money as the county writes it: 19_842_000_000 分 becomes "19,842万元" (D18)."""
    sign = "-" if fen < 0 else ""
    hundredths = (abs(fen) + 5_000) // 10_000
    whole, rest = divmod(hundredths, 100)
    cents = f".{rest:02d}".rstrip("0").rstrip(".") if rest else ""
    return _("%(amount)s ten thousand yuan") % {"amount": f"{sign}{whole:,}{cents}"}


@register.filter
def plain(number: float) -> str:
    """A number for SVG, whatever the reader's language writes for a point."""
    return f"{number:.1f}"


@register.filter
def add_up(left: float, right: float) -> str:
    return f"{left + right:.1f}"


@register.filter
def total(counts: Mapping[str, int]) -> int:
    return sum(counts.values())
