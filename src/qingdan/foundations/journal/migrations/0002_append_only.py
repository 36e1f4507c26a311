"""Entries are never altered or removed, and words only erased: the database itself sees to it.

A later migration that makes SQLite rebuild one of the two tables loses these triggers with the
old table and has to raise them again; a test looks whether they stand after all migrations.
"""

from typing import Any

from django.db import migrations

SAYS = "the journal is append-only"
ERASED = """
    NEW.text = '' AND NEW.salt = '' AND NEW.erased_at IS NOT NULL AND OLD.erased_at IS NULL
    AND NEW.id = OLD.id AND NEW.county = OLD.county AND NEW.digest = OLD.digest
"""

# INSERT OR REPLACE removes the old row without asking a DELETE trigger, hence the third kind.
SQLITE = {
    "journal_entry_not_altered": f"""
        CREATE TRIGGER journal_entry_not_altered BEFORE UPDATE ON journal_entry
        BEGIN SELECT RAISE(ABORT, '{SAYS}'); END""",
    "journal_entry_not_removed": f"""
        CREATE TRIGGER journal_entry_not_removed BEFORE DELETE ON journal_entry
        BEGIN SELECT RAISE(ABORT, '{SAYS}'); END""",
    "journal_entry_not_replaced": f"""
        CREATE TRIGGER journal_entry_not_replaced BEFORE INSERT ON journal_entry
        WHEN EXISTS (SELECT 1 FROM journal_entry WHERE id = NEW.id)
          OR EXISTS (SELECT 1 FROM journal_entry WHERE county = NEW.county AND seq = NEW.seq)
        BEGIN SELECT RAISE(ABORT, '{SAYS}'); END""",
    "journal_words_only_erased": f"""
        CREATE TRIGGER journal_words_only_erased BEFORE UPDATE ON journal_words
        WHEN NOT ({ERASED})
        BEGIN SELECT RAISE(ABORT, '{SAYS}'); END""",
    "journal_words_not_removed": f"""
        CREATE TRIGGER journal_words_not_removed BEFORE DELETE ON journal_words
        BEGIN SELECT RAISE(ABORT, '{SAYS}'); END""",
    "journal_words_not_replaced": f"""
        CREATE TRIGGER journal_words_not_replaced BEFORE INSERT ON journal_words
        WHEN EXISTS (SELECT 1 FROM journal_words WHERE id = NEW.id)
          OR EXISTS (SELECT 1 FROM journal_words
                     WHERE county = NEW.county AND digest = NEW.digest)
        BEGIN SELECT RAISE(ABORT, '{SAYS}'); END""",
}

POSTGRESQL = {
    "journal_entry_not_altered": """
        CREATE TRIGGER journal_entry_not_altered BEFORE UPDATE OR DELETE ON journal_entry
        FOR EACH ROW EXECUTE FUNCTION journal_append_only()""",
    "journal_entry_not_emptied": """
        CREATE TRIGGER journal_entry_not_emptied BEFORE TRUNCATE ON journal_entry
        FOR EACH STATEMENT EXECUTE FUNCTION journal_append_only()""",
    "journal_words_only_erased": f"""
        CREATE TRIGGER journal_words_only_erased BEFORE UPDATE ON journal_words
        FOR EACH ROW WHEN (NOT ({ERASED})) EXECUTE FUNCTION journal_append_only()""",
    "journal_words_not_removed": """
        CREATE TRIGGER journal_words_not_removed BEFORE DELETE ON journal_words
        FOR EACH ROW EXECUTE FUNCTION journal_append_only()""",
    "journal_words_not_emptied": """
        CREATE TRIGGER journal_words_not_emptied BEFORE TRUNCATE ON journal_words
        FOR EACH STATEMENT EXECUTE FUNCTION journal_append_only()""",
}


def raise_guards(connection: Any) -> None:
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(
                "CREATE OR REPLACE FUNCTION journal_append_only() RETURNS trigger"
                f" LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION '{SAYS}'; END $$"
            )
        for statement in (POSTGRESQL if connection.vendor == "postgresql" else SQLITE).values():
            cursor.execute(statement)


def lower_guards(connection: Any) -> None:
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            for name in POSTGRESQL:
                table = "_".join(name.split("_")[:2])
                cursor.execute(f"DROP TRIGGER IF EXISTS {name} ON {table}")
            cursor.execute("DROP FUNCTION IF EXISTS journal_append_only()")
        else:
            for name in SQLITE:
                cursor.execute(f"DROP TRIGGER IF EXISTS {name}")


def forwards(apps: Any, schema_editor: Any) -> None:
    raise_guards(schema_editor.connection)


def backwards(apps: Any, schema_editor: Any) -> None:
    lower_guards(schema_editor.connection)


class Migration(migrations.Migration):
    dependencies = [("journal", "0001_initial")]
    operations = [migrations.RunPython(forwards, backwards)]
