"""docs/life.md and its picture are written from the tables that the product walks."""

from pathlib import Path

from qingdan.domain.ledger.states import ISSUE_LIFE, Ending, S
from qingdan.interfaces.site import lifedoc

ROOT = Path(__file__).parents[2]


def test_the_document_and_its_picture_are_those_of_the_tables() -> None:
    assert (ROOT / lifedoc.WHERE).read_text(encoding="utf-8") == lifedoc.document()
    assert (ROOT / lifedoc.DRAWN).read_text(encoding="utf-8") == lifedoc.picture()


def test_every_step_stands_in_the_document_and_every_state_in_the_picture() -> None:
    document, picture = lifedoc.document(), lifedoc.picture()
    for step in ISSUE_LIFE:
        assert f"`{step.name}`" in document
    for state in S:
        assert f">{state.value}</text>" in picture
    for ending in Ending:
        assert f"`{ending.value}`" in document
        assert f">{ending.value}</text>" in picture


def test_a_withdrawal_is_asked_by_the_enterprise_and_done_by_the_desk() -> None:
    document = lifedoc.document()
    assert "| `withdraw:asked` | E |" in document
    assert "| `withdraw:done` | ended (withdrawn) | D |" in document
