"""The first reader of the journal: which topics moved, for the pages that watch them (D14)."""

import json

from qingdan.foundations.journal.models import Entry, Topic


def note_topics(entries: list[Entry]) -> None:
    """Give each topic that `entries` touched the seq of the last of them as its version."""
    county = entries[0].county
    versions: dict[str, int] = {}
    for entry in entries:
        for name in json.loads(entry.body)["touches"]:
            versions[name] = entry.seq
    Topic.objects.bulk_create(
        [
            Topic(county=county, name=name, version=version)
            for name, version in sorted(versions.items())
        ],
        update_conflicts=True,
        unique_fields=["county", "name"],
        update_fields=["version"],
    )
