"""Every act from every state by every role: finite, so exhaustive, from the tables themselves."""

import pytest

from qingdan.domain.ledger.actions.perform import ACTS, perform
from qingdan.domain.ledger.models import Issue
from qingdan.domain.ledger.queries import issues, letters_of, open_acts
from qingdan.domain.ledger.rules.rights import HERE, may
from qingdan.domain.ledger.states import ISSUE_LIFE
from qingdan.foundations.kernel.errors import Incomplete, NotAllowed, NotHere, StepNotOpen
from town import Town


def matters(town: Town) -> dict[str, str]:
    """A matter in each state that this issue's acts reach, by state."""
    made = {"registered": town.park.registers("路灯坏了半条街")}
    made["triaged"] = town.desk.registers("招不到质检员")
    town.desk.does(
        "triage",
        made["triaged"],
        track="scheduled",
        grade="B",
        lead="market-regulation",
        cooperating=["admin-approval"],
    )

    def ordered(body: str) -> str:
        return town.desk.registers(body, unit="market-regulation", due_on="2023-11-10")

    def reported(body: str) -> str:
        ref = ordered(body)
        town.market_regulation.does("contact", ref, kind="first")
        town.market_regulation.does(
            "report-result", ref, kind="solved", text="办好了", evidence=["12 号"], finish=[1]
        )
        return ref

    made["listed"] = ordered("货车限行要绕路")
    made["reported"] = reported("消防水压不够")
    made["verified"] = reported("厂房产权证没有")
    town.supervision.does("verify", made["verified"])
    made["ended"] = reported("技改补贴没有到账")
    town.supervision.does("verify", made["ended"])
    town.firm.does("confirm", made["ended"], solved=True, by="account")
    return made


def test_every_act_in_every_state_by_every_role_answers_as_the_tables_say(town: Town) -> None:
    made = matters(town)
    for state, ref in made.items():
        matter = town.issue(ref)
        assert matter.state == state
        for actor in town.everybody():
            seen = issues().visible_to(actor.person).filter(pk=matter.pk).first()
            if seen is None:
                with pytest.raises(NotHere):
                    actor.sees(ref)
                continue
            offered = open_acts(seen, actor.person)
            for act in HERE:
                answer = tried(act, seen, actor.person)
                theirs = may(act, letters_of(seen, actor.person))
                in_state = act in ISSUE_LIFE.open_acts(state)
                if not theirs:
                    assert answer == "not theirs", (state, act, actor.person.title)
                elif not in_state and answer != "not theirs":
                    assert answer == "not open", (state, act, actor.person.title)
                if act in offered:
                    assert theirs
                    assert in_state
                    assert answer in ("done", "incomplete"), (state, act, actor.person.title)


def tried(act: str, matter: Issue, person: object) -> str:
    """What an act without any field answers; what it did is undone."""
    from django.db import transaction

    fresh = Issue.objects.get(pk=matter.pk)
    try:
        with transaction.atomic():
            perform(act, fresh, {}, by=person)  # type: ignore[arg-type]
            transaction.set_rollback(True)
    except NotAllowed:
        return "not theirs"
    except StepNotOpen:
        return "not open"
    except Incomplete:
        return "incomplete"
    return "done"


def test_every_act_offered_is_one_that_the_product_can_do() -> None:
    assert set(ACTS) == set(HERE)


def test_the_three_administrators_see_no_matter(town: Town) -> None:
    made = matters(town)
    for code in ("sysadmin", "secadmin", "auditor"):
        for ref in made.values():
            with pytest.raises(NotHere):
                town.actor(code).sees(ref)


def test_another_enterprise_sees_nothing_of_it(town: Town) -> None:
    for ref in matters(town).values():
        with pytest.raises(NotHere):
            town.other_firm.sees(ref)
