"""The roster as a table: one description of its columns, written into exports and read back by the import."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.utils import translation
from import_export import resources, widgets
from import_export.fields import Field

from branches.queries.roster import Member
from branches.rights import Access, Permission
from branches.rules.people import Category, Sex
from branches.rules.roster_columns import BY_KEY
from branches.rules.roster_dates import show
from foundation.encryption import mask_identity, mask_phone


class ChoiceWidget(widgets.CharWidget):
    """A choice by its Chinese word: papers are Chinese whatever the reader's language."""

    def __init__(self, choices: type[Sex | Category]) -> None:
        super().__init__()
        self.choices = choices

    def render(self, value: Any, obj: Any = None, **kwargs: Any) -> str:
        if value in (None, "", Sex.UNKNOWN):
            return ""
        with translation.override("zh-hans"):
            return str(self.choices(value).label)


class CodeWidget(widgets.CharWidget):
    """An entry of a code table by its Chinese name."""

    def render(self, value: Any, obj: Any = None, **kwargs: Any) -> str:
        return value.name if value else ""


def column(key: str, attribute: str = "", widget: Any = None) -> Field:
    return Field(attribute=attribute or f"person__{key}", column_name=BY_KEY[key].heading, widget=widget)


class MemberResource(resources.Resource):
    """`branches.queries.roster.Member` rows, in the order and under the headings of `roster_columns.COLUMNS`.

    Identity numbers are masked for everybody; phones and addresses are clear only where `access` may see phones, and
    only of those who are members there today.
    What is masked is recognised when the file comes back and changes nothing.
    """

    name = column("name")
    sex = column("sex", widget=ChoiceWidget(Sex))
    nation = column("nation", widget=CodeWidget())
    identity_number = column("identity_number")
    birth_date = column("birth_date")
    education = column("education", widget=CodeWidget())
    native_place = column("native_place")
    joined_on = column("joined_on")
    full_on = column("full_on")
    category = column("category", "category", ChoiceWidget(Category))
    branch = column("branch", "branch__name")
    position_title = column("position_title")
    phone = column("phone")
    home_address = column("home_address")

    def __init__(self, access: Access) -> None:
        super().__init__()
        self.access = access

    def dehydrate_identity_number(self, member: Member) -> str:
        return mask_identity(member.person.identity_number or "")

    def dehydrate_birth_date(self, member: Member) -> str:
        return self._day(member.person.birth_date, member.person.birth_date_precision)

    def dehydrate_joined_on(self, member: Member) -> str:
        return self._day(member.person.joined_on, member.person.joined_on_precision)

    def dehydrate_full_on(self, member: Member) -> str:
        return self._day(member.person.full_on, member.person.full_on_precision)

    def dehydrate_phone(self, member: Member) -> str:
        phone = member.person.phone or ""
        return phone if self._sees(member) else mask_phone(phone)

    def dehydrate_home_address(self, member: Member) -> str:
        return member.person.home_address or "" if self._sees(member) else ""

    def _sees(self, member: Member) -> bool:
        return member.present is not None and self.access.may(Permission.SEE_PHONES, member.present)

    @staticmethod
    def _day(value: date | None, precision: str) -> str:
        return show(value, precision)
