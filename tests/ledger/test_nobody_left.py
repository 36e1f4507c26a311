"""Where nobody is left who did not handle a matter, the main leader stands there."""

import pytest

from qingdan.domain.people.actions import take_post
from qingdan.domain.people.models import Holding, Post, User
from qingdan.foundations.kernel import clock
from qingdan.foundations.kernel.errors import NotAllowed, NotHere
from town import Town

pytestmark = pytest.mark.db


def alone(town: Town) -> None:
    """A small county: one person at the desk, who also is the supervision office."""
    others = ("desk-2", "supervision", "supervision-2")
    Holding.objects.filter(post__code__in=others).update(to_at=clock.now())
    user = User.objects.get(username="desk")
    take_post(Post.objects.get(code="supervision"), user)


def settled(town: Town, **fields: object) -> str:
    ref = town.firm.registers("办证慢", **fields)
    town.desk.does("settle-on-site", ref, text="当场办了", evidence=["3 号单"])
    return ref


def test_while_a_colleague_is_left_the_main_leader_does_nothing(town: Town) -> None:
    ref = town.firm.registers("办证慢")
    town.desk.does("settle-on-site", ref, text="当场办了", evidence=["3 号单"])
    with pytest.raises(NotAllowed):
        town.main_leader.does("lapse", ref)


def test_the_main_leader_takes_the_word_down_where_nobody_else_can(town: Town) -> None:
    alone(town)
    ref = settled(town)
    with pytest.raises(NotAllowed):
        town.desk.does("confirm", ref, solved=True, by="paper", evidence=["签字件"])
    town.main_leader.does("confirm", ref, solved=True, by="paper", evidence=["签字件"])
    assert town.issue(ref).ending == "confirmed"


def test_of_a_hidden_name_he_sees_only_what_is_left_to_him(town: Town) -> None:
    other = town.firm.registers("另一件", **{"class": "name_hidden"})
    alone(town)
    ref = settled(town, **{"class": "name_hidden"})
    assert town.main_leader.sees(ref)["state"] == "verified"
    with pytest.raises(NotHere):
        town.main_leader.sees(other)
    town.firm.does("confirm", ref, solved=False, by="account")
    with pytest.raises(NotHere):
        town.main_leader.sees(ref)
