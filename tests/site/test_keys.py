"""`./qd token` and `./qd factor`: an account's keys, listed, revoked and taken off."""

import re

import pytest
from django.contrib.auth import get_user_model
from django.test import Client

from qingdan.domain.people.models import ApiToken
from qingdan.foundations.kernel import clock
from qingdan.interfaces.site import cli
from qingdan.interfaces.site.models import RecoveryCode, SecondFactor
from town import Town

pytestmark = [pytest.mark.django_db, pytest.mark.db]


@pytest.fixture(autouse=True)
def _here(monkeypatch) -> None:
    """The test's own database, in English."""
    monkeypatch.setenv("LANG", "en_US.UTF-8")
    for name in ("LC_ALL", "LC_MESSAGES"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(cli, "_start_django", lambda **_: None)


@pytest.fixture
def name() -> str:
    return Town().desk.person.username


def opens(token: str) -> bool:
    client = Client(headers={"authorization": f"Bearer {token}"})
    return client.get("/api/v1/me").status_code == 200


def made(capsys, name: str) -> str:
    assert cli.main(["token", name]) == 0
    return capsys.readouterr().out.strip()


def test_tokens_are_listed_without_being_told(name, capsys) -> None:
    first, second = made(capsys, name), made(capsys, name)

    assert cli.main(["token", name, "--list"]) == 0

    lines = capsys.readouterr().out.splitlines()
    assert [re.sub(r"\d{4}-\d\d-\d\d \d\d:\d\d", "T", line) for line in lines] == [
        f"{token.pk}\tT\tvalid until T" for token in ApiToken.objects.order_by("-pk")
    ]
    assert not any(token in line for token in (first, second) for line in lines)


def test_one_token_is_revoked_at_once_and_the_others_stay(name, capsys) -> None:
    first, second = made(capsys, name), made(capsys, name)
    number = str(ApiToken.objects.earliest("pk").pk)

    assert cli.main(["token", name, "--revoke", number]) == 0

    assert (opens(first), opens(second)) == (False, True)
    capsys.readouterr()
    cli.main(["token", name, "--list"])
    assert "\trevoked " in capsys.readouterr().out


def test_without_a_number_all_are_revoked(name, capsys) -> None:
    tokens = [made(capsys, name) for _ in range(3)]

    assert cli.main(["token", name, "--revoke"]) == 0

    assert not any(map(opens, tokens))


@pytest.mark.parametrize("number", ["999999", "0"])
def test_a_token_that_is_not_there_or_somebody_elses_is_wrong_use(name, capsys, number) -> None:
    town_token = made(capsys, name)
    other = get_user_model().objects.exclude(username=name).filter(holdings__isnull=False).first()
    ApiToken.objects.update(user=other)

    assert cli.main(["token", name, "--revoke", number]) == 2
    assert cli.main(["token", name, "--revoke", str(ApiToken.objects.get().pk)]) == 2

    assert capsys.readouterr().err.count("\n") == 2
    assert opens(town_token)


def test_an_unknown_account_is_wrong_use_in_one_sentence(name, capsys) -> None:
    for more in ([], ["--list"], ["--revoke"]):
        assert cli.main(["token", "nobody", *more]) == 2
    assert cli.main(["factor", "nobody"]) == 2
    assert capsys.readouterr().err.count("\n") == 4


def test_a_lost_second_factor_is_taken_off_with_its_recovery_codes(name, capsys) -> None:
    user = get_user_model().objects.get(username=name)
    SecondFactor.objects.create(user=user, key="K", real_added_at=clock.real())
    RecoveryCode.objects.create(user=user, digest="d")

    assert cli.main(["factor", name]) == 0
    assert "1 recovery codes left" in capsys.readouterr().out
    assert cli.main(["factor", name, "--forget"]) == 0

    assert not SecondFactor.objects.exists()
    assert not RecoveryCode.objects.exists()
    assert cli.main(["factor", name, "--forget"]) == 1
    assert cli.main(["factor", name]) == 0
