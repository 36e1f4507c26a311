"""Who and what there is in the county: units, posts, accounts, subjects, liaison."""

from datetime import date, datetime
from typing import Any

from django.contrib.auth.hashers import make_password

from qingdan.domain.enterprises.actions import assign_liaison
from qingdan.domain.enterprises.models import Contact, Phase, Subject
from qingdan.domain.people.models import County, Holding, Post, Section, Unit, User
from qingdan.domain.people.rules import subject_holder
from qingdan.foundations.kernel import clock

from .pages import read

SINCE = datetime(2023, 2, 6, 9, tzinfo=clock.COUNTY_ZONE)
"""When the county's people took their posts: before the first matter."""

FEN = 1_000_000
"""分 in 万元."""


def make_county(password: str) -> None:
    """Everything that stands before the first act. The password is hashed once: it costs time."""
    told = read("county")
    with clock.standing_at(SINCE):
        county = County.objects.create(**told["county"]).code
        units = _make_units(county, told["units"])
        posts = _make_posts(county, told["posts"], units)
        _make_accounts(county, told["accounts"], posts, password)
        _make_subjects(county, units, posts)


def _make_units(county: str, rows: list[dict[str, Any]]) -> dict[str, Unit]:
    plain = ("code", "name", "short_name", "kind", "order", "phone")
    units = {
        row["code"]: Unit.objects.create(county=county, **{name: row[name] for name in plain})
        for row in rows
    }
    Section.objects.bulk_create(
        Section(county=county, unit=units[row["code"]], **section)
        for row in rows
        for section in row["sections"]
    )
    return units


def _make_posts(
    county: str, rows: list[dict[str, Any]], units: dict[str, Unit]
) -> dict[str, Post]:
    sections = {(s.unit_id, s.code): s for s in Section.objects.filter(county=county)}
    posts: dict[str, Post] = {}
    for order, row in enumerate(rows):
        unit = units.get(row["unit"] or "")
        posts[row["code"]] = Post(
            county=county,
            code=row["code"],
            role=row["role"],
            unit=unit,
            section=sections[unit.pk, row["section"]] if unit and row["section"] else None,
            duty=row["duty"] or "",
            title=row["title"],
            phone=row["phone"],
            order=order,
        )
    Post.objects.bulk_create(posts.values())
    for row in rows:
        if "leader" in row:
            posts[row["code"]].leader = posts[row["leader"]]
    Post.objects.bulk_update((p for p in posts.values() if p.leader_id), ["leader"])
    return posts


def _make_accounts(
    county: str, rows: list[dict[str, Any]], posts: dict[str, Post], password: str
) -> None:
    """The demo's accounts. One hash for all: it is one password, and only a demo's."""
    hashed = make_password(password)
    for row in rows:
        user = User.objects.create(username=row["username"], password=hashed, joined_at=SINCE)
        Holding.objects.create(county=county, post=posts[row["post"]], user=user, from_at=SINCE)


def _make_subjects(county: str, units: dict[str, Unit], posts: dict[str, Post]) -> None:
    for row in read("enterprises"):
        subject = Subject.objects.create(
            county=county,
            kind=row["kind"],
            name=row["name"],
            short_name=row["short_name"],
            sort_key=row["name"],
            uscc=row["uscc"],
            industry=row["industry"],
            makes=row["makes"],
            park=units.get(row["park"] or ""),
            town=units.get(row["town"] or ""),
            since_year=row["since"],
            invested=_fen(row["invested"]),
            output=_fen(row["output"]),
            employs=row["employs"],
            added_at=SINCE,
        )
        Contact.objects.bulk_create(
            Contact(county=county, subject=subject, **contact) for contact in row["contacts"]
        )
        Phase.objects.bulk_create(
            Phase(
                county=county,
                subject=subject,
                name=phase["name"],
                invested=_fen(phase["invested"]),
                output=_fen(phase["output"]),
                from_on=date.fromisoformat(phase["from"]),
                note=phase["note"],
            )
            for phase in row["phases"]
        )
        if linked := row["liaison"]:
            assign_liaison(
                subject,
                posts[linked["leader"]],
                posts[linked["assistant"]],
                from_on=date.fromisoformat(linked["from"]),
            )
        if "account" in row:
            Post.objects.filter(pk=posts[row["account"]].pk).update(
                holder=subject_holder(subject.pk)
            )


def _fen(amount: int | None) -> int | None:
    return None if amount is None else amount * FEN
