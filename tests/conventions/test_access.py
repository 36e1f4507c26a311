"""docs/access.md is true: every door as every hat, against matters of each class."""

import ast
import json
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from django.db import transaction

import qingdan
from hats import ABSENT, County, Who, county
from qingdan.domain.ledger.actions.acting import touched
from qingdan.domain.ledger.models import Assignment, Issue, Sight
from qingdan.domain.ledger.queries import Issues, Standings
from qingdan.domain.ledger.rules import rights
from qingdan.domain.people.rules import unit_holder
from qingdan.foundations.kernel import clock
from qingdan.foundations.kernel.errors import NotAllowed, NotHere
from qingdan.interfaces.api import lists as api_lists
from qingdan.interfaces.api import matters as api_matters
from qingdan.interfaces.api import operations
from qingdan.interfaces.shared import doors
from qingdan.interfaces.site import access, cli, commands
from town import at
from walking import ASK_MORE, Table, Walk, live_topics, sight, text_of

ROOT = Path(__file__).parents[2]
NOW = at("2023-11-03 09:30")


@pytest.fixture(scope="module")
def filled(django_db_setup: None, django_db_blocker: Any) -> Iterator[County]:
    """One county for all the walks; it goes when the last is done."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield county()
        transaction.set_rollback(True)
    clock.set_for_test(None)


@pytest.fixture
def everybody(filled: County, db: None, settings: Any) -> County:
    settings.LANGUAGE_CODE = "en"
    clock.set_for_test(NOW)
    return filled


def report(walk: Walk) -> str:
    said = [f"{door} – {', '.join(sorted(set(who)))}" for door, who in walk.by_door.items()]
    return f"{len(walk.faults)} of {walk.answers} answers:\n" + "\n".join(said)


@pytest.fixture(scope="module")
def table() -> Table:
    return Table.read()


def test_the_document_is_as_the_tables_say() -> None:
    written = (ROOT / access.WHERE).read_text(encoding="utf-8")
    assert written == access.document(), "./qd lint --write brings it up to date"


# ------------------------------------------------------------------ the walks


@pytest.mark.db
def test_every_page_answers_every_hat_as_the_table_says(everybody: County, table: Table) -> None:
    walk = Walk(everybody, table)
    walk.doors()
    assert not walk.faults, report(walk)


@pytest.mark.db
def test_every_operation_answers_every_hat_as_the_table_says(
    everybody: County, table: Table
) -> None:
    walk = Walk(everybody, table)
    walk.operations()
    assert not walk.faults, report(walk)


@pytest.mark.db
def test_no_list_count_filter_or_sum_tells_of_what_is_hidden(
    everybody: County, table: Table
) -> None:
    walk = Walk(everybody, table)
    walk.lists()
    assert not walk.faults, report(walk)


def test_each_row_of_a_list_opens_and_each_number_opens_its_rows(
    everybody: County, table: Table
) -> None:
    for who in everybody.people:
        if who.is_first and who.hat in ASK_MORE:
            Walk(everybody, table).opens(who)


def test_a_list_of_a_past_day_shows_what_its_reader_may_see_today(everybody: County) -> None:
    """A unit whose part was released, and a leader whose enterprise's matter was hidden since."""
    released, noted = str(everybody.released.ref), str(everybody.noted.ref)
    (unit,), (leader,), (desk, *_) = (everybody.under(h) for h in ("other-unit", "leader", "desk"))
    for kind in ("problems", "tasks", "responsibilities"):
        for day in ("2023-10-30", "2023-11-01"):
            told = [_of_day(who, kind, day) for who in (unit, leader)]
            assert released not in told[0]
            assert noted not in told[1]
    assert released in _of_day(desk, "problems", "2023-11-01")
    assert noted in _of_day(desk, "problems", "2023-10-30")
    assert "辛字任务" not in _of_day(desk, "tasks", "2023-11-01")
    assert "辛字任务" in _of_day(desk, "tasks", "2023-11-02")
    assert desk.token is not None
    for day, had in (("2023-11-01", True), ("2023-11-02", False)):
        page = desk.pages.get(f"/board/lists/responsibilities/?on={day}&issue={released}")
        assert ("<td>供电公司</td>" in page.content.decode()) == had, day


def _of_day(who: Who, kind: str, day: str) -> str:
    page = who.pages.get(f"/board/lists/{kind}/?on={day}").content.decode()
    assert who.token is not None
    return page + who.token.get(f"/api/v1/lists/{kind}?on={day}").content.decode()


def test_no_live_topic_of_a_reader_moves_with_what_is_sealed_from_them(everybody: County) -> None:
    """`desk` and `board` tick with every matter that is not sealed: a number, and no more."""
    ticks = {"desk", "board"}
    watched = {w.name: live_topics(w) for w in everybody.people if w.hat != "nobody"}
    for matter in everybody.matters:
        moved = set(touched(matter.issue, clock.now()))
        sealed = matter.kind not in ("normal", "name_hidden")
        for who in everybody.people:
            if who.hat == "nobody" or sight(who, matter) != access.Sees.NOTHING:
                continue
            told = watched[who.name] & moved
            assert told <= (set() if sealed else ticks), (who.name, matter.kind)


# ------------------------------------------------------------------ what belongs to others


def test_what_names_something_of_others_answers_like_what_names_nothing(
    everybody: County,
) -> None:
    for who, method, mine, theirs, nothing, body in _crossed(everybody):
        said = [_ask(who, method, mine.format(of), body, of) for of in (theirs, nothing)]
        assert said[0] == said[1], (who.name, mine, theirs)


def _ask(who: Who, method: str, address: str, body: dict[str, str], of: str) -> tuple[int, str]:
    client = who.token if address.startswith("/api/") else who.pages
    assert client is not None
    fields = {name: value.format(of) for name, value in body.items()}
    with transaction.atomic():
        if method == "GET":
            got = client.get(address)
        elif client is who.token:
            told = json.dumps(fields)
            more = {"if-match": "*"} if "/issues/" in address else {}
            got = client.post(address, told, content_type="application/json", headers=more)
        else:
            got = client.post(address, fields)
        transaction.set_rollback(True)
    asked = address.removeprefix("/")  # a page may say where one was: what was asked is no news
    told = text_of(got)
    for words in (asked, quote(asked, safe=""), quote(address), of if len(of) > 6 else ""):
        told = told.replace(words, "…") if words else told
    return got.status_code, told


def _crossed(of: County) -> Iterator[tuple[Who, str, str, str, str, dict[str, str]]]:
    """Who asks, how, where ({} is the name), something of others, nothing, and what is sent."""
    matters = {m.kind: m for m in of.matters if not m.reported}
    hidden, sealed, normal = (matters[k] for k in ("name_hidden", "supervision_only", "normal"))
    absent = normal.ref.replace(f"{normal.number}号", f"{ABSENT}号")
    firm, quiet = hidden.issue.subject, of.quiet
    desk, lead, other = (of.under(h)[0] for h in ("desk", "lead", "other-unit"))
    enterprise = next(w for w in of.people if w.own == "normal" and w.token)
    fresh = quote(of.town.desk.registers("另一件事", subject=of.strange.pk))
    for who in (lead, other, enterprise):
        for list_of in ("issues", "lists/problems", "lists/tasks", "lists/responsibilities"):
            at = f"/api/v1/{list_of}?enterprise={{}}"
            yield who, "GET", at, firm.uscc, quiet.uscc, {}
        for post in ("firm-normal", "sysadmin", "desk"):
            yield who, "GET", "/api/v1/lists/problems?leader={}", post, "no-such-post", {}
    for post in ("firm-normal", "sysadmin"):
        yield lead, "GET", "/board/lists/problems/?leader={}", post, "no-such-post", {}
    yield lead, "GET", "/board/lists/problems/?enterprise={}", str(firm.pk), "999999", {}
    yield lead, "GET", "/board/hang/?issue={}", quote(sealed.ref), quote(absent), {}
    yield desk, "GET", "/board/lists/problems/?issue={}", quote(sealed.ref), quote(absent), {}
    yield desk, "GET", "/board/hang/?issue={}", quote(sealed.ref), quote(absent), {}
    contact = of.linked.contacts.get().pk
    ring = f"/contacts/{contact}/ring/?matter={{}}"
    yield other, "GET", ring, f"2023-{normal.number}", f"2023-{ABSENT}", {}
    contact = firm.contacts.get().pk
    ring = f"/contacts/{contact}/ring/?matter=2023-{hidden.number}"
    yield lead, "GET", "/contacts/{}/" + ring.partition("ring/")[2], str(contact), "999999", {}
    decline = {"code": "duplicate", "reason": "已有一件", "ref": "{}"}
    yield desk, "POST", f"/api/v1/issues/{fresh}/decline", sealed.ref, absent, decline
    others = {"title": "题", "body": "话", "enterprise": "{}"}
    yield enterprise, "POST", "/api/v1/issues", firm.uscc, quiet.uscc, others
    subject = {"title": "题", "body": "话", "subject": "{}"}
    yield enterprise, "POST", "/api/v1/issues", str(firm.pk), "999999", subject
    yield lead, "POST", "/hat/", str(of.town.posts["desk"].pk), "999999", {"post": "{}"}


def test_a_cursor_of_somebody_else_opens_only_ones_own_rows(
    everybody: County, table: Table
) -> None:
    desk = everybody.under("desk")[0]
    walk = Walk(everybody, table)
    for address in ("/api/v1/issues", "/api/v1/lists/problems", "/api/v1/lists/tasks"):
        assert desk.token is not None
        cursor = desk.token.get(f"{address}?limit=1").json()["next"]
        assert cursor
        for who in everybody.under("cooperating", "other-unit", "other-leader", "enterprise"):
            if who.token is None:
                continue
            walk.look(who, f"{address}?cursor={cursor}", api=True)
            mine = {row["ref"] for row in who.token.get(f"{address}?limit=100").json()["items"]}
            told = who.token.get(f"{address}?limit=100&cursor={cursor}").json()["items"]
            assert {row["ref"] for row in told} <= mine, who.name
    assert not walk.faults, report(walk)


# ------------------------------------------------------------------ a permission that is gone

Change = Callable[[pytest.MonkeyPatch, County], None]


def _no_door_asks(patch: pytest.MonkeyPatch, of: County) -> None:
    patch.setattr(doors, "who_may", lambda request, *roles: None)


def _units_verify(patch: pytest.MonkeyPatch, of: County) -> None:
    patch.setitem(rights.WHO, "verify", rights.WHO["verify"] | {"U"})


def _desk_may_not_pause(patch: pytest.MonkeyPatch, of: County) -> None:
    patch.setitem(rights.WHO, "pause", frozenset())


def _every_matter_is_in_sight(patch: pytest.MonkeyPatch, of: County) -> None:
    patch.setattr(Issues, "visible_to", lambda rows, person: rows.filter(county=person.county))


def _every_line_is_in_sight(patch: pytest.MonkeyPatch, of: County) -> None:
    patch.setattr(Standings, "visible_to", lambda rows, person: rows.filter(county=person.county))


def _a_unit_was_given_sight(patch: pytest.MonkeyPatch, of: County) -> None:
    unit = of.town.units["power-company"]
    seen = {"holder": unit_holder(unit.pk), "why": "mistake", "from_at": clock.now()}
    for matter in of.matters:
        Sight.objects.create(county=unit.county, issue=matter.issue, **seen)


def _units_read_the_name(patch: pytest.MonkeyPatch, of: County) -> None:
    patch.setattr(api_matters, "reads_shown_words", lambda issue, person: False)


def _a_filter_names_the_firm(patch: pytest.MonkeyPatch, of: County) -> None:
    patch.setattr(api_lists, "of_known_firms", lambda rows, person: rows)


def _hidden_is_refused(patch: pytest.MonkeyPatch, of: County) -> None:
    find = operations.access_issue

    def telling(person: Any, ref: str) -> Issue:
        try:
            return find(person, ref)
        except NotHere:
            if str(ABSENT) in ref:
                raise
            raise NotAllowed from None

    patch.setattr(operations, "access_issue", telling)


def _hidden_asks_once_more(patch: pytest.MonkeyPatch, of: County) -> None:
    find = operations.access_issue

    def asking(person: Any, ref: str) -> Issue:
        try:
            return find(person, ref)
        except NotHere:
            if str(ABSENT) not in ref:
                Assignment.objects.exists()
            raise

    patch.setattr(operations, "access_issue", asking)


@pytest.mark.parametrize(
    ("change", "kind", "hats", "near"),
    [
        (_no_door_asks, "doors", ["other-enterprise"], "/board/"),
        (_units_verify, "operations", ["lead"], "verify"),
        (_desk_may_not_pause, "operations", ["desk"], "pause"),
        (_every_matter_is_in_sight, "operations", ["other-unit"], "/issues/{ref}"),
        (_every_line_is_in_sight, "lists", ["other-unit"], "/api/v1/lists/problems"),
        (_a_unit_was_given_sight, "operations", ["other-unit"], "progress"),
        (_units_read_the_name, "lists", ["cooperating"], "/api/v1/issues"),
        (_a_filter_names_the_firm, "lists", ["lead"], "/api/v1/issues"),
        (_every_line_is_in_sight, "lists", ["leader"], "/board/rows"),
        (_hidden_is_refused, "operations", ["other-unit"], "progress"),
        (_hidden_asks_once_more, "operations", ["other-unit"], "progress"),
    ],
    ids=lambda value: value.__name__.strip("_") if callable(value) else "",
)
def test_a_permission_that_is_gone_is_reported(
    everybody: County,
    table: Table,
    monkeypatch: pytest.MonkeyPatch,
    change: Change,
    kind: str,
    hats: list[str],
    near: str,
) -> None:
    """The table stays as it was read; the code loses a line; the walk says so."""
    before = Walk(everybody, table, hats=hats, near=near)
    getattr(before, kind)()
    assert before.answers
    assert not before.faults, report(before)
    change(monkeypatch, everybody)
    after = Walk(everybody, table, hats=hats, near=near)
    getattr(after, kind)()
    assert after.faults, f"{change.__name__}: {after.answers} answers, and nobody noticed"


def test_a_line_that_is_changed_shows_in_the_document(monkeypatch: pytest.MonkeyPatch) -> None:
    before = access.document()
    monkeypatch.setitem(rights.WHO, "lapse", frozenset("DU"))
    assert access.document() != before
    monkeypatch.undo()
    monkeypatch.setitem(doors.DOORS, "qingdan.interfaces.desk.views.inbox.inbox", frozenset("*"))
    assert access.document() != before


def test_a_door_that_the_table_does_not_know_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(doors.DOORS, "qingdan.interfaces.desk.views.inbox.inbox")
    with pytest.raises(access.Unknown, match="/desk/"):
        access.pages()
    with pytest.raises(access.Unknown):
        access._named_in("/desk/<int:nobody_knows>/")


# ------------------------------------------------------------------ commands


@pytest.mark.parametrize("name", commands.COMMANDS)
def test_a_command_belongs_to_the_shell_and_takes_neither_session_nor_token(
    name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert commands.COMMANDS[name].who.startswith(commands.SHELL)
    with suppress(SystemExit):
        cli.run([name, "--help"])
    told = capsys.readouterr().out
    assert told
    for word in ("--token", "--session", "--cookie", "--password", "--as ", "--user"):
        assert word not in told.lower(), word


def test_no_page_and_no_operation_leads_to_a_command() -> None:
    own = {"cli.py", "commands.py", "access.py"}
    for path in SOURCE.rglob("*.py"):
        if path.name in own:
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ImportFrom):
                named = {node.module or "", *(one.name for one in node.names)}
                assert not named & {"cli", "qingdan.interfaces.site.cli"}, path


# ------------------------------------------------------------------ the only way to a record

SOURCE = Path(qingdan.__file__).parent
RECORDS = frozenset(
    {
        *("Issue", "Standing", "Task", "Assignment", "Responsibility", "Clock", "Result"),
        *("Verdict", "Rating", "Sight", "Handled", "Hold", "Pause", "Asked", "ContactMade"),
        *("Nudge", "Contact", "Finding", "Stop", "Outing", "Entry", "Suggestion"),
    }
)
OF_SEEN = "of matters that `visible_to` or `access_issue` gave"
INSIDE = "inside a filter of rows that `visible_to` gave"
NARROW = {
    "api/changes.py": {"Entry": OF_SEEN},
    "api/lists.py": {"Assignment": INSIDE, "Responsibility": OF_SEEN},
    "api/matters.py": dict.fromkeys(("Assignment", "Task", "Responsibility"), OF_SEEN),
    "board/cut.py": {"Assignment": INSIDE},
    "board/views/enterprises.py": {"Stop": "of an enterprise in sight", "Verdict": OF_SEEN},
    "board/views/lists.py": dict.fromkeys(("Task", "Standing", "Responsibility"), OF_SEEN),
    "board/views/open_matters.py": {"Verdict": OF_SEEN},
    "desk/further.py": {"Asked": INSIDE, "Result": INSIDE},
    "desk/screen.py": dict.fromkeys(("Clock", "Responsibility", "Contact", "Result"), OF_SEEN),
    "desk/silence.py": {"Clock": OF_SEEN},
    "desk/views/calls.py": dict.fromkeys(("ContactMade", "Asked", "Handled", "Contact"), OF_SEEN),
    "desk/views/declining.py": {"Asked": OF_SEEN},
    "desk/views/reaching.py": {"Contact": OF_SEEN},
    "desk/views/reckoning.py": {"Clock": OF_SEEN},
    "desk/views/register.py": {"Issue": "the matter that this very form registered"},
    "desk/views/unit.py": {"Asked": OF_SEEN},
    "field/reading.py": {
        "Stop": "of outings in sight",
        "Finding": "counted where the matter is in sight",
        "Result": OF_SEEN,
    },
    "portal/serving.py": {"Responsibility": OF_SEEN},
    "portal/story.py": dict.fromkeys(
        ("Task", "Clock", "Result", "Standing", "Asked", "Pause", "Hold", "ContactMade"), OF_SEEN
    ),
    "shared/history.py": {"Clock": OF_SEEN},
    "site/administrators.py": {
        "Entry": "the auditor's journal, without a word of a matter",
        "Contact": "whose number was used, for the auditor's access log",
        "Issue": "which of the journal's numbers are handled openly",
    },
    "site/deployment.py": {"Entry": "the command `check`"},
}
"""Where a door reads rows itself, by what it was given through a query; nothing else may."""


def test_no_door_reads_a_record_but_through_the_queries() -> None:
    """A new line here says why it cannot show what its reader may not see."""
    found: dict[str, set[str]] = {}
    interfaces = SOURCE / "interfaces"
    for path in sorted(interfaces.rglob("*.py")):
        name = path.relative_to(interfaces).as_posix()
        if name.startswith("site/demo/"):
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Attribute) and node.attr in ("objects", "_default_manager"):
                model = node.value.id if isinstance(node.value, ast.Name) else ""
                if model in RECORDS:
                    found.setdefault(name, set()).add(model)
    assert found == {name: set(why) for name, why in NARROW.items()}
