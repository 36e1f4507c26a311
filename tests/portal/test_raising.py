"""Who may read it: three classes in plain words, and the unit that is complained of."""

import pytest
from django.test import Client

from qingdan.domain.ledger.models import Issue
from town import Town

pytestmark = pytest.mark.db

RAISE = "/portal/raise/"
SAID = {"body": "窗口收了材料不给回执。", "key": "1"}


def test_the_classes_are_plain_sentences_and_the_usual_one_is_chosen(firm: Client) -> None:
    page = firm.get(RAISE).content.decode()
    for words in (
        "正常办理",
        "隐名办理",
        "办理单位看不到是哪家企业，有话由专班转达。",
        "专送督查室",
        "只有督查室看得到，可写明投诉哪个单位。",
    ):
        assert words in page
    assert page.count("checked") == 1
    assert 'value="normal" checked' in page


def test_a_sealed_complaint_names_its_unit(town: Town, firm: Client) -> None:
    firm.post(RAISE, SAID | {"class": "supervision_only", "about": "transport"})
    issue = Issue.objects.get()
    assert (issue.handling, issue.about) == ("supervision_only", town.units["transport"])


def test_it_may_complain_of_the_desk_and_of_a_supervision_office(town: Town, firm: Client) -> None:
    page = firm.get(RAISE).content.decode()
    for code in ("desk", "supervision", "supervision-2", "transport"):
        assert f'<option value="{code}"' in page


def test_a_unit_chosen_before_another_class_is_left_out(town: Town, firm: Client) -> None:
    firm.post(RAISE, SAID | {"class": "name_hidden", "about": "transport"})
    issue = Issue.objects.get()
    assert (issue.handling, issue.about) == ("name_hidden", None)


def test_a_unit_that_there_is_not_is_refused_beside_the_field(town: Town, firm: Client) -> None:
    answer = firm.post(RAISE, SAID | {"class": "supervision_only", "about": "nobody"})
    assert answer.status_code == 422
    page = answer.content.decode()
    assert 'name="about" aria-invalid="true"' in page
    assert 'value="supervision_only" checked' in page
    assert not Issue.objects.exists()
