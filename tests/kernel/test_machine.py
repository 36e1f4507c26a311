"""The state table and moving by compare-and-set."""

import pytest

from qingdan.domain.ledger.rules.rights import HERE, WHO
from qingdan.domain.ledger.states import ISSUE_LIFE, PART_LIFE, A, S
from qingdan.foundations.kernel.errors import Incomplete, Refusal, StepNotOpen
from qingdan.foundations.kernel.machine import Life, step


def test_a_step_is_taken_from_its_sources_and_from_nowhere_else() -> None:
    """Exhaustive: every step of both tables against every state."""
    for life, states in ((ISSUE_LIFE, S), (PART_LIFE, A)):
        for line in life:
            for state in states:
                if state.value in line.sources:
                    assert life.take(line.name, state) is line
                else:
                    with pytest.raises(StepNotOpen):
                        life.take(line.name, state)


def test_a_table_holds_each_step_once() -> None:
    with pytest.raises(ValueError, match="twice"):
        Life(step("go", "a", "b"), step("go", "b", "a"))


def test_every_act_of_the_table_of_rights_stands_in_the_table_of_states() -> None:
    acts = {line.act for line in ISSUE_LIFE} - {"pass"}
    assert acts == set(WHO)
    assert acts >= HERE


def test_every_state_is_reached_and_from_every_open_one_a_way_leads_to_the_firms_word() -> None:
    ways = {s.value: set() for s in S}
    for line in ISSUE_LIFE:
        for source in line.sources:
            if line.target:
                ways[source].add(line.target)
    reached, new = {S.REGISTERED.value}, {S.REGISTERED.value}
    while new:
        new = set().union(*(ways[s] for s in new)) - reached
        reached |= new
    assert reached == {s.value for s in S}
    for state in S:
        seen, new = {state.value}, {state.value}
        while new:
            new = set().union(*(ways[s] for s in new)) - seen
            seen |= new
        assert S.VERIFIED.value in seen


def test_only_five_endings_end_a_matter() -> None:
    ending = {line.name: line.ending for line in ISSUE_LIFE if line.target == S.ENDED}
    assert set(ending.values()) == {
        "confirmed",
        "unanswered",
        "explained",
        "declined",
        "withdrawn",
    }


def test_refusals_are_one_family_with_a_code_and_a_status_each() -> None:
    family = {Refusal, *_below(Refusal)}
    own = [kind for kind in family if "status" in vars(kind)]
    assert all(400 <= kind.status < 500 or kind.status == 503 for kind in own)
    assert Incomplete({"due_on": "Every task needs a date."}).fields["due_on"].sentence


def _below(kind: type[Refusal]) -> set[type[Refusal]]:
    return {k for sub in kind.__subclasses__() for k in (sub, *_below(sub))}
