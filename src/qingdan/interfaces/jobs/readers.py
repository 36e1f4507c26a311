"""Who reads the journal. A new reader begins at the first entry and catches up by itself."""

from qingdan.foundations.journal.readers import Handle

from .topics import note_topics

READERS: dict[str, Handle] = {
    "topics": note_topics,
}
