"""What a supervisor asks, and what every answer carries."""

import pytest
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder

from qingdan.interfaces.site import database, health

pytestmark = [pytest.mark.django_db, pytest.mark.db]


@pytest.fixture(autouse=True)
def _forget(monkeypatch):
    monkeypatch.setattr(health, "_up_to_date", False)


def test_it_lives_and_is_ready(client):
    assert client.get("/health/live").json() == {"live": True}
    assert client.get("/health/ready").json() == {"ready": True}


def test_it_is_not_ready_before_its_migrations(client):
    MigrationRecorder(connection).record_unapplied("sessions", "0001_initial")

    answer = client.get("/health/ready")

    assert answer.status_code == 503
    assert answer.json()["why"] == "migrations"


def test_it_is_not_ready_without_its_database(client, monkeypatch):
    def broken(*_):
        raise health.DatabaseError("gone")

    monkeypatch.setattr(health, "migrations_done", broken)

    assert client.get("/health/ready").status_code == 503


def test_data_of_a_newer_version_is_refused_in_one_sentence():
    MigrationRecorder(connection).record_applied("people", "0099_from_the_future")

    with pytest.raises(database.NewerData, match="newer version") as raised:
        database.require_this_version()

    assert raised.value.code == 2
    with pytest.raises(database.NewerData):
        database.migrate()


def test_an_applied_migration_of_a_package_that_we_left_is_no_matter():
    MigrationRecorder(connection).record_applied("some_package", "0001_initial")

    database.require_this_version()


def test_data_of_an_older_version_names_the_command():
    MigrationRecorder(connection).record_unapplied("sessions", "0001_initial")

    with pytest.raises(database.OlderData, match=r"\./qd migrate"):
        database.require_this_version()


def test_every_answer_carries_the_policy_for_scripts_and_pictures(client):
    for path in ("/health/live", "/accounts/login/", "/nowhere/"):
        policy = client.get(path).headers["Content-Security-Policy"]
        assert "default-src 'self'" in policy
        assert "img-src 'self' data:" in policy
        assert "unsafe" not in policy


def test_a_name_that_is_not_ours_is_refused(client):
    assert client.get("/accounts/login/", headers={"host": "evil.example"}).status_code == 400


def test_without_a_sign_in_the_first_page_is_the_sign_in_page(client):
    answer = client.get("/")

    assert (answer.status_code, answer.url) == (302, "/accounts/login/")
