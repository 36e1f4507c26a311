"""The one way to write facts as text, so that the text can be hashed (D3). Pure: no Django."""

import hashlib
import json
from collections.abc import Mapping
from datetime import UTC, date, datetime


def canonical(facts: Mapping[str, object]) -> str:
    """`facts` as JSON with sorted keys, no blanks, nothing escaped that need not be.

    Whole numbers, text, true and false, None, lists, mappings with text as keys, dates and
    instants; an instant is written in UTC. Raises TypeError for anything else, above all for a
    float (two machines may write one differently), ValueError for an instant without a zone and
    for text that UTF-8 cannot hold.
    """
    text = json.dumps(
        _plain(facts), ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False
    )
    text.encode()  # half a surrogate pair is a ValueError here, not in the database
    return text


def digest(text: str) -> str:
    """SHA-256 of the text as it is stored, in hexadecimal."""
    return hashlib.sha256(text.encode()).hexdigest()


def salted(salt: str, text: str) -> str:
    """The digest by which an entry names words; without the salt it tells nothing about them."""
    return digest(f"{salt}\n{text}")


def instant(at: datetime) -> str:
    """2023-10-30T01:00:00Z, with six decimals where there are any."""
    if at.tzinfo is None:
        raise ValueError(f"an instant needs a zone: {at}")
    return at.astimezone(UTC).replace(tzinfo=None).isoformat() + "Z"


def _plain(value: object) -> object:
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, int):
        return int(value)
    if isinstance(value, str):
        return str(value)
    if isinstance(value, datetime):
        return instant(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, list | tuple):
        return [_plain(one) for one in value]
    if isinstance(value, Mapping):
        for key in value:
            if not isinstance(key, str):
                raise TypeError(f"a fact is named by text, not by {type(key).__name__}")
        return {str(key): _plain(one) for key, one in value.items()}
    raise TypeError(f"the journal holds no {type(value).__name__}: {value!r}")
