"""A sentence as its English msgid and its facts, and a room's catalogue where Django is absent.

Rules answer with sentences (why this date, why this code is wrong); a door says them in the
reader's language. Commands of pure rules start without Django (D25) and read the same catalogue.
"""

import gettext
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time
from functools import lru_cache
from pathlib import Path

Fact = str | int | date | datetime | time | tuple[date, ...]


@dataclass(frozen=True, slots=True)
class Sentence:
    """One whole sentence: a msgid with named placeholders and what stands in them."""

    msgid: str
    facts: Mapping[str, Fact] = field(default_factory=dict)


@lru_cache(maxsize=16)
def chinese(room: Path) -> Callable[[str], str]:
    """Translates msgids of the room in folder `room`; what it does not know stays as it is.

    From the compiled catalogue unless the committed one is newer or stands alone.
    """
    written = room / "locale" / "zh_Hans" / "LC_MESSAGES" / "django.po"
    compiled = written.with_suffix(".mo")
    if _is_current(compiled, written):
        with compiled.open("rb") as file:
            return gettext.GNUTranslations(file).gettext
    if not written.exists():
        return str
    import polib  # only where set-up has not compiled the words yet

    said = {entry.msgid: entry.msgstr for entry in polib.pofile(str(written)) if entry.msgstr}
    return lambda msgid: said.get(msgid, msgid)


def _is_current(compiled: Path, written: Path) -> bool:
    if not compiled.exists():
        return False
    return not written.exists() or compiled.stat().st_mtime >= written.stat().st_mtime


def room_of(module_file: str) -> Path:
    """The folder of the room that a module lies in, for `chinese()`."""
    return Path(module_file).parent
