"""Refusals: everything this product says no to, as one family.

    Refusal
    ├── NotSignedIn         401   who are you?
    ├── NotAllowed          403   you see it, but it is not this post's act
    ├── NotHere             404   absent or hidden: the same answer
    ├── StepNotOpen         409   the record is not in a state for this
    ├── ChangedMeanwhile    409   somebody pressed between our reading and now
    ├── Incomplete          422   fields are missing or impossible, each with its sentence
    ├── NeedsVersion        428   say which version you read
    └── TooMany             429   later, please

A refusal has a code for programs, an English sentence (a msgid with named placeholders) that says
what the reader can do, and the facts for its placeholders. It is translated once, by the door.
Everything that is not a refusal is a bug and crashes loudly.
"""

from collections.abc import Mapping
from typing import ClassVar

from .words import gettext_noop


class Refusal(Exception):
    """A no that the reader can do something about."""

    status: ClassVar[int] = 400
    code: str = "refused"
    sentence: str = gettext_noop("This cannot be done.")

    def __init__(
        self, sentence: str | None = None, *, code: str | None = None, **facts: object
    ) -> None:
        self.sentence = sentence or type(self).sentence
        self.code = code or type(self).code
        self.facts = facts
        super().__init__(self.sentence % facts if facts else self.sentence)


class NotSignedIn(Refusal):
    status = 401
    code = "not-signed-in"
    sentence = gettext_noop("Please sign in first.")


class NotAllowed(Refusal):
    status = 403
    code = "not-allowed"
    sentence = gettext_noop("This is not for your post to do.")


class NotHere(Refusal):
    status = 404
    code = "not-here"
    sentence = gettext_noop("There is nothing here, or it is not open to you.")


class StepNotOpen(Refusal):
    status = 409
    code = "step-not-open"
    sentence = gettext_noop("This is not open now. Load the page again to see what is next.")


class ChangedMeanwhile(Refusal):
    status = 409
    code = "changed-meanwhile"
    sentence = gettext_noop(
        "Somebody changed this meanwhile. Nothing of yours was lost: look at what is new,"
        " then send again."
    )


class Incomplete(Refusal):
    """Fields are missing or impossible; `fields` maps each to the refusal beside it."""

    status = 422
    code = "incomplete"
    sentence = gettext_noop("Some fields need another look.")

    def __init__(self, fields: Mapping[str, "Refusal | str"], **facts: str | int) -> None:
        super().__init__(None, code=None, **facts)
        self.fields: dict[str, Refusal] = {
            name: said if isinstance(said, Refusal) else Refusal(said)
            for name, said in fields.items()
        }


class NeedsVersion(Refusal):
    status = 428
    code = "needs-version"
    sentence = gettext_noop("Say in If-Match which version of the matter you read.")


class TooMany(Refusal):
    status = 429
    code = "too-many"
    sentence = gettext_noop("Too many requests. Please try again in %(seconds)s seconds.")
