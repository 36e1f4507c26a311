"""Links, not merges: one entry for several enterprises, and matters about one thing."""

import pytest

from qingdan.domain.enterprises.models import Subject
from qingdan.domain.ledger.actions.linking import link_same, unlink_same
from qingdan.domain.ledger.actions.register_body import register_several
from qingdan.domain.ledger.models import Issue, SameMatter
from qingdan.foundations.journal.record import history
from qingdan.foundations.kernel.errors import Incomplete, NotAllowed, NotHere
from qingdan.foundations.kernel.identifiers import uscc_for
from town import Town

pytestmark = pytest.mark.db


def coded(town: Town) -> list[str]:
    codes = []
    for n, subject in enumerate((town.firm_subject, town.other_subject)):
        codes.append(uscc_for("91430481", f"MA00000{n}"))
        Subject.objects.filter(pk=subject.pk).update(uscc=codes[-1])
    return codes


def test_one_entry_makes_a_matter_for_each_enterprise_linked(town: Town) -> None:
    made = register_several(
        {"enterprises": coded(town), "body": "园区路灯坏了"}, by=town.desk.person
    )
    assert [one.subject_id for one in made] == [town.firm_subject.pk, town.other_subject.pk]
    assert made[0].entry == made[1].entry != ""
    assert town.firm.sees(str(made[0].ref))["body"] == "园区路灯坏了"
    with pytest.raises(NotHere):
        town.firm.sees(str(made[1].ref))


def test_a_wrong_code_among_them_registers_none(town: Town) -> None:
    with pytest.raises(Incomplete) as refusal:
        register_several(
            {"enterprises": [*coded(town), "91430481MA0000000X"], "body": "路灯"},
            by=town.desk.person,
        )
    assert set(refusal.value.fields) == {"enterprises"}
    assert not Issue.objects.exists()


def test_an_enterprise_registers_for_itself_alone(town: Town) -> None:
    with pytest.raises(NotAllowed):
        register_several({"enterprises": coded(town), "body": "路灯"}, by=town.firm.person)


def test_two_matters_about_one_thing_are_linked_and_unlinked(town: Town) -> None:
    first, second = (
        town.issue(town.firm.registers("路灯坏了")),
        town.issue(town.firm.registers("路太黑")),
    )
    desk = town.desk.person
    link_same(second, first, by=desk)
    link_same(first, second, by=desk)
    assert SameMatter.objects.filter(ended_at=None).count() == 1
    assert [e.kind for e in history(first.county, first.journal_key)].count("issue.linked") == 1
    unlink_same(first, second, by=desk)
    assert not SameMatter.objects.filter(ended_at=None).exists()
    with pytest.raises(Incomplete):
        link_same(first, first, by=desk)
    with pytest.raises(NotAllowed):
        link_same(first, second, by=town.firm.person)
