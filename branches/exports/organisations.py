"""Organisations as a table: one description of its columns, written into exports and read back by the import."""

from __future__ import annotations

from typing import Any

from import_export import resources
from import_export.fields import Field

from branches.exports.cells import DayWidget, KindWidget, TextWidget, YesNoWidget
from branches.rules.organisation_columns import BY_KEY


def column(key: str, widget: Any = None) -> Field:
    attribute = key if key == "parent" else f"organisation__{key}"
    return Field(attribute=attribute, column_name=BY_KEY[key].heading, widget=widget or TextWidget())


class OrganisationResource(resources.Resource):
    """`branches.queries.exports.OrganisationLine` rows, under the headings of `organisation_columns.COLUMNS`."""

    code = column("code")
    name = column("name")
    short_name = column("short_name")
    kind = column("kind", KindWidget())
    parent = column("parent")
    founded_on = column("founded_on", DayWidget())
    founding_document = column("founding_document")
    is_joint = column("is_joint", YesNoWidget())
    is_temporary = column("is_temporary", YesNoWidget())
    is_retired = column("is_retired", YesNoWidget())
    ended_on = column("ended_on", DayWidget())
    ending_document = column("ending_document")
