"""The stylesheets say nothing that Chromium 86 lacks, and no page says anything inline."""

import re
from pathlib import Path

import pytest

ROOMS = Path(__file__).parents[2] / "src" / "qingdan" / "interfaces"
SHEETS = [
    sheet for sheet in sorted(ROOMS.glob("*/static/**/*.css")) if "vendor" not in sheet.parts
]
TEMPLATES = sorted(ROOMS.glob("*/templates/**/*.html"))

TOO_NEW = {
    "color-mix": r"color-mix\(",
    "oklch and its like": r"\b(oklch|oklab|lch|lab|hwb|light-dark|color)\(",
    ":has, :is, :where": r":(has|is|where|not\([^)]*,)\b|:(has|is|where)\(",
    "layers, containers, scopes": r"@(layer|container|scope|property|starting-style)\b",
    "units of viewports and containers": r"\d(dvh|svh|lvh|dvw|svw|lvw|cqw|cqh|cqi|cqb|lh|rlh)\b",
    "inset and logical shorthands": (
        r"(^|[;{\s])(inset|inset-\w+|(margin|padding)-(inline|block))\s*:"
    ),
    "aspect-ratio": r"(^|[;{\s])aspect-ratio\s*:",
    "accent-color": r"accent-color\s*:",
    "text-wrap": r"text-wrap(-style)?\s*:",
    "underline offset and thickness": r"text-(underline-offset|decoration-thickness)\s*:",
    "single transforms": r"(^|[;{\s])(translate|rotate|scale)\s*:",
    "overflow: clip": r"overflow(-[xy])?\s*:\s*clip",
    "subgrid": r"\bsubgrid\b",
    "ranges in media queries": r"@media[^{]*(<|>)=?",
    "trigonometry": r"\b(sin|cos|tan|round|mod|pow|sqrt)\(",
}


def plain(css: str) -> str:
    return re.sub(r"/\*.*?\*/", "", css, flags=re.S)


def is_nested(css: str) -> bool:
    """Whether a style rule holds another; only at-rules may hold rules."""
    inside: list[str] = []
    head = ""
    for sign in css:
        if sign == "{":
            if inside and not inside[-1].startswith("@"):
                return True
            inside.append(head.strip())
            head = ""
        elif sign == "}":
            inside.pop()
            head = ""
        elif sign == ";":
            head = ""
        else:
            head += sign
    return False


def test_there_is_something_to_look_at() -> None:
    assert [sheet.name for sheet in SHEETS if sheet.name == "qingdan.css"]


@pytest.mark.parametrize("sheet", SHEETS, ids=lambda sheet: sheet.name)
def test_chromium_86_knows_every_word_of_the_stylesheet(sheet: Path) -> None:
    css = plain(sheet.read_text(encoding="utf-8"))

    found = {
        name: re.search(form, css, re.M).group()  # type: ignore[union-attr]
        for name, form in TOO_NEW.items()
        if re.search(form, css, re.M)
    }

    assert found == {}
    assert not is_nested(css)


def test_the_look_finds_what_it_looks_for() -> None:
    planted = {
        "color-mix": "a { color: color-mix(in srgb, red, blue); }",
        ":has, :is, :where": "a:has(b) { color: red; }",
        "layers, containers, scopes": "@layer base { a { color: red; } }",
        "inset and logical shorthands": "a { inset: 0; }",
        "units of viewports and containers": "a { height: 100dvh; }",
    }
    for name, css in planted.items():
        assert re.search(TOO_NEW[name], css, re.M), name
    assert is_nested("a { color: red; b { color: blue; } }")
    assert not is_nested("@media print { a { color: red; } }")


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda one: "/".join(one.parts[-3:]))
def test_a_template_has_no_inline_style_script_or_handler(template: Path) -> None:
    text = re.sub(r"{%.*?%}", "", template.read_text(encoding="utf-8"))

    assert not re.search(r"\sstyle=", text)
    assert not re.search(r"<style\b", text)
    assert not re.search(r"<script(?![^>]*\bsrc=)(?![^>]*application/json)", text)
    assert not re.search(r"\son\w+=", text)
    assert not re.search(r"(src|href)=\"https?:", text)
