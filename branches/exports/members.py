"""The roster as a table: one description of its columns, written into exports and read back by the import."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from import_export import resources
from import_export.fields import Field

from branches.exports.cells import ChoiceWidget, CodeWidget, TextWidget
from branches.queries.roster import Member
from branches.rights import Access, Permission
from branches.rules.people import Category, Sex
from branches.rules.roster_cells import branch_key
from branches.rules.roster_columns import BY_KEY
from branches.rules.roster_dates import show
from branches.rules.table_rows import with_code
from foundation.encryption import mask_identity, mask_phone


def column(key: str, attribute: str = "", widget: Any = None) -> Field:
    return Field(
        attribute=attribute or f"person__{key}", column_name=BY_KEY[key].heading, widget=widget or TextWidget()
    )


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

    def __init__(self, access: Access, called_alike: Collection[str] = ()) -> None:
        """
        Args:
            access: of who takes the roster out.
            called_alike: names several branches bear; those are written with their code.
        """
        super().__init__()
        self.access = access
        self.called_alike = called_alike

    def dehydrate_identity_number(self, member: Member) -> str:
        return mask_identity(member.person.identity_number or "")

    def dehydrate_birth_date(self, member: Member) -> str:
        return show(member.person.birth_date, member.person.birth_date_precision)

    def dehydrate_joined_on(self, member: Member) -> str:
        return show(member.person.joined_on, member.person.joined_on_precision)

    def dehydrate_full_on(self, member: Member) -> str:
        return show(member.person.full_on, member.person.full_on_precision)

    def dehydrate_branch(self, member: Member) -> str:
        branch = member.branch
        return with_code(branch.name, branch.code) if branch_key(branch.name) in self.called_alike else branch.name

    def dehydrate_phone(self, member: Member) -> str:
        phone = member.person.phone or ""
        return phone if self._sees(member) else mask_phone(phone)

    def dehydrate_home_address(self, member: Member) -> str:
        return member.person.home_address or "" if self._sees(member) else ""

    def _sees(self, member: Member) -> bool:
        return member.present is not None and self.access.may(Permission.SEE_PHONES, member.present)
