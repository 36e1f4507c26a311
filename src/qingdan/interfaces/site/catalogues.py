"""Translations made readable for Django, in Python: a bare machine has no msgfmt (D19)."""

import hashlib
import os
from pathlib import Path

PACKAGE = Path(__file__).resolve().parents[2]


def catalogues() -> list[Path]:
    """Every room's catalogue, in a fixed order."""
    return sorted(PACKAGE.rglob("locale/*/LC_MESSAGES/django.po"))


def compile_all() -> list[Path]:
    """Compile each catalogue that changed since its .mo was written; return those compiled.

    The .mo names the digest of its .po in its header, so no separate stamp can go astray.
    """
    return [po for po in catalogues() if _compile(po)]


def _compile(po: Path) -> bool:
    digest = hashlib.sha256(po.read_bytes()).hexdigest()
    mo = po.with_suffix(".mo")
    if mo.exists() and f"X-Compiled-From: {digest}\n".encode() in mo.read_bytes():
        return False
    import polib  # most starts have nothing to compile

    catalogue = polib.pofile(str(po), encoding="utf-8", check_for_duplicates=True)
    catalogue.metadata["X-Compiled-From"] = digest
    draft = mo.with_name(f"{mo.name}.{os.getpid()}")
    catalogue.save_as_mofile(str(draft))
    draft.replace(mo)
    return True
