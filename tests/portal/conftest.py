import re
from collections.abc import Callable

import pytest
from django.test import Client

from qingdan.domain.people.models import User
from town import Town


@pytest.fixture
def town(db: None) -> Town:
    return Town()


@pytest.fixture
def firm(town: Town) -> Client:
    """The enterprise at its phone, in Chinese."""
    client = Client(headers={"accept-language": "zh-hans"})
    client.force_login(User.objects.get(username="enterprise"))
    return client


Reads = Callable[[str], str]


@pytest.fixture
def reads(firm: Client) -> Reads:
    """What a page of the portal says: the words of its main part, without tags."""

    def read(address: str) -> str:
        answer = firm.get(address)
        assert answer.status_code == 200
        main = answer.content.decode().split("<main")[1].split("</main>")[0]
        return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", main))

    return read
