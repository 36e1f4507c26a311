"""Whoever tampers with the journal is found out, and where."""

import json

import pytest
from django.db import transaction
from django.utils import translation

from qingdan.foundations.journal import verify as verifying
from qingdan.foundations.journal.canonical import canonical, digest
from qingdan.foundations.journal.models import NOTHING_BEFORE, Entry, Head, Words
from qingdan.foundations.journal.record import record
from qingdan.foundations.journal.verify import command, current_heads, verify

pytestmark = pytest.mark.db
COUNTY = "430481"
SWAP = "UPDATE journal_entry SET seq = {} WHERE seq = {}"


@pytest.fixture(autouse=True, params=[1000, 3], ids=["one batch", "batches of three"])
def _batches(request, monkeypatch):
    """Nothing may depend on where a batch ends."""
    monkeypatch.setattr(verifying, "BATCH", request.param)


@pytest.fixture(autouse=True)
def _in_english():
    """The command speaks the terminal's language; these read it in English."""
    with translation.override("en"):
        yield


def first(findings):
    return [(one.county, one.seq) for one in findings[:1]]


def test_a_whole_journal_has_nothing_to_find(journal):
    journal.has(10)
    assert verify() == []
    assert verify(current_heads()) == []


def test_a_journal_without_entries_is_whole(db):
    assert verify() == []


def test_an_older_head_still_belongs_to_a_journal_that_went_on(journal):
    journal.has(4)
    heads = current_heads()
    journal.has(3)
    assert verify(heads) == []


@pytest.mark.parametrize(
    ("statement", "seq"),
    [
        ("UPDATE journal_entry SET body = replace(body, 'desk', 'dusk') WHERE seq = 4", 4),
        ("UPDATE journal_entry SET body = 'x' WHERE seq = 1", 1),
        ("UPDATE journal_entry SET body = body || ' ' WHERE seq = 10", 10),
        ("UPDATE journal_entry SET hash = prev WHERE seq = 4", 4),
        ("UPDATE journal_entry SET prev = hash WHERE seq = 4", 4),
        ("UPDATE journal_entry SET kind = 'issue.ended' WHERE seq = 4", 4),
        ("UPDATE journal_entry SET subject = 'issue:2' WHERE seq = 4", 4),
        ("UPDATE journal_entry SET at = '2023-10-29 00:00:00+00:00' WHERE seq = 4", 4),
        ("UPDATE journal_entry SET county = '430482' WHERE seq = 10", 10),
        ("UPDATE journal_entry SET seq = 12 WHERE seq = 10", 10),
        ("UPDATE journal_entry SET seq = 0 WHERE seq = 1", 0),
        ("DELETE FROM journal_entry WHERE seq = 1", 1),
        ("DELETE FROM journal_entry WHERE seq = 4", 4),
        ("DELETE FROM journal_entry WHERE seq in (4, 5, 6)", 4),
        ("DELETE FROM journal_entry WHERE seq = 10", 10),
        ("DELETE FROM journal_entry WHERE seq > 6", 7),
        ("DELETE FROM journal_entry", 1),
        ("DELETE FROM journal_head", 10),
        ("UPDATE journal_head SET hash = 'x'", 10),
        ("UPDATE journal_head SET seq = 8", 9),
        ("UPDATE journal_head SET seq = 12", 11),
    ],
)
def test_whatever_was_altered_removed_or_cut_is_found_where_it_was(
    journal, tampered, statement, seq
):
    journal.has(10)
    tampered(statement)
    assert (COUNTY, seq) in [(one.county, one.seq) for one in verify()[:2]]
    assert min(one.seq for one in verify() if one.county == COUNTY) == seq


def test_reordered_entries_are_found(journal, tampered):
    journal.has(10)
    tampered(SWAP.format(99, 4), SWAP.format(4, 7), SWAP.format(7, 99))
    assert first(verify()) == [(COUNTY, 4)]


def test_an_inserted_entry_is_found(journal, tampered):
    journal.has(10)
    columns = "county, prev, hash, kind, subject, at, body"
    tampered(
        *(SWAP.format(n + 1, n) for n in range(10, 4, -1)),
        f"INSERT INTO journal_entry ({columns}, seq)"
        f" SELECT {columns}, 5 FROM journal_entry WHERE seq = 4",
    )
    assert first(verify()) == [(COUNTY, 5)]


def test_an_entry_altered_with_its_hash_is_found_by_the_next_one(journal, tampered):
    journal.has(10)
    text = canonical(json.loads(Entry.objects.get(seq=4).body) | {"facts": {"n": 1000}})
    tampered(
        f"UPDATE journal_entry SET body = '{text}', hash = '{digest(text)}' WHERE seq = 4",
    )
    assert first(verify()) == [(COUNTY, 5)]


def test_an_entry_appended_behind_the_heads_back_is_found(journal, tampered):
    journal.has(5)
    body = canonical(json.loads(Entry.objects.get(seq=5).body) | {"seq": 6, "prev": "x"})
    Entry.objects.create(
        county=COUNTY, seq=6, prev="x", hash=digest(body), kind="k", subject="s",
        at=Entry.objects.get(seq=5).at, body=body,
    )  # fmt: skip
    assert first(verify()) == [(COUNTY, 6)]


def test_a_history_computed_anew_is_found_only_by_a_head_that_left_the_machine(journal, tampered):
    journal.has(10)
    heads = current_heads()
    forge(tampered, from_seq=4)
    assert verify() == []
    assert first(verify(heads)) == [(COUNTY, 10)]


def test_a_tail_cut_with_its_head_is_found_only_by_a_head_that_left_the_machine(journal, tampered):
    journal.has(10)
    heads = current_heads()
    seventh = Entry.objects.get(seq=7).hash
    tampered(
        "DELETE FROM journal_entry WHERE seq > 7",
        f"UPDATE journal_head SET seq = 7, hash = '{seventh}'",
    )
    assert verify() == []
    assert first(verify(heads)) == [(COUNTY, 8)]


def test_a_county_that_vanished_is_found_by_a_head_that_left_the_machine(journal, tampered):
    journal.has(3)
    heads = current_heads()
    tampered("DELETE FROM journal_entry", "DELETE FROM journal_head")
    assert verify() == []
    assert first(verify(heads)) == [(COUNTY, 1)]


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE journal_words SET text = '别的话' WHERE digest = '{}'",
        "UPDATE journal_words SET salt = 'x' WHERE digest = '{}'",
        "UPDATE journal_words SET digest = 'x' WHERE digest = '{}'",
        "UPDATE journal_words SET county = '430482' WHERE digest = '{}'",
        "DELETE FROM journal_words WHERE digest = '{}'",
        "UPDATE journal_words SET text = '', salt = '', erased_at = '2023-10-30 02:00:00+00:00'"
        " WHERE digest = '{}'",
        "UPDATE journal_words SET text = 'x', salt = '', erased_at = '2023-10-30 02:00:00+00:00'"
        " WHERE digest = '{}'",
    ],
)
def test_words_altered_gone_or_erased_in_silence_are_found_at_their_entry(
    journal, tampered, statement
):
    journal.has(10)
    named = json.loads(Entry.objects.get(seq=4).body)["words"]["text"]
    tampered(statement.format(named))
    assert first(verify()) == [(COUNTY, 4)]


def test_one_countys_damage_is_not_anothers(journal, tampered):
    journal.has(4)
    with transaction.atomic():
        for _ in range(4):
            record("i.noted", "i:1", county="430482", by=None, at=Entry.objects.first().at)
    tampered("UPDATE journal_entry SET body = 'x' WHERE seq = 2 AND county = '430482'")
    assert {one.county for one in verify()} == {"430482"}


def test_a_walk_over_ruins_ends(journal, tampered, monkeypatch):
    monkeypatch.setattr(verifying, "ENOUGH", 5)
    journal.has(10)
    tampered("UPDATE journal_entry SET body = 'x'")
    assert [one.seq for one in verify()] == [1, 2, 3, 4, 5]


def test_the_command_saves_a_head_and_finds_by_it_what_is_missing(
    journal, tampered, tmp_path, capsys
):
    journal.has(5)
    file = tmp_path / "heads.json"
    assert command(["--save-head", str(file)]) == 0
    head = Head.objects.get()
    assert json.loads(file.read_text()) == {COUNTY: {"seq": 5, "hash": head.hash}}
    assert command(["--head", str(file)]) == 0
    capsys.readouterr()

    forge(tampered, from_seq=2)
    kept = file.read_text()
    assert command(["--head", str(file), "--save-head", str(file)]) == 1
    out = capsys.readouterr().out
    assert f"County {COUNTY}, entry 5" in out
    assert file.read_text() == kept, "a broken chain must not overwrite what proves it"


@pytest.mark.parametrize("text", [None, "x", "[]", '{"430481": {"seq": "1", "hash": "x"}}'])
def test_a_file_that_is_no_head_file_is_wrong_use_in_one_sentence(db, tmp_path, capsys, text):
    file = tmp_path / "heads.json"
    if text is not None:
        file.write_text(text)
    assert command(["--head", str(file)]) == 2
    assert capsys.readouterr().err.strip().count("\n") == 0


def test_a_head_file_is_not_written_in_part(journal, tmp_path, capsys):
    journal.has(1)
    assert command(["--save-head", str(tmp_path / "absent" / "heads.json")]) == 2
    assert "cannot be written" in capsys.readouterr().err


def forge(tampered, *, from_seq: int) -> None:
    """Compute the whole chain anew with one altered fact, as somebody with the database can."""
    statements = []
    prev = NOTHING_BEFORE
    for entry in Entry.objects.order_by("seq"):
        body = json.loads(entry.body) | {"prev": prev}
        if entry.seq == from_seq:
            body["facts"] = {"n": 1000}
        text = canonical(body)
        statements.append(
            f"UPDATE journal_entry SET body = '{text}', prev = '{prev}', hash = '{digest(text)}'"
            f" WHERE seq = {entry.seq}"
        )
        prev = digest(text)
    tampered(*statements, f"UPDATE journal_head SET hash = '{prev}'")
    assert Words.objects.exists()
