"""The demo county into an empty database: its people, its firms, and two months of work."""

from collections.abc import Callable

from .pages import read

ACCOUNTS: list[tuple[str, str]] = [
    (row["username"], row["label"]) for row in read("county")["accounts"]
]
"""Every account of the demo with the post it stands for, in the order in which they are shown."""


def load_demo(password: str | None = None, say: Callable[[str, str], None] | None = None) -> None:
    """Load the county, whole or not at all; with a county there already, do nothing.

    password: of all accounts; the one kept beside the data, if not said.
    say: hears of progress, in English and in Chinese.
    """
    from django.db import transaction

    from qingdan.domain.people.models import County
    from qingdan.interfaces.site import places

    from .making import make_county
    from .replay import replay

    if County.objects.exists():
        return
    tell = say or (lambda _english, _chinese: None)
    with transaction.atomic():
        tell("units, posts and enterprises …", "单位、职务和企业……")
        make_county(password or places.demo_password())
        tell("the work of September and October 2023 …", "2023 年 9 月和 10 月的办理经过……")
        replay()
