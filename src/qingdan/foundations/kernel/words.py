"""Marks sentences for translation where Django may not be imported.

A sentence is kept as its English msgid with named placeholders and its facts beside it; whoever
shows it translates it once, in the reader's language (`interfaces.shared`).
"""


def gettext_noop(text: str) -> str:
    """Mark a sentence for the catalogue and hand it back unchanged."""
    return text
