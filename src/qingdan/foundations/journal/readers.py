"""Readers follow the journal with a cursor (D4): exactly once, without leases.

A county's seq is gapless in the order of the commits, so "up to here" is all a reader has to
remember, and it is remembered in the transaction that writes what follows from the entries.
"""

from collections.abc import Callable

from django.db import transaction
from django.db.models import F

from .models import Entry, Head, Reader

Handle = Callable[[list[Entry]], None]
"""What a reader does with its next entries: one county's, in order, inside a transaction."""


def read(name: str, county: str, handle: Handle, batch: int = 500) -> int:
    """Hand the next entries to `handle` and move the cursor; how many there were.

    Whatever `handle` raises leaves everything as it was, and the entries come again. Of two that
    read at once one gets the entries, the other 0. What leaves the machine is none of `handle`'s
    business: it writes rows for whoever sends them.
    """
    cursor = Reader.objects.filter(name=name, county=county)
    seq = cursor.values_list("seq", flat=True).first()
    if not Entry.objects.filter(county=county, seq__gt=seq or 0).exists():
        return 0  # the usual case, without a transaction
    if seq is None:
        Reader.objects.bulk_create([Reader(name=name, county=county)], ignore_conflicts=True)
        seq = 0
    with transaction.atomic():
        next_ones = Entry.objects.filter(county=county, seq__gt=seq).order_by("seq")
        entries = list(next_ones[:batch])
        # Before `handle`: whoever comes second waits here and finds the cursor gone.
        if not entries or not cursor.filter(seq=seq).update(seq=entries[-1].seq):
            return 0
        handle(entries)
    return len(entries)


def behind(county: str) -> dict[str, int]:
    """How many entries each reader of the county has still to read."""
    ends_at = Head.objects.filter(county=county).values_list("seq", flat=True).first() or 0
    return dict(
        Reader.objects.filter(county=county)
        .annotate(left=ends_at - F("seq"))
        .values_list("name", "left")
    )
