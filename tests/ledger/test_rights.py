"""Every act from every state by every role: finite, so exhaustive, from the tables themselves."""

import pytest

from qingdan.domain.ledger.actions.perform import ACTS, perform
from qingdan.domain.ledger.models import Issue
from qingdan.domain.ledger.queries import issues, letters_of, open_acts
from qingdan.domain.ledger.rules.rights import HERE, may
from qingdan.domain.ledger.states import ISSUE_LIFE, S
from qingdan.foundations.kernel.errors import Incomplete, NotAllowed, NotHere, StepNotOpen
from town import Town

REPORT = {"text": "办好了", "evidence": ["12 号"], "basis": "条例", "finish": [1]}


def matters(town: Town) -> dict[str, str]:
    """A matter in every state, with every ending and with everything that can wait beside it."""
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

    def listed(body: str, unit: str = "market-regulation") -> str:
        return town.desk.registers(body, unit=unit, due_on="2023-11-24")

    def working(body: str) -> str:
        ref = listed(body)
        town.market_regulation.does("contact", ref, kind="first")
        return ref

    def reported(body: str, kind: str = "solved") -> str:
        ref = working(body)
        town.market_regulation.does("report-result", ref, kind=kind, **REPORT)
        return ref

    def verified(body: str, kind: str = "solved") -> str:
        ref = reported(body, kind)
        town.supervision.does("verify", ref)
        return ref

    made["listed"] = listed("货车限行要绕路")
    made["working"] = working("停车位不够")
    made["reported"] = reported("消防水压不够")
    made["verified"] = verified("厂房产权证没有")
    made["explained"] = verified("要求免检", "explained")
    made["confirmed"] = verified("技改补贴没有到账")
    town.firm.does("confirm", made["confirmed"], solved=True, by="account")
    made["answered"] = town.firm.registers("社保补贴怎么申请")
    town.desk.does("answer", made["answered"], text="到人社窗口")
    made["declined"] = town.firm.registers("合同纠纷")
    town.desk.does("decline", made["declined"], code="court", reason="已立案")
    town.desk_2.does("approve-decline", made["declined"], approved=True, reason="属实")
    made["withdrawn"] = town.firm.registers("不办了")
    town.firm.does("withdraw", made["withdrawn"], reason="自己办好了")
    town.desk_2.does("contact", made["withdrawn"], kind="call-back", words="确认")
    town.desk.does("withdraw", made["withdrawn"])
    made["disputed"] = listed("不归我管", "transport")
    town.transport.does("object", made["disputed"], reason="职责", unit="admin-approval")
    made["extension asked"] = working("等检验")
    town.market_regulation.does(
        "request-extension", made["extension asked"], due_on="2023-11-28", reason="检验"
    )
    made["held"] = working("等立项")
    town.desk.does(
        "hold", made["held"], kind="project", reason="等", answers="管网", next_on="2023-11-20"
    )
    made["carried"] = working("历史遗留")
    town.leader.does("hold", made["carried"], kind="carried", reason="等", next_on="2023-11-20")
    made["paused"] = working("补材料")
    town.desk.does("pause", made["paused"], reason="awaiting_enterprise", until="2023-11-08")
    made["withdrawal asked"] = working("也不办了")
    town.firm.does("withdraw", made["withdrawal asked"], reason="不办了")
    made["decline asked"] = town.firm.registers("又一件合同纠纷")
    town.desk.does("decline", made["decline asked"], code="court", reason="已立案")
    made["hidden"] = town.firm.registers("办证慢", **{"class": "name_hidden"})
    town.desk.does(
        "triage", made["hidden"], track="scheduled", grade="B", lead="transport",
        shown_title="证", shown_body="一家企业办证慢",
    )  # fmt: skip
    made["sealed"] = town.firm.registers(
        "专班拖延", **{"class": "supervision_only", "about": "transport"}
    )
    town.supervision.does(
        "triage", made["sealed"], track="scheduled", grade="B", lead="market-regulation"
    )
    made["about the office"] = town.firm.registers(
        "督查室拖延", **{"class": "supervision_only", "about": "supervision"}
    )
    made["the desk's own"] = town.desk.registers("问路", unit="desk", due_on="2023-11-10")
    town.desk.does("acknowledge", made["the desk's own"])
    return made


def test_every_act_in_every_state_by_every_role_answers_as_the_tables_say(town: Town) -> None:
    made = matters(town)
    states = {Issue.objects.get(number=number(ref)).state for ref in made.values()}
    assert states == {state.value for state in S}
    offered_somewhere = set()
    for name, ref in made.items():
        for actor in town.everybody():
            seen = issues().visible_to(actor.person).filter(number=number(ref)).first()
            if seen is None:
                with pytest.raises(NotHere):
                    actor.sees(ref)
                continue
            offered = open_acts(seen, actor.person)
            offered_somewhere |= offered
            letters = letters_of(seen, actor.person)
            for act in HERE:
                answer = tried(act, seen, actor.person)
                in_state = act in ISSUE_LIFE.open_acts(seen.state)
                where = (name, act, actor.person.title)
                if not may(act, letters):
                    assert answer == "not theirs", where
                elif not in_state and answer != "not theirs":
                    assert answer == "not open", where
                if act in offered:
                    assert may(act, letters), where
                    assert in_state, where
                    assert answer in ("done", "incomplete"), where
                elif act not in NOT_ON_A_BUTTON and not (act == "contact" and name == "hidden"):
                    assert answer in ("not theirs", "not open"), where
    assert offered_somewhere >= set(HERE) - {"lapse"}


NOT_ON_A_BUTTON = {"confirm", "progress", "nudge", "report-result"}
"""Acts that are open beside the buttons: a word taken down, one that nobody waits for."""


def number(ref: str) -> int:
    return int(ref.partition("〕")[2].removesuffix("号"))


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
