"""Writing facts down, in the transaction of the act itself, and reading a record's history."""

import json
import secrets
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol

from django.db import transaction

from .canonical import canonical, digest, instant, salted
from .models import Entry, Head, Words

AT_ONCE = 2_000
"""The most entries that one transaction writes: so long the county's head is locked (D2)."""


class Acting(Protocol):
    """What the journal keeps of who acts; `domain.people`'s Person has all of it."""

    @property
    def county(self) -> str: ...
    @property
    def role(self) -> str: ...
    @property
    def post_id(self) -> int | None: ...
    @property
    def user_id(self) -> int | None: ...
    @property
    def unit_code(self) -> str: ...
    @property
    def behalf_id(self) -> int | None: ...
    @property
    def link_id(self) -> int | None: ...
    @property
    def by_system(self) -> bool: ...


@dataclass(frozen=True, slots=True)
class Actor:
    """The plainest `Acting`, for whoever has no Person at hand."""

    county: str
    role: str = ""
    post_id: int | None = None
    user_id: int | None = None
    unit_code: str = ""
    behalf_id: int | None = None
    link_id: int | None = None
    by_system: bool = False


@dataclass(frozen=True, slots=True)
class Note:
    """A fact to be written down: what `record()` takes, for `record_many()`.

    subject: a short key of the record it is about, such as `issue:12`.
    by: who acted; None is the product itself.
    at: when it is recorded; happened_at: when it happened, if that was earlier.
    words: names and free text, kept outside the chain so that they can be erased.
    touches: topics that open pages watch, such as `issue:12`, `unit:5`, `desk`, `board`.
    """

    kind: str
    subject: str
    by: Acting | None
    at: datetime
    happened_at: datetime | None = None
    words: Mapping[str, str] = field(default_factory=dict)
    touches: Sequence[str] = ()
    facts: Mapping[str, object] = field(default_factory=dict)


def record(
    kind: str,
    subject: str,
    /,
    *,
    county: str,
    by: Acting | None,
    at: datetime,
    happened_at: datetime | None = None,
    words: Mapping[str, str] | None = None,
    touches: Sequence[str] = (),
    **facts: object,
) -> Entry:
    """Write one fact down, as the last thing of the caller's transaction. See `Note`.

    Raises TypeError for a float among the facts, RuntimeError outside a transaction.
    """
    note = Note(kind, subject, by, at, happened_at, words or {}, touches, facts)
    return record_many([note], county=county)[0]


def record_many(notes: Iterable[Note], *, county: str) -> list[Entry]:
    """Write up to 2,000 facts down, taking the county's head once."""
    notes = list(notes)
    if len(notes) > AT_ONCE:
        raise ValueError(f"{len(notes)} entries at once: at most {AT_ONCE} per transaction")
    if not transaction.get_connection().in_atomic_block:
        raise RuntimeError("a fact is recorded in the transaction of the act itself")
    if not notes:
        return []
    bodies = [_facts_of(note, county) for note in notes]
    # Whatever can fail or takes long happens before the head is locked.
    for body in bodies:
        canonical(body)
    Words.objects.bulk_create(
        words for body, note in zip(bodies, notes, strict=True) for words in _put(body, note)
    )
    head = _locked_head(county)
    entries: list[Entry] = []
    seq, prev = head.seq, head.hash
    for body, note in zip(bodies, notes, strict=True):
        seq += 1
        text = canonical(body | {"seq": seq, "prev": prev})
        entries.append(
            Entry(
                county=county,
                seq=seq,
                prev=prev,
                hash=digest(text),
                kind=note.kind,
                subject=note.subject,
                at=note.at,
                body=text,
            )
        )
        prev = entries[-1].hash
    Entry.objects.bulk_create(entries)
    if Head.objects.filter(pk=head.pk, seq=head.seq).update(seq=seq, hash=prev) != 1:
        # Only where a database locks nothing and transactions do not begin IMMEDIATE (D13).
        raise RuntimeError(f"the journal's head of {county} moved under a lock")
    return entries


def erase(county: str, digests: Sequence[str], *, by: Acting | None, at: datetime) -> int:
    """Erase words for good, and write down that it was done; how many there were.

    The chain stays whole. `./qd verify` reports an erasure that the journal does not tell of.
    """
    here = Words.objects.filter(county=county, digest__in=digests, erased_at=None)
    gone = sorted(here.values_list("digest", flat=True))
    if gone:
        Words.objects.filter(county=county, digest__in=gone).update(text="", salt="", erased_at=at)
        record(ERASED, "words", county=county, by=by, at=at, erased=gone)
    return len(gone)


ERASED = "words.erased"
"""The kind of entry that tells of erased words, by their digests in its fact `erased`."""


@dataclass(frozen=True, slots=True)
class Told:
    """An entry as a reader of the history needs it: facts and words in one place.

    words: None stands for an erased text.
    """

    entry: Entry
    actor: dict[str, Any]
    happened_at: datetime
    facts: dict[str, Any]
    words: dict[str, str | None]

    @property
    def seq(self) -> int:
        return self.entry.seq

    @property
    def kind(self) -> str:
        return self.entry.kind

    @property
    def at(self) -> datetime:
        return self.entry.at


def history(
    county: str, subject: str, *, after: int = 0, limit: int | None = None
) -> Iterator[Told]:
    """What was recorded about one record, the oldest first, in two queries however long."""
    entries = Entry.objects.filter(county=county, subject=subject, seq__gt=after).order_by("seq")
    return told(list(entries if limit is None else entries[:limit]))


def told(entries: Sequence[Entry]) -> Iterator[Told]:
    """Entries of one county with their words, fetched in one query."""
    bodies = [(entry, json.loads(entry.body)) for entry in entries]
    named = [name for _, body in bodies for name in body["words"].values()]
    texts: dict[str, str | None] = {}
    if named:
        for words in Words.objects.filter(county=entries[0].county, digest__in=named):
            texts[words.digest] = words.text if words.erased_at is None else None
    for entry, body in bodies:
        yield Told(
            entry=entry,
            actor=body["actor"],
            happened_at=datetime.fromisoformat(body["happened_at"]),
            facts=body["facts"],
            words={field: texts.get(name) for field, name in body["words"].items()},
        )


def _facts_of(note: Note, county: str) -> dict[str, object]:
    by = note.by
    if by is not None and by.county != county:
        raise ValueError(f"somebody of {by.county} wrote into the journal of {county}")
    if not note.kind or not note.subject:
        raise ValueError("a fact needs a kind and a subject")
    return {
        "county": county,
        "kind": note.kind,
        "subject": note.subject,
        "at": instant(note.at),
        "happened_at": instant(note.happened_at or note.at),
        "actor": {
            "by": "system" if by is None or by.by_system else "person",
            "role": str(by.role) if by and not by.by_system else "",
            "post": by.post_id if by else None,
            "user": by.user_id if by else None,
            "unit": by.unit_code if by else "",
            "behalf": by.behalf_id if by else None,
            "link": by.link_id if by else None,
        },
        "facts": dict(note.facts),
        "touches": sorted(set(note.touches)),
        "words": {},
    }


def _put(body: dict[str, object], note: Note) -> Iterator[Words]:
    """The rows of a note's words; the body names them by digest."""
    named = {}
    for name, text in note.words.items():
        salt = secrets.token_hex(16)
        named[name] = salted(salt, text)
        yield Words(county=str(body["county"]), digest=named[name], salt=salt, text=text)
    body["words"] = named


def _locked_head(county: str) -> Head:
    """The county's head, ours until the commit.

    PostgreSQL locks the row; on SQLite the transaction itself, begun IMMEDIATE, is the lock.
    """
    mine = Head.objects.select_for_update().filter(county=county)
    if head := mine.first():
        return head
    Head.objects.bulk_create([Head(county=county)], ignore_conflicts=True)
    return mine.get()
