"""One entry that names several enterprises: a matter each, linked, with a word each."""

import pytest

from api.caller import Calls, says
from qingdan.domain.ledger.models import Issue
from qingdan.foundations.journal.models import Entry
from qingdan.foundations.kernel.identifiers import uscc_for
from town import Town

pytestmark = pytest.mark.db

SAID = {"title": "园区路灯坏了", "body": "半条街都不亮，夜班工人不敢走。", "source": "meeting"}


@pytest.fixture(autouse=True)
def _codes_with_right_check_digits(town: Town) -> None:
    for n, subject in enumerate((town.firm_subject, town.other_subject)):
        subject.uscc = uscc_for("91430481", f"MA00000{n}")
        subject.save()


def test_each_enterprise_gets_its_own_matter_and_all_are_named(town: Town, calls: Calls) -> None:
    codes = [town.firm_subject.uscc, town.other_subject.uscc, town.firm_subject.uscc]
    made = calls("desk").create(SAID | {"enterprises": codes}, Idempotency_Key="k")
    assert made.status_code == 201, made.content.decode()
    told = says(made)
    assert told["refs"] == ["耒企〔2023〕1号", "耒企〔2023〕2号"]
    assert told["ref"] == told["refs"][0]
    subjects = [says(calls("desk").matter(ref))["enterprise"]["uscc"] for ref in told["refs"]]
    assert subjects == codes[:2]
    again = calls("desk").create(SAID | {"enterprises": codes}, Idempotency_Key="k")
    assert says(again) == told
    assert Issue.objects.count() == 2
    assert len(set(Issue.objects.values_list("entry", flat=True))) == 1
    assert calls("enterprise").matter(told["refs"][1]).status_code == 404
    assert "refs" not in says(calls("desk").matter(told["ref"]))


@pytest.mark.parametrize("wrong", ["91430481MA0000009X", "nonsense", ""], ids=repr)
def test_all_are_registered_or_none(town: Town, calls: Calls, wrong: str) -> None:
    codes = [town.firm_subject.uscc, wrong or "\u3000", town.other_subject.uscc + "x"]
    response = calls("desk").create(SAID | {"enterprises": codes})
    assert response.status_code == 422
    assert "enterprises" in says(response)["fields"]
    assert not Issue.objects.exists()
    assert not Entry.objects.exists()


@pytest.mark.parametrize("several", ["text", 1, True, {"a": 1}, [1], [None], [[]]], ids=repr)
def test_what_is_no_list_of_codes_gets_a_sentence(
    town: Town, calls: Calls, several: object
) -> None:
    assert calls("desk").create(SAID | {"enterprises": several}).status_code == 422
    assert calls("enterprise").create(SAID | {"enterprises": several}).status_code == 403
    assert not Issue.objects.exists()


def test_an_enterprise_names_nobody_but_itself(town: Town, calls: Calls) -> None:
    own, other = town.firm_subject.uscc, town.other_subject.uscc
    for codes in ([own, other], [other], [other, other]):
        assert calls("enterprise").create(SAID | {"enterprises": codes}).status_code == 403
    assert not Issue.objects.exists()
    assert calls("enterprise").create(SAID | {"enterprises": [own]}).status_code == 201
