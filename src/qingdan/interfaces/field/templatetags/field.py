"""How the card before the door says money and distance."""

from datetime import datetime

from django import template

from qingdan.foundations.kernel import clock

from ...shared.phrases import distance_words

register = template.Library()


@register.filter
def wan(fen: int) -> str:
    """Whole 万元, as a card says it: 8_600_000_000 分 becomes "8,600" (D18)."""
    return f"{(fen + 500_000) // 1_000_000:,}"


@register.filter
def how_far(at: datetime) -> str:
    """还剩 1 个工作日, 已超 2 个工作日."""
    return distance_words(clock.now(), at)
