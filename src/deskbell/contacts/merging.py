"""Rows that refer to something that is merged into another: they refer to the other from then on.

Rooms above keep such rows too, and are not known here: Django's registry knows every reference.
"""

from __future__ import annotations

from typing import Any

from django.db import models


def repoint(gone: models.Model, kept: models.Model) -> None:
    """Has every row that refers to `gone` refer to `kept`, of the same model.

    What both are in, as an event with both methods, is left with `kept` once. Needs a scope that
    shows the rows; the caller deletes `gone`.
    """
    for relation in gone._meta.get_fields(include_hidden=True):
        if isinstance(relation, models.ManyToOneRel):
            _repoint(relation.related_model, relation.field, gone, kept)


def _repoint(
    model: type[models.Model], field: models.Field[Any, Any], gone: models.Model, kept: models.Model
) -> None:
    rows = model._base_manager.filter(**{field.name: gone})
    if model._meta.auto_created:  # the pairs of a many-to-many field
        [other] = [each for each in model._meta.fields if each.is_relation and each is not field]
        has_kept = model._base_manager.filter(**{field.name: kept})
        in_both = has_kept.values_list(other.attname, flat=True)
        rows.filter(**{f"{other.attname}__in": list(in_both)}).delete()
    rows.update(**{field.name: kept})
