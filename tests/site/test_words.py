"""Sentences are collected from code and templates, and what a catalogue lacks is named."""

import gettext
from pathlib import Path

import pytest

from qingdan.interfaces.site import catalogues, translations

HEADER = 'msgid ""\nmsgstr "Content-Type: text/plain; charset=UTF-8\\n"\n\n'
CODE = """
title = _("A title")
said = gettext_noop("Two halves"
    " of one sentence, %(name)s.")
other = pgettext_lazy("a verb", "Open")
many = ngettext("one", "%(n)s", n)
unknown = gettext(sentence)
"""
TEMPLATE = """{% load i18n %}<h1>{% translate "It's here" %}</h1>{{ x|default:_("none") }}
{% translate "Open" context "a door" as door %}
{% blocktranslate trimmed with who=name %}
  Said by {{ who }}
  today.
{% endblocktranslate %}{% comment %}{% translate "hidden" %}{% endcomment %}"""


@pytest.fixture
def room(tmp_path, monkeypatch) -> Path:
    """One room of a package of its own."""
    monkeypatch.setattr(translations, "PACKAGE", tmp_path)
    monkeypatch.setattr(catalogues, "PACKAGE", tmp_path)
    room = tmp_path / "interfaces" / "desk"
    (room / "templates" / "desk").mkdir(parents=True)
    (room / "locale" / "zh_Hans" / "LC_MESSAGES").mkdir(parents=True)
    return room


def catalogue(room: Path, text: str) -> Path:
    po = room / "locale" / "zh_Hans" / "LC_MESSAGES" / "django.po"
    po.parent.mkdir(parents=True, exist_ok=True)
    po.write_text(HEADER + text)
    return po


def test_sentences_of_code_are_found_whole_with_their_context(room):
    (room / "views.py").write_text(CODE)

    assert [s.key for s in translations.sentences()] == [
        (None, "A title"),
        (None, "Two halves of one sentence, %(name)s."),
        ("a verb", "Open"),
        (None, "one"),
    ]


def test_sentences_of_templates_are_found_trimmed_and_comments_are_not(room):
    (room / "templates" / "desk" / "issue.html").write_text(TEMPLATE)

    assert [s.key for s in translations.sentences()] == [
        (None, "It's here"),
        (None, "none"),
        ("a door", "Open"),
        (None, "Said by %(who)s today."),
    ]


@pytest.mark.parametrize(
    ("entry", "fault"),
    [
        ("", "is not in the catalogue of interfaces/desk"),
        ('msgid "%(n)s open"\nmsgstr ""\n', "is not translated"),
        ('#, fuzzy\nmsgid "%(n)s open"\nmsgstr "%(n)s 件未办结"\n', "is fuzzy"),
        ('msgid "%(n)s open"\nmsgstr "若干未办结"\n', "lacks a placeholder"),
        ('msgid "%(n)s open"\nmsgstr "%(n)s %(m)s"\n', "a placeholder that the sentence lacks"),
    ],
)
def test_a_faulty_translation_is_named(room, entry, fault):
    (room / "views.py").write_text('_("%(n)s open")')
    catalogue(room, entry)

    assert fault in "\n".join(translations.faults())


def test_a_good_translation_has_no_fault(room):
    (room / "views.py").write_text('_("%(n)s open")')
    catalogue(room, 'msgid "%(n)s open"\nmsgstr "%(n)s 件未办结"\n')

    assert translations.faults() == []


def test_one_sentence_with_two_translations_is_a_fault(room):
    catalogue(room, 'msgid "Open"\nmsgstr "打开"\n')
    catalogue(room.parent / "board", 'msgid "Open"\nmsgstr "未办结"\n')

    assert "'Open' is translated in two ways" in "\n".join(translations.faults())


def test_a_glued_sentence_is_a_fault(room):
    (room / "views.py").write_text('_(f"{n} open")')

    assert translations.faults() == ["interfaces/desk/views.py:1: translate whole sentences"]


def test_a_catalogue_is_compiled_once_and_again_when_it_changes(room):
    po = catalogue(room, 'msgid "Open"\nmsgstr "打开"\n')
    assert catalogues.compile_all() == [po]
    assert catalogues.compile_all() == []

    catalogue(room, 'msgid "Open"\nmsgstr "公开"\n')
    assert catalogues.compile_all() == [po]

    with po.with_suffix(".mo").open("rb") as file:
        assert gettext.GNUTranslations(file).gettext("Open") == "公开"


def test_every_sentence_of_the_program_is_translated():
    assert translations.faults() == []
