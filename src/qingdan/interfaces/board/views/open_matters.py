"""One minute: how many are open, by light, unit and park; each number opens its rows."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from qingdan.domain.ledger.models import Issue, Verdict
from qingdan.domain.ledger.queries import issues, lights_by, lights_of, standings
from qingdan.domain.ledger.states import OPEN, Ending, Light, S
from qingdan.domain.people.models import Unit
from qingdan.domain.people.rules import Person
from qingdan.domain.people.states import UnitKind
from qingdan.foundations.kernel import clock

from ...shared.doors import door
from ...shared.live import topic_url
from ...shared.rows import parse_cursor, rows_of
from ..cut import cut_from, light_from

PAGE = 50
MOST_UNITS = 10
"""Lines of the small multiples; more are one line that opens."""


@require_GET
@door("desk", "supervision", "leader", "assistant", "main_leader")
def board(request: HttpRequest) -> HttpResponse:
    person = request.person
    now = clock.now()
    lines = standings().visible_to(person).today().matters().filter(state__in=OPEN)
    lights = lights_of(lines, now)
    by_unit = lights_by(lines, "unit", now)
    by_park = lights_by(lines, "park", now)
    units = {u.pk: u for u in Unit.objects.filter(county=person.county).order_by("order", "id")}
    worst = lines.with_light(Light.RED, now).for_rows().order_by("red_at", "id").first()
    solved = _solved_this_week(person)
    return render(
        request,
        "board/board.html",
        {
            "here": "board",
            "lights": lights,
            "total": sum(lights.values()),
            **_folded(_bars(units, by_unit, lambda unit: True)),
            "parks": _bars(units, by_park, lambda unit: unit.kind == UnitKind.PARK),
            "unassigned": by_unit.get(None, {}),
            "worst": rows_of([worst], person, now)[0] if worst else None,
            "solved": solved,
            "said": _said(solved),
            "live": topic_url(person.county, "board"),
        },
    )


def _bars(units: dict[int, Unit], counts: dict[Any, dict[str, int]], wanted: Any) -> list[Any]:
    """Rows of the small multiples, in the county's own order: it is no ranking."""
    rows = []
    shown = (counts[pk] for pk, unit in units.items() if pk in counts and wanted(unit))
    most = max((sum(count.values()) for count in shown), default=1) or 1
    for pk, unit in units.items():
        count = counts.get(pk)
        if count and wanted(unit):
            total = sum(count.values())
            rows.append(
                {
                    "unit": unit,
                    "count": count,
                    "total": total,
                    "red": round(100 * count[Light.RED] / most, 1),
                    "yellow": round(100 * count[Light.YELLOW] / most, 1),
                    "rest": round(
                        100 * (total - count[Light.RED] - count[Light.YELLOW]) / most, 1
                    ),
                }
            )
    return rows


def _folded(rows: list[Any]) -> dict[str, Any]:
    """Those with the most open matters, still in the county's own order; the others as one."""
    if len(rows) <= MOST_UNITS:
        return {"units": rows, "others": []}
    most = {
        row["unit"].pk for row in sorted(rows, key=lambda row: -row["total"])[: MOST_UNITS - 1]
    }
    others = [row for row in rows if row["unit"].pk not in most]
    return {
        "units": [row for row in rows if row["unit"].pk in most],
        "others": others,
        "others_sum": {
            "red": sum(row["count"][Light.RED] for row in others),
            "yellow": sum(row["count"][Light.YELLOW] for row in others),
            "total": sum(row["total"] for row in others),
        },
    }


def _solved_this_week(person: Person) -> list[Issue]:
    since = clock.start_of(clock.today()).astimezone(clock.COUNTY_ZONE)
    since = since - clock.timedelta(days=since.weekday())
    rows = issues().visible_to(person).filter(state=S.ENDED.value, ended_at__gte=since)
    confirmed = rows.filter(ending=Ending.CONFIRMED.value).select_related("subject")
    return list(confirmed.order_by("-ended_at", "-id")[:100])


def _said(solved: list[Issue]) -> Verdict | None:
    """The newest words of an enterprise among what it called solved."""
    words = Verdict.objects.filter(issue__in=[i.pk for i in solved], solved=True)
    return words.exclude(words="").select_related("issue__subject").order_by("-at").first()


@require_GET
@door("desk", "supervision", "leader", "assistant", "main_leader")
def rows(request: HttpRequest) -> HttpResponse:
    """Exactly the rows behind a number of the board."""
    person = request.person
    now = clock.now()
    asked = request.GET.dict()
    cut = cut_from(asked, person)
    light = light_from(asked)
    lines = cut.lines(person)
    if asked.get("solved") == "week":
        ids = [issue.pk for issue in _solved_this_week(person)]
        lines = standings().visible_to(person).today().matters().filter(issue__in=ids)
    if asked.get("lead"):
        lead = Unit.objects.filter(county=person.county, code=asked["lead"]).first()
        lines = lines.filter(unit=lead.pk) if lead else lines.none()
    if asked.get("lead") == "":
        lines = lines.filter(unit=None)
    if light:
        lines = lines.with_light(light, now)
    found = list(lines.for_rows().after(parse_cursor(asked.get("cursor", "")))[: PAGE + 1])
    shown = rows_of(found[:PAGE], person, now)
    more = shown[-1].cursor if len(found) > PAGE else ""
    query = request.GET.copy()
    query.pop("cursor", None)
    return render(
        request,
        "board/rows.html",
        {
            "here": "board",
            "rows": shown,
            "cut": cut,
            "light": light,
            "more": more,
            "query": query.urlencode(),
            "solved": asked.get("solved") == "week",
        },
    )
