"""One tap too many, and two people at one form: real threads, on whichever database runs."""

from threading import Barrier, Thread
from typing import Any
from uuid import uuid4

import pytest
from django.db import connections
from django.test import Client

from qingdan.domain.ledger.models import Issue
from qingdan.domain.people.models import User
from town import Town

pytestmark = [pytest.mark.db, pytest.mark.django_db(transaction=True)]


def signed_in(code: str) -> Client:
    client = Client()
    client.force_login(User.objects.get(username=code))
    return client


def at_once(*sent: tuple[Client, str, dict[str, Any]]) -> list[int]:
    """Send several forms at the same moment; the statuses of their answers."""
    ready = Barrier(len(sent))
    answers: list[int] = []

    def send(client: Client, address: str, fields: dict[str, Any]) -> None:
        ready.wait()
        answers.append(client.post(address, fields).status_code)
        connections.close_all()

    threads = [Thread(target=send, args=one) for one in sent]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sorted(answers)


def test_a_form_sent_twice_at_the_same_moment_registers_once(town: Town) -> None:
    fields = {
        "key": str(uuid4()),
        "firm": "某酒业有限公司",
        "body": "自来水压力不够。",
        "handling": "normal",
        "then": "only",
    }
    client = signed_in("desk")
    assert at_once(*[(client, "/desk/register/", fields)] * 3) == [303, 303, 303]
    assert Issue.objects.count() == 1


def test_two_at_the_same_triage_one_wins_and_the_other_is_told(town: Town) -> None:
    issue = town.issue(town.desk.registers("园区道路窄。"))
    address = f"/desk/{issue.year}/{issue.number}/triage/"
    fields = {"version": issue.version, "track": "scheduled", "grade": "B"}
    answers = at_once(
        (signed_in("desk"), address, fields | {"lead": "交通运输局"}),
        (signed_in("desk-2"), address, fields | {"lead": "供电公司"}),
    )
    assert answers == [303, 409]
    assert town.issue(str(issue.ref)).version == issue.version + 1
