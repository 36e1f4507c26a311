"""A firm that the register lacks, the enterprise's link, and who may see the register."""

import pytest

from qingdan.domain.enterprises.actions import add_enterprise, make_link, revoke_link
from qingdan.domain.enterprises.models import Link, Subject
from qingdan.domain.enterprises.queries import access_subject, person_of_link, subjects
from qingdan.domain.ledger.actions.register_body import register
from qingdan.foundations.journal.models import Entry
from qingdan.foundations.kernel.errors import Incomplete, NotAllowed, NotHere
from town import Town

pytestmark = pytest.mark.db

GOOD = "91430481MELCR63F60"


def test_a_missing_firm_is_added_by_name_and_code_and_known_the_second_time(town: Town) -> None:
    added = add_enterprise("某饲料有限公司", GOOD.lower(), by=town.desk.person)
    assert (added.uscc, added.name) == (GOOD, "某饲料有限公司")
    assert add_enterprise("又一个名字", GOOD, by=town.desk.person) == added
    entry = Entry.objects.get(kind="subject.added")
    assert "饲料" not in entry.body


@pytest.mark.parametrize(
    ("name", "uscc", "field"),
    [
        ("某公司", "91430481MELCR63F61", "uscc"),
        ("某公司", "91430481MELCR63F6I", "uscc"),
        ("某公司", "", "uscc"),
        ("  ", GOOD, "name"),
    ],
)
def test_a_wrong_code_names_what_is_wrong_and_adds_nothing(
    town: Town, name: str, uscc: str, field: str
) -> None:
    before = Subject.objects.count()
    with pytest.raises(Incomplete) as refused:
        add_enterprise(name, uscc, by=town.desk.person)
    assert field in refused.value.fields
    assert Subject.objects.count() == before


def test_units_and_enterprises_add_no_firm(town: Town) -> None:
    for who in (town.transport, town.firm, town.sysadmin):
        with pytest.raises(NotAllowed):
            add_enterprise("某公司", GOOD, by=who.person)


def test_a_link_opens_its_own_enterprise_until_it_is_revoked_or_ends(town: Town) -> None:
    token = make_link(town.firm_subject, by=town.desk.person)
    person = person_of_link(token)
    assert person is not None
    assert (person.subject_id, person.user_id) == (town.firm_id, None)
    assert token not in Link.objects.get().digest
    assert register({"body": "路灯坏了"}, by=person).source == "portal"
    assert person_of_link(token + "x") is None
    with town.later("2024-11-01"):
        assert person_of_link(token) is None
    revoke_link(Link.objects.get(), by=town.desk.person)
    assert person_of_link(token) is None


def test_who_made_and_revoked_a_link_stands_in_the_journal(town: Town) -> None:
    make_link(town.firm_subject, by=town.assistant.person)
    revoke_link(Link.objects.get(), by=town.desk.person)
    kinds = list(Entry.objects.order_by("seq").values_list("kind", flat=True))
    assert kinds == ["link.made", "link.revoked"]
    with pytest.raises(NotAllowed):
        revoke_link(Link.objects.get(), by=town.assistant.person)


def test_the_register_is_open_to_those_who_need_it(town: Town) -> None:
    def sees(who: str) -> set[int]:
        return set(subjects().visible_to(town.actor(who).person).values_list("pk", flat=True))

    both = {town.firm_id, town.other_subject.pk}
    assert sees("desk") == sees("supervision") == both
    assert sees("leader") == sees("assistant") == sees("enterprise") == {town.firm_id}
    assert sees("transport") == sees("auditor") == sees("park") == set()
    with pytest.raises(NotHere):
        access_subject(town.other_firm.person, town.firm_id)
