"""The words for coded reasons: why clocks stand, why a matter waits, why it is not accepted."""

from django.utils.translation import gettext as _

from qingdan.domain.ledger.states import HoldKind


def pause_words(reason: str, *, to_firm: bool = False) -> str:
    """Why the clocks stand still."""
    if to_firm and reason == "awaiting_enterprise":
        return _("papers are awaited from you")
    return {
        "awaiting_enterprise": _("the enterprise completes its papers"),
        "statutory": _("a step that the law asks for, such as a public notice or an expert test"),
        "force_majeure": _("force majeure"),
    }.get(reason, reason)


def hold_words(kind: str) -> str:
    """As what a matter waits."""
    return {
        HoldKind.PROJECT.value: _("waits for a project"),
        HoldKind.LIFTED.value: _("lifted to a higher level"),
        HoldKind.CARRIED.value: _("carried forward"),
    }.get(kind, kind)


def decline_words(code: str) -> str:
    """Why a matter is not accepted."""
    return {
        "court": _("for a court, arbitration or administrative review, or there already"),
        "discipline": _("for the discipline inspection"),
        "police": _("suspected of a crime, for the police"),
        "petition": _("for the petition procedure"),
        "hotline": _("a private affair, for the hotline 12345"),
        "other_place": _("for another county"),
        "unlawful": _("against law, rule or policy"),
        "duplicate": _("the same matter of the same enterprise is open already"),
        "incomplete": _("lacks what is needed, asked for twice in vain"),
        "secret": _("touches state or work secrets"),
    }.get(code, code)


def letter_words(letter: str) -> str:
    """By which letter a matter is passed on; the policy names letters in Chinese."""
    return {
        "移送函": _("letter of transfer"),
        "转办函": _("letter of referral"),
        "商请函": _("letter of request"),
    }.get(letter, letter)


def addressee_words(code: str) -> str:
    """To whom a matter that is not accepted is passed on; nothing where to nobody."""
    return {
        "court": _("the court or body in charge"),
        "discipline": _("the discipline inspection"),
        "police": _("the police"),
        "petition": _("the petitions office"),
        "hotline": _("the hotline 12345"),
        "other_place": _("the place in charge"),
    }.get(code, "")
