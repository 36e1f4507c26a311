"""No sequence of acts, by whoever, through whichever door, ends a matter early or hides one.

50 walks of 200 steps each in CI on SQLite, 8 on PostgreSQL; `QINGDAN_WALKS=1000 ./qd test
tests/walks` for longer, `QINGDAN_WALK_STEPS` for how far each goes, `QINGDAN_WALK_SEED` for other
ways than last time.
"""

import os
import random
from collections import deque
from datetime import timedelta
from typing import Any
from urllib.parse import quote

import pytest
from django.db import connection, transaction
from hypothesis import HealthCheck, Phase, settings
from hypothesis import seed as seeded
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    rule,
    run_state_machine_as_test,
)

from api.caller import Caller, caller
from qingdan.domain.ledger.actions.perform import perform
from qingdan.domain.ledger.actions.register_body import register
from qingdan.domain.ledger.models import Issue
from qingdan.domain.ledger.queries import access_issue, issues, open_acts
from qingdan.domain.ledger.rules.rights import WHO
from qingdan.domain.people.rules import Person
from qingdan.foundations.journal.models import Head
from qingdan.foundations.kernel import clock
from qingdan.foundations.kernel.errors import Refusal
from town import MONDAY, Town
from walks.bodies import body_of, registered
from walks.watch import Matter, Step, all_agree, follow, fresh, replayed, stands_well

WALKS = int(os.environ.get("QINGDAN_WALKS", "0"))
STEPS = int(os.environ.get("QINGDAN_WALK_STEPS", "200"))
SEED = int(os.environ.get("QINGDAN_WALK_SEED", "4"))
MATTERS = 9
"""So few that a walk of 200 steps goes far with each."""
SELDOM = {
    "nudge": 0.05,
    "progress": 0.2,
    "hold": 0.15,
    "pause": 0.15,
    "draw-lists": 0.4,
    "decline": 0.2,
    "withdraw": 0.3,
    "change": 0.4,
    "answer": 0.3,
    "report-result": 4.0,
    "finish-task": 3.0,
    "request-extension": 4.0,
    "contact": 1.5,
    "lapse": 3.0,
    "reopen": 0.6,
    "confirm": 0.6,
}
"""How much likelier or less likely than others an act is, so that matters come far."""
REGISTER = ("desk", "supervision", "leader", "assistant", "park", "township", "enterprise")

chances = st.integers(0, 2**32 - 1).map(random.Random)


class Walk(RuleBasedStateMachine):
    """A county in which anybody tries anything, and an onlooker who remembers what was done."""

    def __init__(self) -> None:
        super().__init__()
        self.undo = transaction.atomic()
        self.undo.__enter__()
        clock.set_for_test(MONDAY)
        self.town = Town()
        self.people: dict[str, Person] = {
            code: self.town.actor(code).person for code in self.town.posts
        }
        self.calls: dict[str, Caller] = {}
        self.offices = [one for one in self.people.values() if one.is_office]
        self.linked = {self.town.firm_subject.pk}
        self.remembered: dict[int, Matter] = {}
        self.last: deque[str] = deque(maxlen=12)
        self.steps = 0
        self.silent = False
        """Whether the enterprises of this walk say nothing once they are asked."""

    def teardown(self) -> None:
        try:
            if self.steps:
                all_agree(self.remembered, self.people)
                replayed(self.remembered)
        finally:
            transaction.set_rollback(True)
            self.undo.__exit__(None, None, None)
            clock.set_for_test(None)

    @initialize(chance=chances)
    def begin(self, chance: random.Random) -> None:
        self.silent = chance.random() < 0.35
        for _ in range(3):
            self._registers(chance)

    @rule(chance=chances)
    def someone_acts(self, chance: random.Random) -> None:
        self._pass_time(chance)
        self.steps += 1
        if len(self.remembered) < MATTERS and chance.random() < 0.12:
            self._registers(chance)
            return
        matter = Issue.objects.get(pk=chance.choice(list(self.remembered)))
        code = chance.choice(self._likely(matter) if chance.random() < 0.8 else list(self.people))
        act = self._act_for(matter, self.people[code], chance)
        if act is not None:
            self._does(act, matter, code, chance)
        if self.steps % 100 == 0:
            all_agree(self.remembered, self.people)

    def _pass_time(self, chance: random.Random) -> None:
        far = chance.random()
        minutes = chance.randint(1, 90)
        if far < 0.1:
            minutes = chance.randint(1, 5) * 1440
        clock.set_for_test(clock.now() + timedelta(minutes=minutes))

    def _likely(self, matter: Issue) -> list[str]:
        """Who has something to do with a matter: its units at work, else offices and the firm."""
        offices = ["desk", "desk-2", "supervision"]
        firm = "enterprise" if matter.subject_id in self.linked else "enterprise-2"
        match matter.state:
            case "registered":
                return [*offices, "desk", firm, "leader", "park"]
            case "triaged" | "listed":
                units = self.remembered[matter.pk].units
                at_work = [code for code, one in self.people.items() if one.unit_code in units]
                return [*at_work, *at_work, *offices, firm, "assistant"]
            case "reported":
                return [*offices, "supervision-2"]
            case "verified":
                return offices if self.silent else [firm, firm, *offices]
        return [firm]

    def _act_for(self, matter: Issue, person: Person, chance: random.Random) -> str | None:
        """Mostly a button that this person sees, now and then whatever comes to mind."""
        if chance.random() < 0.12:
            return chance.choice(sorted(WHO))
        if not issues().visible_to(person).filter(pk=matter.pk).exists():
            return None
        offered = sorted(open_acts(matter, person))
        takes_down = matter.state == "verified" and person.role in ("desk", "supervision")
        if takes_down and not self.silent:
            offered.append("confirm")
        weights = [SELDOM.get(act, 1.0) for act in offered]
        return chance.choices(offered, weights)[0] if offered else None

    def _does(self, act: str, matter: Issue, code: str, chance: random.Random) -> None:
        person, fields = self.people[code], body_of(act, matter, chance)
        before = Issue.objects.select_related("about").get(pk=matter.pk)
        head = Head.objects.get().seq
        if chance.random() < 0.3:
            done, door = self._by_the_api(act, before, code, fields), "API"
        else:
            done, door = self._by_the_action(act, before, person, fields), "action"
        after = Issue.objects.select_related("about").get(pk=matter.pk)
        self.last.append(f"{door} {code} {act} {fields} on {before.number}: {done or 'refused'}")
        try:
            if not done:
                assert after.version == before.version, "a refusal that changed something"
                assert Head.objects.get().seq == head, "a refusal that stands in the journal"
                return
            seen = self.remembered[matter.pk]
            step = Step(act, fields, person, clock.now(), before, after)
            follow(seen, step, self.linked, self.offices)
            stands_well(after)
        except AssertionError as wrong:
            told = "\n".join(self.last)
            raise AssertionError(f"after {self.steps} steps: {wrong}\n{told}") from wrong

    def _by_the_action(
        self, act: str, matter: Issue, person: Person, fields: dict[str, Any]
    ) -> bool:
        try:
            perform(act, access_issue(person, str(matter.ref)), fields, by=person)
        except Refusal:
            return False
        return True

    def _by_the_api(self, act: str, matter: Issue, code: str, fields: dict[str, Any]) -> bool:
        calls = self.calls.get(code) or self.calls.setdefault(code, caller(code))
        answer = calls(
            "POST",
            f"/issues/{quote(str(matter.ref))}/{act}",
            fields,
            If_Match=f'"{matter.version}"',
        )
        assert answer.status_code < 500, (act, fields, answer.content)
        return bool(answer.status_code == 200)

    def _registers(self, chance: random.Random) -> None:
        person = self.people[chance.choice(REGISTER)]
        fields = registered(chance)
        firms = [self.town.firm_subject.pk, self.town.other_subject.pk]
        fields["subject"] = chance.choice(firms)
        if person.role == "enterprise":
            fields = {k: v for k, v in fields.items() if k not in ("unit", "due_on")}
            fields["subject"] = person.subject_id
        try:
            made = register(fields, by=person)
        except Refusal:
            return
        self.remembered[made.pk] = fresh(made, person, self.linked)
        stands_well(made)


@pytest.mark.db
@pytest.mark.django_db
def test_nothing_ends_early_and_nothing_is_lost_whatever_anybody_tries() -> None:
    run_state_machine_as_test(
        seeded(SEED)(Walk),
        settings=settings(
            max_examples=WALKS or (50 if connection.vendor == "sqlite" else 8),
            stateful_step_count=STEPS,
            deadline=None,
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
            database=None,
            print_blob=False,
        ),
    )
