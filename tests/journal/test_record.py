"""Facts are written down in the act's own transaction, and never altered."""

import json
from datetime import UTC, datetime, timedelta

import pytest
from django.db import DatabaseError, connection, transaction

from qingdan.domain.people.rules import Person, system
from qingdan.domain.people.states import Role
from qingdan.foundations.journal.models import NOTHING_BEFORE, Entry, Head, Words
from qingdan.foundations.journal.record import Actor, Note, erase, history, record, record_many
from qingdan.foundations.journal.verify import verify

pytestmark = pytest.mark.db
COUNTY = "430481"
AT = datetime(2023, 10, 30, 1, 0, tzinfo=UTC)


def test_an_entry_names_who_acted_in_which_post_and_for_whom(journal):
    assistant = Person(
        county=COUNTY,
        role=Role.ASSISTANT,
        holder="post:4",
        post_id=5,
        user_id=6,
        unit_code="office",
        behalf_id=4,
    )
    with transaction.atomic():
        entry = record("issue.registered", "issue:1", county=COUNTY, by=assistant, at=AT)
    assert json.loads(entry.body)["actor"] == {
        "by": "person",
        "role": "assistant",
        "post": 5,
        "user": 6,
        "unit": "office",
        "behalf": 4,
        "link": None,
    }


@pytest.mark.parametrize("by", [None, system(COUNTY), Actor(COUNTY, by_system=True)])
def test_what_happens_by_itself_is_the_systems(journal, by):
    with transaction.atomic():
        entry = record("issue.passed", "issue:1", county=COUNTY, by=by, at=AT)
    assert json.loads(entry.body)["actor"]["by"] == "system"


def test_an_entry_says_when_it_happened_beside_when_it_was_recorded(journal):
    earlier = AT - timedelta(hours=2)
    entry = journal.writes(happened_at=earlier)
    told = next(history(COUNTY, "issue:1"))
    assert (told.happened_at, told.at) == (earlier, entry.at)


def test_each_entry_names_the_hash_of_the_one_before_in_its_own_county(journal):
    first, second = journal.writes(), journal.writes()
    assert (first.seq, first.prev) == (1, NOTHING_BEFORE)
    assert (second.seq, second.prev) == (2, first.hash)
    with transaction.atomic():
        elsewhere = record("issue.noted", "issue:1", county="430482", by=None, at=AT)
    assert (elsewhere.seq, elsewhere.prev) == (1, NOTHING_BEFORE)
    assert Head.objects.get(county=COUNTY).hash == second.hash


def test_facts_may_have_the_names_of_our_own_parameters(journal):
    entry = journal.writes(kind="contact", subject="issue:1")
    with transaction.atomic():
        entry = record("issue.contact", "issue:1", county=COUNTY, by=None, at=AT, kind="first")
    assert json.loads(entry.body)["facts"] == {"kind": "first"}
    assert entry.kind == "issue.contact"


def test_names_and_free_text_are_no_part_of_the_chain(journal):
    entry = journal.writes(words={"reason": "王某某 13800000000"}, grade="A")
    assert "王某某" not in entry.body
    assert "13800000000" not in entry.body
    assert [(told.facts, told.words) for told in history(COUNTY, "issue:1")] == [
        ({"grade": "A"}, {"reason": "王某某 13800000000"})
    ]


def test_a_rolled_back_act_leaves_no_entry_and_no_gap(journal):
    journal.writes()
    with transaction.atomic():
        record("issue.noted", "issue:1", county=COUNTY, by=None, at=AT, words={"text": "x"})
        transaction.set_rollback(True)
    assert journal.writes().seq == 2
    assert not Words.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_outside_a_transaction_nothing_is_recorded():
    with pytest.raises(RuntimeError, match="transaction"):
        record("issue.noted", "issue:1", county=COUNTY, by=None, at=AT)
    assert not Entry.objects.exists()


def test_a_float_is_refused_before_anything_is_written(journal):
    with pytest.raises(TypeError), transaction.atomic():
        record("i.noted", "i:1", county=COUNTY, by=None, at=AT, words={"a": "b"}, amount=1.5)
    assert not Words.objects.exists()
    assert not Head.objects.exists()


def test_nobody_writes_into_the_journal_of_another_county(journal):
    with pytest.raises(ValueError, match="430481"), transaction.atomic():
        record("issue.noted", "issue:1", county="430482", by=journal.actor, at=AT)


def test_many_entries_take_the_head_once_and_at_most_two_thousand(journal, counted):
    def notes(number):
        return [Note("i.noted", f"i:{n}", None, AT, words={"t": str(n)}) for n in range(number)]

    with transaction.atomic():
        record_many(notes(500), county=COUNTY)
    with counted() as queries, transaction.atomic():
        entries = record_many(notes(500), county=COUNTY)
    assert len([one for one in queries if "journal_head" in one["sql"]]) == 2
    assert [entry.seq for entry in entries] == list(range(501, 1001))
    assert verify() == []
    with pytest.raises(ValueError, match="2000"), transaction.atomic():
        record_many(notes(2001), county=COUNTY)


def test_an_act_costs_the_journal_three_questions_and_its_words_one_more(journal, counted):
    journal.writes()
    for words, asked in (({}, 3), ({"text": "路窄"}, 4)):
        with transaction.atomic(), counted() as queries:
            record("i.noted", "i:1", county=COUNTY, by=None, at=AT, words=words)
        assert len([one for one in queries if "SAVEPOINT" not in one["sql"]]) == asked


def test_a_history_asks_twice_however_long_it_is(journal, counted):
    journal.has(30)
    with counted() as queries:
        told = list(history(COUNTY, "issue:1"))
    assert len(queries) == 2
    assert [one.words["text"] for one in told] == [f"第{n}句" for n in range(30)]
    assert [one.seq for one in history(COUNTY, "issue:1", after=28)] == [29, 30]
    assert list(history("430482", "issue:1")) == []


ALTER = ["UPDATE journal_entry SET body = '{}'", "UPDATE journal_entry SET seq = seq + 9"]
REMOVE = ["DELETE FROM journal_entry", "DELETE FROM journal_words"]
REWRITE = [
    "UPDATE journal_words SET text = 'x'",
    "UPDATE journal_words SET text = '', salt = '', erased_at = now, digest = 'x'",
    "UPDATE journal_words SET text = '', erased_at = now",
    "UPDATE journal_words SET text = 'x', salt = '', erased_at = now",
]


@pytest.mark.parametrize("statement", ALTER + REMOVE + REWRITE)
def test_the_database_itself_refuses_to_alter_or_remove(journal, statement):
    journal.writes(words={"text": "路窄"})
    refused(statement)
    assert verify() == []


def test_the_database_refuses_to_replace_or_to_empty(journal):
    journal.writes(words={"text": "路窄"})
    if connection.vendor == "postgresql":
        refused("TRUNCATE journal_entry")
        refused("TRUNCATE journal_words")
    else:
        refused("INSERT OR REPLACE INTO journal_entry SELECT * FROM journal_entry")
        refused("INSERT OR REPLACE INTO journal_words SELECT * FROM journal_words")
        columns = "county, seq, prev, hash, kind, subject, at, body"
        refused(
            f"INSERT OR REPLACE INTO journal_entry ({columns}) SELECT {columns} FROM journal_entry"
        )
    assert verify() == []


def refused(statement: str) -> None:
    statement = statement.replace("= now", "= '2023-10-30 09:00:00+08:00'")
    with (
        pytest.raises(DatabaseError, match="append-only"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement)


def test_erased_words_are_gone_with_their_salt_and_the_chain_stays_whole(journal):
    entry = journal.writes(words={"phone": "13800000000", "reason": "路窄"})
    digest = json.loads(entry.body)["words"]["phone"]
    with transaction.atomic():
        assert erase(COUNTY, [digest], by=journal.actor, at=AT) == 1
    with transaction.atomic():
        assert erase(COUNTY, [digest], by=journal.actor, at=AT) == 0
    words = Words.objects.get(digest=digest)
    assert (words.text, words.salt) == ("", "")
    assert next(history(COUNTY, "issue:1")).words == {"phone": None, "reason": "路窄"}
    assert [told.facts["erased"] for told in history(COUNTY, "words")] == [[digest]]
    assert verify() == []
    refused(f"UPDATE journal_words SET text = 'x' WHERE digest = '{digest}'")
