"""Every sentence a user sees, collected from code and templates and held against the catalogues.

GNU gettext is not needed: Python's own parser reads the code, Django's `templatize` the templates.
"""

import ast
import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import polib
from django.utils.translation.template import templatize

PACKAGE = Path(__file__).resolve().parents[2]
PLAIN = {"gettext", "gettext_lazy", "gettext_noop", "_"}
PLURAL = {"ngettext", "ngettext_lazy"}
CONTEXT = {"pgettext", "pgettext_lazy"}
CONTEXT_PLURAL = {"npgettext", "npgettext_lazy"}
IN_TEMPLATE = re.compile(
    r"\b(gettext|ngettext|pgettext|npgettext|_)\(\s*((?:u?(?:'(?:\\.|[^'\\])*'|\"(?:\\.|[^\"\\])*\")"
    r"\s*,?\s*)+)"
)
LITERAL = re.compile(r"u?('(?:\\.|[^'\\])*'|\"(?:\\.|[^\"\\])*\")")
PLACEHOLDER = re.compile(r"%\((\w+)\)[sd]")


@dataclass(frozen=True)
class Sentence:
    """A msgid where it stands: file relative to the package, line (0 in a template)."""

    context: str | None
    msgid: str
    file: Path
    line: int

    @property
    def key(self) -> tuple[str | None, str]:
        return (self.context, self.msgid)

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.msgid!r}"


def room_of(path: Path) -> Path:
    """The room in which a file lies: floor/room."""
    return Path(*path.relative_to(PACKAGE).parts[:2])


def sentences() -> Iterator[Sentence]:
    """All msgids of the program."""
    for path in sorted(PACKAGE.rglob("*.py")):
        if "migrations" not in path.parts:
            yield from in_code(path)
    for path in sorted(PACKAGE.rglob("templates/**/*")):
        if path.suffix in (".html", ".txt"):
            yield from in_template(path)


def in_code(path: Path) -> Iterator[Sentence]:
    """The msgids of a Python file; an f-string in their place is no sentence and is skipped."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if not isinstance(node, ast.Call):
            continue
        name = getattr(node.func, "id", None) or getattr(node.func, "attr", None) or ""
        texts = [a.value for a in node.args if isinstance(a, ast.Constant)]
        found = _pick(name, [text for text in texts if isinstance(text, str)])
        if found:
            yield Sentence(*found, path.relative_to(PACKAGE), node.lineno)


def glued() -> Iterator[str]:
    """Places where a sentence is glued together before it is translated: it never will be."""
    for path in sorted(PACKAGE.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not (isinstance(node, ast.Call) and node.args):
                continue
            name = getattr(node.func, "id", None) or getattr(node.func, "attr", None) or ""
            known = name in PLAIN | PLURAL | CONTEXT | CONTEXT_PLURAL
            if known and isinstance(node.args[0], ast.JoinedStr | ast.BinOp):
                yield f"{path.relative_to(PACKAGE)}:{node.lineno}: translate whole sentences"


def in_template(path: Path) -> Iterator[Sentence]:
    """The msgids of a template."""
    for match in IN_TEMPLATE.finditer(templatize(path.read_text(encoding="utf-8"), origin=path)):
        texts = [ast.literal_eval(text) for text in LITERAL.findall(match[2])]
        if found := _pick(match[1], texts):
            yield Sentence(*found, path.relative_to(PACKAGE), 0)


def _pick(name: str, texts: list[str]) -> tuple[str | None, str] | None:
    """Context and msgid of a call of `name` with these texts."""
    if name in PLAIN | PLURAL and texts and texts[0]:
        return (None, texts[0])
    if name in CONTEXT | CONTEXT_PLURAL and len(texts) > 1 and texts[1]:
        return (texts[0], texts[1])
    return None


def faults() -> list[str]:
    """What is missing, fuzzy, contradictory or lacks a placeholder, a line each."""
    found = list(glued())
    known: dict[Path, dict[tuple[str | None, str], polib.POEntry]] = defaultdict(dict)
    said: dict[tuple[str | None, str], dict[str, Path]] = defaultdict(dict)
    for po in sorted(PACKAGE.rglob("locale/*/LC_MESSAGES/django.po")):
        where = po.relative_to(PACKAGE)
        for entry in polib.pofile(str(po), encoding="utf-8"):
            if entry.obsolete:
                continue
            key = (entry.msgctxt, entry.msgid)
            if key in known[room_of(po)]:
                found.append(f"{where}: {entry.msgid!r} stands there twice")
            known[room_of(po)][key] = entry
            found += [f"{where}: {entry.msgid!r} {fault}" for fault in _faults_of(entry)]
            for text in [entry.msgstr] if entry.msgstr else entry.msgstr_plural.values():
                said[key].setdefault(text, where)
    for (_context, msgid), texts in said.items():
        if len(texts) > 1:
            rooms = ", ".join(f"{text!r} in {where}" for text, where in texts.items())
            found.append(f"{msgid!r} is translated in two ways: {rooms}")
    found += [
        f"{sentence} is not in the catalogue of {room_of(PACKAGE / sentence.file)}"
        for sentence in dict.fromkeys(sentences())
        if sentence.key not in known[room_of(PACKAGE / sentence.file)]
    ]
    return found


def _faults_of(entry: polib.POEntry) -> Iterator[str]:
    if "fuzzy" in entry.flags:
        yield "is fuzzy"
    elif not entry.translated():
        yield "is not translated"
    for text in [entry.msgstr, *entry.msgstr_plural.values()]:
        wanted = set(PLACEHOLDER.findall(entry.msgid + entry.msgid_plural))
        if text and not set(PLACEHOLDER.findall(text)) <= wanted:
            yield "has a placeholder that the sentence lacks"
        if text and set(PLACEHOLDER.findall(entry.msgid)) - set(PLACEHOLDER.findall(text)):
            yield "lacks a placeholder of the sentence"
