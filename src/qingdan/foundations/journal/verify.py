"""Walking the chain: does the journal still say what it said when it was written?

A chain alone shows neither a cut tail nor a history that somebody computed anew from its first
entry on. Heads that left the machine do: `./qd verify --save-head FILE`, later `--head FILE`.
"""

import argparse
import json
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from .canonical import digest, instant, salted
from .models import NOTHING_BEFORE, Entry, Head, Words
from .record import ERASED

BATCH = 1_000
"""Entries read at once."""

ENOUGH = 100
"""Findings of one county after which the walk gives up: the rest would say the same."""


@dataclass(frozen=True, slots=True)
class Finding:
    """Where a county's chain is broken, and how: `what` is a sentence for the auditor.

    It speaks the language that was active when it was found: the terminal's, in a command.
    """

    county: str
    seq: int
    what: str

    def __str__(self) -> str:
        said = {"county": self.county, "seq": self.seq, "what": self.what}
        return _("County %(county)s, entry %(seq)s: %(what)s") % said


@dataclass(slots=True)
class Walk:
    """One county's chain, walked from its first entry to its last: `seq` and `hash` of that."""

    county: str
    seq: int = 0
    hash: str = NOTHING_BEFORE
    findings: list[Finding] = field(default_factory=list)

    def find(self, seq: int, what: str, **facts: object) -> None:
        self.findings.append(Finding(self.county, seq, _(what) % facts))


def verify(heads: Mapping[str, Mapping[str, Any]] | None = None) -> list[Finding]:
    """Every county's findings, the first broken entry first; none if the journal is whole.

    heads: what left the machine earlier, `{county: {"seq": n, "hash": h}}`.
    """
    heads = heads or {}
    return [
        finding
        for county in counties(heads)
        for finding in walk(county, heads.get(county)).findings
    ]


def current_heads() -> dict[str, dict[str, Any]]:
    """Where each county's chain ends now, as `--save-head` writes it."""
    return {
        head.county: {"seq": head.seq, "hash": head.hash}
        for head in Head.objects.order_by("county")
    }


def counties(heads: Mapping[str, object]) -> list[str]:
    """Every county with entries, with a head, or in `heads`."""
    known = set(Head.objects.values_list("county", flat=True))
    written = set(Entry.objects.values_list("county", flat=True).distinct())
    return sorted(known | written | set(heads))


def walk(county: str, saved: Mapping[str, Any] | None = None) -> Walk:
    """Walk one county's chain, also while it grows. `saved` is a head that left the machine."""
    so_far = Walk(county)
    unexplained = dict(
        Words.objects.filter(county=county, erased_at__isnull=False).values_list("digest", "pk")
    )
    erased_in: dict[str, int] = {}
    last: tuple[int, int] = (-1, 0)
    while len(so_far.findings) < ENOUGH:
        # The head first: what it names was written with it, so the entries below must have it.
        head = Head.objects.filter(county=county).first()
        batch = list(_after(county, last))
        if not batch:
            _check_end(so_far, head)
            break
        for entry, body in _checked(so_far, batch, saved):
            for name in _named(body):
                if name in unexplained:
                    erased_in[name] = entry.seq
            if entry.kind == ERASED:
                for name in _list(_dict(body.get("facts")).get("erased")):
                    unexplained.pop(str(name), None)
        last = (batch[-1].seq, batch[-1].pk)
    for name in unexplained:
        if name in erased_in:
            so_far.find(erased_in[name], ERASED_UNTOLD)
    if saved and saved["seq"] > so_far.seq and len(so_far.findings) < ENOUGH:
        so_far.find(so_far.seq + 1, SAVED_KNOWS_MORE, last=saved["seq"])
    so_far.findings.sort(key=lambda finding: finding.seq)
    return so_far


ALTERED = gettext_noop("This entry was altered: its text does not have its hash.")
DISAGREES = gettext_noop("This entry was altered: its column %(column)s says other than its text.")
UNREADABLE = gettext_noop("This entry's text cannot be read.")
MISSING = gettext_noop("Entries are missing from here up to %(last)s.")
NOT_NEXT = gettext_noop("This entry stands where none belongs.")
DOES_NOT_FOLLOW = gettext_noop("This entry does not follow the one before it.")
CUT = gettext_noop("The end was cut off: the journal's head knows entries up to %(last)s.")
BEYOND = gettext_noop("This entry is unknown to the journal's head.")
OTHER_HEAD = gettext_noop("The journal's head names another entry than this.")
NO_HEAD = gettext_noop("The journal's head is missing.")
SAVED_OTHER = gettext_noop("The saved head knows another entry than this.")
SAVED_KNOWS_MORE = gettext_noop(
    "The end was cut off: the saved head knows entries up to %(last)s."
)
WORDS_ALTERED = gettext_noop("The words of this entry were altered: %(name)s.")
WORDS_GONE = gettext_noop("The words of this entry are gone without having been erased: %(name)s.")
ERASED_UNTOLD = gettext_noop("Words of this entry were erased, and no entry tells of it.")


def _after(county: str, last: tuple[int, int]) -> Iterator[Entry]:
    """The next batch. Without the unique key a seq may stand there twice: so the id as well."""
    here = Entry.objects.filter(county=county)
    seq, pk = last
    rest = here.filter(seq__gt=seq) | here.filter(seq=seq, pk__gt=pk)
    yield from rest.order_by("seq", "pk")[:BATCH]


def _checked(
    so_far: Walk, batch: list[Entry], saved: Mapping[str, Any] | None
) -> Iterator[tuple[Entry, dict[str, Any]]]:
    """Check a batch of entries one by one, each against the one before."""
    bodies = [_read(entry.body) for entry in batch]
    named = [name for body in bodies if body for name in _named(body)]
    kept = {
        words.digest: words
        for words in Words.objects.filter(county=so_far.county, digest__in=named)
    }
    for entry, body in zip(batch, bodies, strict=True):
        found = len(so_far.findings)
        _check_place(so_far, entry)
        _check_body(so_far, entry, body)
        if saved and saved["seq"] == entry.seq and saved["hash"] != entry.hash:
            so_far.find(entry.seq, SAVED_OTHER)
        if len(so_far.findings) == found:
            _check_words(so_far, entry, body or {}, kept)
        so_far.seq, so_far.hash = entry.seq, entry.hash
        yield entry, body or {}
        if len(so_far.findings) >= ENOUGH:
            return


def _check_place(so_far: Walk, entry: Entry) -> None:
    expected = so_far.seq + 1
    if entry.seq > expected:
        so_far.find(expected, MISSING, last=entry.seq - 1)
    elif entry.seq < expected:
        so_far.find(entry.seq, NOT_NEXT)
    elif entry.prev != so_far.hash:
        so_far.find(entry.seq, DOES_NOT_FOLLOW)


def _check_body(so_far: Walk, entry: Entry, body: dict[str, Any] | None) -> None:
    if digest(entry.body) != entry.hash:
        so_far.find(entry.seq, ALTERED)
        return
    if body is None:
        so_far.find(entry.seq, UNREADABLE)
        return
    columns = {
        "county": entry.county,
        "seq": entry.seq,
        "prev": entry.prev,
        "kind": entry.kind,
        "subject": entry.subject,
        "at": instant(entry.at),
    }
    for column, value in columns.items():
        if body.get(column) != value:
            so_far.find(entry.seq, DISAGREES, column=column)
            return


def _check_words(
    so_far: Walk, entry: Entry, body: dict[str, Any], kept: Mapping[str, Words]
) -> None:
    for field_name, name in _dict(body.get("words")).items():
        words = kept.get(str(name))
        if words is None:
            so_far.find(entry.seq, WORDS_GONE, name=field_name)
        elif words.erased_at is not None:
            if words.text or words.salt:
                so_far.find(entry.seq, WORDS_ALTERED, name=field_name)
        elif salted(words.salt, words.text) != name:
            so_far.find(entry.seq, WORDS_ALTERED, name=field_name)


def _check_end(so_far: Walk, head: Head | None) -> None:
    if head is None:
        if so_far.seq:
            so_far.find(so_far.seq, NO_HEAD)
    elif head.seq > so_far.seq:
        so_far.find(so_far.seq + 1, CUT, last=head.seq)
    elif head.seq < so_far.seq:
        so_far.find(head.seq + 1, BEYOND)
    elif head.hash != so_far.hash:
        so_far.find(so_far.seq, OTHER_HEAD)


def _read(text: str) -> dict[str, Any] | None:
    with suppress(ValueError):
        body = json.loads(text)
        return body if isinstance(body, dict) else None
    return None


def _dict(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def _named(body: dict[str, Any]) -> list[str]:
    return [str(name) for name in _dict(body.get("words")).values()]


# ------------------------------------------------------------------ ./qd verify


def command(argv: Sequence[str]) -> int:
    """`./qd verify [--save-head FILE] [--head FILE]`: 0 whole, 1 broken, 2 wrongly asked."""
    parser = argparse.ArgumentParser(prog="qd verify", description="Walk the journal's chain.")
    parser.add_argument("--save-head", type=Path, metavar="FILE")
    parser.add_argument("--head", type=Path, metavar="FILE")
    asked = parser.parse_args(argv)
    try:
        saved = read_heads(asked.head) if asked.head else {}
    except (OSError, ValueError) as error:
        return _wrong(_("%(file)s is no file of heads.") % {"file": asked.head}, error)
    heads: dict[str, dict[str, Any]] = {}
    whole = True
    for county in counties(saved):
        print(_("walking the chain of county %(county)s") % {"county": county}, file=sys.stderr)
        walked = walk(county, saved.get(county))
        for finding in walked.findings:
            print(finding)
            whole = False
        if not walked.findings:
            heads[county] = {"seq": walked.seq, "hash": walked.hash}
            whole_one = {"county": county, "n": walked.seq, "hash": walked.hash}
            print(_("County %(county)s: %(n)s entries, whole; the last is %(hash)s") % whole_one)
    if not heads and whole:
        print(_("The journal is empty."))
    if not whole:
        if asked.save_head:
            print(_("The chain is broken, so no heads were saved."), file=sys.stderr)
        return 1
    if asked.save_head:
        try:
            write_heads(asked.save_head, heads)
        except OSError as error:
            return _wrong(_("%(file)s cannot be written.") % {"file": asked.save_head}, error)
    return 0


def _wrong(sentence: str, error: Exception) -> int:
    """One sentence, and of a file that is no file of heads how one looks."""
    should = f" {HEADS}" if isinstance(error, ValueError) else ""
    print(f"qd verify: {sentence}{should}", file=sys.stderr)
    return 2


HEADS = '{county: {"seq": number, "hash": text}}'


def read_heads(path: Path) -> dict[str, dict[str, Any]]:
    """A head file; ValueError for anything else."""
    heads = json.loads(path.read_text(encoding="utf-8"))
    if not isinstance(heads, dict):
        raise ValueError(HEADS)
    for head in heads.values():
        if (
            not isinstance(head, dict)
            or type(head.get("seq")) is not int
            or not isinstance(head.get("hash"), str)
        ):
            raise ValueError(HEADS)
    return heads


def write_heads(path: Path, heads: Mapping[str, object]) -> None:
    """Whole or not at all: an older head file is worth more than half a new one."""
    draft = path.with_name(f"{path.name}.draft")
    draft.write_text(json.dumps(heads, indent=1, sort_keys=True) + "\n", encoding="utf-8")
    draft.replace(path)
