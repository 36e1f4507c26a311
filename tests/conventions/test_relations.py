"""Foreign keys between rooms point down, and leave no name behind in the lower room."""

from django.apps import apps
from django.db import models
from django.db.models.fields.related import RelatedField

ORDER = ["kernel", "journal", "people", "enterprises", "ledger", "visits", "groups", "evaluation"]
"""Our rooms with tables, from the ground up."""


def test_keys_between_rooms_point_down_and_are_not_seen_from_below() -> None:
    for model in apps.get_models():
        room = model._meta.app_label
        if room not in ORDER:
            continue
        for field in model._meta.get_fields():
            if not isinstance(field, RelatedField) or not isinstance(field, models.ForeignKey):
                continue
            target = field.related_model._meta.app_label
            if target == room or target not in ORDER:
                continue
            where = f"{model.__name__}.{field.name}"
            assert ORDER.index(target) < ORDER.index(room), where
            assert field.remote_field.related_name == "+", where


def test_every_row_of_the_domain_carries_its_county() -> None:
    without = {"County", "User"}
    for model in apps.get_models():
        room = model._meta.app_label
        if room in ORDER[2:] and model.__name__ not in without and model._meta.managed:
            names = {f.name for f in model._meta.get_fields()}
            assert "county" in names, model.__name__


def test_county_leads_every_unique_key_of_the_domain() -> None:
    for model in apps.get_models():
        if model._meta.app_label not in ORDER[2:]:
            continue
        for constraint in model._meta.constraints:
            if not isinstance(constraint, models.UniqueConstraint):
                continue
            first = constraint.fields[0] if constraint.fields else constraint.expressions[0].name
            assert first == "county", constraint.name


def test_no_migration_imports_our_code() -> None:
    from pathlib import Path

    import qingdan

    for path in Path(qingdan.__file__).parent.rglob("migrations/0*.py"):
        text = path.read_text(encoding="utf-8")
        assert "import qingdan" not in text, path
        assert "from qingdan" not in text, path
