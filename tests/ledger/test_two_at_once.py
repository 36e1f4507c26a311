"""Two people press at once: one wins, the other is told, nothing is half done."""

import threading
from collections.abc import Callable

import pytest
from django.db import connection

from qingdan.domain.ledger.actions.perform import perform
from qingdan.domain.ledger.models import Assignment, Issue, Standing
from qingdan.domain.ledger.queries import access_issue
from qingdan.foundations.journal.models import Entry
from qingdan.foundations.kernel.errors import ChangedMeanwhile, Refusal, StepNotOpen
from town import Town

pytestmark = [pytest.mark.db, pytest.mark.django_db(transaction=True)]


def together(*acts: Callable[[], None]) -> list[str]:
    """Run the acts at the same moment in threads of their own; what each answered."""
    gate = threading.Barrier(len(acts))
    answers = [""] * len(acts)

    def run(n: int) -> None:
        try:
            gate.wait(10)
            acts[n]()
            answers[n] = "done"
        except Refusal as refusal:
            answers[n] = type(refusal).__name__
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(n,)) for n in range(len(acts))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    return answers


def test_of_two_who_triage_at_once_one_wins_and_there_is_one_lead() -> None:
    town = Town()
    ref = town.firm.registers("消防验收排不上号")
    desk, other = town.desk.person, town.actor("desk-2").person
    mine, theirs = access_issue(desk, ref), access_issue(other, ref)
    plan = {"track": "scheduled", "grade": "B"}
    answers = together(
        lambda: perform("triage", mine, plan | {"lead": "transport"}, by=desk),
        lambda: perform("triage", theirs, plan | {"lead": "admin-approval"}, by=other),
    )
    assert sorted(answers) == ["ChangedMeanwhile", "done"]
    assert Assignment.objects.filter(part="lead").count() == 1
    assert Issue.objects.get().version == 2
    assert Standing.objects.filter(to_at=None, assignment=None, task=None).count() == 1
    assert Entry.objects.filter(kind="issue.triaged").count() == 1


def test_an_act_on_a_page_that_is_old_by_now_is_told_what_it_missed() -> None:
    town = Town()
    ref = town.firm.registers("货车限行")
    read = town.issue(ref)
    town.actor("desk-2").does("triage", ref, track="scheduled", grade="C", lead="transport")
    with pytest.raises(ChangedMeanwhile):
        perform("triage", read, {}, by=town.desk.person, version=read.version)


def test_a_doubled_press_counts_once() -> None:
    town = Town()
    ref = town.desk.registers("货车限行", unit="transport", due_on="2023-11-06")
    unit = town.transport.person
    rows = [access_issue(unit, ref) for _ in range(4)]
    answers = together(*[lambda r=r: perform("acknowledge", r, {}, by=unit) for r in rows])
    assert answers.count("done") == 1
    assert set(answers) <= {"done", ChangedMeanwhile.__name__, StepNotOpen.__name__}
    assert Entry.objects.filter(kind="task.acknowledged").count() == 1
