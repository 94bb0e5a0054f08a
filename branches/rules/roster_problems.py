"""What can be said about a row of a roster (`branches.rules.problems` gathers the words)."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

# These tell of a membership that may lie elsewhere: to others than the uploader, who reached there, the last one stands
# for them.
TOLD_ELSEWHERE = frozenset(
    {"membership_ended", "newer_membership", "membership_ends", "suspended", "transfer_waiting", "held_since"}
)
WITHHELD = "withheld"
REFUSALS: dict[str, str | Promise] = {
    WITHHELD: _("The row does not fit the records; why is told only to whoever uploaded the file."),
    "name_empty": _("The name is empty. Fill it in and upload the file again."),
    "id_length": _("An identity number has 18 characters; here there are %(length)s."),
    "id_old": _("This is an old number of 15 digits. Please enter the one of 18."),
    "id_characters": _("The identity number contains something other than digits, such as the letter O for a zero."),
    "id_birth": _("The date of birth inside the identity number does not exist."),
    "id_checksum": _(
        "The last character of the identity number does not fit the others. Check the original and upload the "
        "file again."
    ),
    "id_precision": _(
        "The identity number was saved as a number, so its last digits are lost. Set the column to “Text” and "
        "enter it again."
    ),
    "id_masked": _(
        "The identity number is masked, and nobody like this is found in the branch. Please enter the whole number."
    ),
    "id_duplicate": _("Same identity number as in row %(row)s; that row counts."),
    "id_duplicate_across": _("Same identity number as in row %(row)s, but in another branch; that row counts."),
    "person_twice": _("The same person as in row %(row)s; that row counts."),
    "sex_mismatch": _(
        "The sex does not fit the identity number. Find out which one is wrong and upload the file again."
    ),
    "date_invalid": _("“%(value)s” is not a date. Please write it like 2019-06-30 or 2019.06."),
    "date_ambiguous": _(
        "“%(value)s” may be a day that Excel keeps as a number, or year and month. Please write it like 2019-06-30."
    ),
    "formula_failed": _(
        "The cell holds a formula without a usable result. Open the file in Excel or WPS, let it calculate, save and "
        "upload it again; or enter the value itself."
    ),
    "category_empty": _("The category is empty. Please enter full or probationary member."),
    "category_unknown": _("“%(value)s” is not a category. Please enter full or probationary member."),
    "not_a_member": _("“%(value)s” is not a party member and does not belong on the roster."),
    "joined_empty": _("The date of joining the Party is empty. Please fill it in."),
    "branch_empty": _("The branch is empty. Please enter the branch’s name."),
    "branch_unknown": _(
        "There is no branch “%(value)s” under this organisation. Write its full or short name, or found it first."
    ),
    "branch_contradicts": _(
        "The title names the branch “%(title)s”, the sheet is called “%(sheet)s”. Make both say the same, or add a "
        "column with the branch."
    ),
    "branch_ambiguous": _("Several branches are called “%(value)s”. Please write the full name."),
    "elsewhere": _("This member belongs to another party organisation. Arrange the transfer first."),
    "membership_ended": _(
        "According to the records this person’s membership ended for good on %(day)s. Please find out first."
    ),
    "newer_membership": _(
        "According to the records the member came to the present branch on %(day)s, not before the day this "
        "roster is true of."
    ),
    "membership_ends": _(
        "According to the records the membership in the present branch ends on %(day)s. Please find out first."
    ),
    "branch_ended": _("This branch ends on %(day)s. Write the branch to which its members belong now."),
    "suspended": _("The membership is suspended; it is transferred only after it is restored."),
    "transfer_waiting": _("A transfer of this member waits for an answer. Have it answered or revoked first."),
    "held_since": _(
        "In the present branch the member has held a post, party group or office since %(day)s, not before the day "
        "this roster is true of."
    ),
    "several_people": _("Several members of the branch fit this row: %(candidates)s. Choose whom it is about."),
    "person_has_number": _(
        "A member of the same name, birth and date of joining has another identity number. Find out which one is right."
    ),
}
WARNINGS: dict[str, str | Promise] = {
    "name_note": _("“%(value)s”: the remark behind the name is left out."),
    "name_unusual": _("“%(value)s” is an unusual name; please check it."),
    "formula_left_out": _("The cell holds a formula without a usable result; nothing is taken from it."),
    "standing_left_out": _("“%(value)s” is not taken from the file. Record it on the member’s page."),
    "row_hidden": _("The row is hidden in the file; it is read like the others."),
    "column_hidden": _("The column is hidden in the file; it is read like the others."),
    "category_guessed": _("“%(value)s” does not say full or probationary; taken as a full member."),
    "category_from_date": _("The category is empty; taken from the date of becoming a full member."),
    "category_contradicts": _("The category does not fit the date of becoming a full member; that date counts."),
    "date_two_digit_year": _("“%(value)s” has two digits for the year; taken as %(read)s."),
    "date_serial": _("“%(value)s” is a number that Excel shows as a date; taken as %(read)s."),
    "date_month_ambiguous": _("“%(value)s” may be January or October; only the year %(read)s is kept."),
    "date_future": _("%(read)s lies after the day this roster is true of."),
    "date_differs": _("The column “%(heading)s” says %(read)s; the date of this column counts."),
    "remark_contradicts": _("The remark says “%(value)s”; please check whether the row is right."),
    "date_less_exact": _("The date on record is more exact and is kept."),
    "birth_mismatch": _("The date of birth does not fit the identity number; the number’s is taken."),
    "full_too_early": _("Less than a year lies between joining and becoming a full member."),
    "joined_too_young": _("The member joined before the age of 18."),
    "probation_long": _("Probationary for more than a year; has the member become a full one?"),
    "sex_unknown": _("“%(value)s” is not a sex; the cell is left out."),
    "nation_unknown": _("The nation “%(value)s” is not in the table; the cell is left out."),
    "education_unknown": _("The level of education “%(value)s” is not in the table; the cell is left out."),
    "phone_invalid": _("This is not a telephone number; the cell is left out."),
    "too_long": _("The text is longer than %(limit)s characters; the cell is left out."),
    "name_differs": _("This identity number is on record under another name; the name is changed. Check the number."),
    "category_back": _("A full member on record becomes a probationary one; please check it."),
    "same_name": _("The branch has a member of this name already; added as another person."),
    "no_number": _("Without an identity number: the person will be marked so."),
    "began_later": _(
        "According to the records the member came to this branch on %(day)s only, after the day this roster is true "
        "of; that day stays."
    ),
    "number_added": _("On record without an identity number so far; the number is added."),
}
# These say what is written; of a row that is refused they would not be true.
TELLS_WHAT_IS_DONE = frozenset({"same_name", "no_number", "number_added"})
# How a cell was read, or what is kept as it is: nothing to look at where the row changes nothing.
NOTHING_TO_SEE = frozenset(
    {
        "name_note",
        "row_hidden",
        "column_hidden",
        "category_guessed",
        "category_from_date",
        "date_two_digit_year",
        "date_serial",
        "date_month_ambiguous",
        "date_less_exact",
    }
)
