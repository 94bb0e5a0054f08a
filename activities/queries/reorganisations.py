"""What an act on organisations changes for their duties and records, in sentences for its preview."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from activities.models import Activity, DutyRule
from activities.rules.activities import COUNTING, State
from branches.models import Organisation
from branches.queries.consequences import Act, Change, Consequence, listed, tells
from branches.queries.effects import words_of
from branches.rights import Access


@tells
def duties_and_records(change: Change, access: Access) -> list[Consequence]:
    """Which duties hold afterwards, which open records move or wait, and what stays as it was for the past."""
    if change.act == Act.RENAME:
        return []
    if change.act == Act.FOUND:
        return [_duties_begin(change)]
    if change.act == Act.MOVE:
        return [*_rules_of_the_move(change), *_records_of_the_move(change, access), _past_of_the_move(change)]
    if change.act == Act.SPLIT:
        return [_duties_begin(change), _past(change)]
    return [_duties_end(change), *_records_left(change, access), _past(change)]


def _duties_begin(change: Change) -> Consequence:
    words = _("Duties of %(name)s begin with the first period it stands for from its first day: not before %(day)s.")
    return Consequence(words % {"name": change.target_name, "day": words_of(change.on)})


def _duties_end(change: Change) -> Consequence:
    words = _(
        "Periods that end by %(last)s stay owed by %(names)s; of the period then running nothing is asked any more."
    )
    return Consequence(words % {"names": change.names, "last": words_of(change.last)})


def _past(change: Change) -> Consequence:
    words = _("Statistics, sheets and records of days before %(day)s stay with %(names)s; nothing is counted twice.")
    return Consequence(words % {"names": change.names, "day": words_of(change.on)})


def _past_of_the_move(change: Change) -> Consequence:
    (node,) = change.organisations
    words = _("What was held before %(day)s still counts for %(before)s, what is held from then on for %(after)s.")
    before = node.parent.short_name if node.parent else node.short_name
    return Consequence(words % {"day": words_of(change.on), "before": before, "after": change.target_name})


def _rules_of_the_move(change: Change) -> list[Consequence]:
    """The rules set above, by the names of who set them."""
    (node,) = change.organisations
    assert change.target is not None
    before = _above(node.parent) if node.parent else {}
    after = _above(change.target)
    year = change.on.year
    lost = _set_by(before.keys() - after.keys(), year)
    won = _set_by(after.keys() - before.keys(), year)
    if not lost and not won:
        return [Consequence(_("The duties asked stay the same: no organisation left or joined has set its own."))]
    said = []
    if lost:
        words = _("Periods that end from %(day)s on no longer follow these duty rules: %(rules)s.")
        said.append(Consequence(words % {"day": words_of(change.on), "rules": lost}))
    if won:
        words = _("Periods that end from %(day)s on follow these duty rules: %(rules)s.")
        said.append(Consequence(words % {"day": words_of(change.on), "rules": won}))
    return said


def _above(organisation: Organisation) -> dict[int, Organisation]:
    return {one.pk: one for one in organisation.get_ancestors(include_self=True)}


def _set_by(keys: set[int], year: int) -> str:
    rules = (
        DutyRule.objects.filter(organisation__in=keys, is_void=False, first_year__lte=year)
        .exclude(last_year__lt=year)
        .select_related("organisation")
        .order_by("organisation__lft", "position", "code")
    )
    return listed(
        _("%(name)s (%(organisation)s)") % {"name": rule.label, "organisation": rule.organisation.short_name}
        for rule in rules
        if rule.organisation
    )


def _records_of_the_move(change: Change, access: Access) -> list[Consequence]:
    (node,) = change.organisations
    below = Organisation.objects.under(node).order_by().values("pk")
    waiting = Activity.objects.within(access).filter(organisation__in=below, state=State.SUBMITTED).count()
    said = []
    if waiting:
        words = ngettext(
            "%(number)d record in review is from today reviewed by staff of %(above)s.",
            "%(number)d records in review are from today reviewed by staff of %(above)s.",
            waiting,
        )
        said.append(Consequence(words % {"number": waiting, "above": change.target_name}))
    said.append(Consequence(_("Drafts and returned records stay with their branch and are handed in as before.")))
    return said


def _records_left(change: Change, access: Access) -> list[Consequence]:
    """Who finishes open records once the roles have ended, and records of days on which the branch no longer stands."""
    rows = Activity.objects.within(access).filter(organisation__in=change.organisations)
    words = _("Drafts and returned records of %(names)s can no longer be handed in; have them finished before.")
    if change.act == Act.MERGE:
        words = _("Drafts, returned records, findings and tasks left open by %(names)s are finished by %(target)s.")
    values = {"names": change.names, "target": change.target_name}
    said = [Consequence(words % values, is_warning=change.act == Act.REVOKE)]
    returned = rows.filter(state=State.RETURNED).count()
    if returned:
        words = ngettext(
            "%(number)d record was returned and is not mended yet.",
            "%(number)d records were returned and are not mended yet.",
            returned,
        )
        said.append(Consequence(words % {"number": returned}, is_warning=True))
    later = rows.filter(state__in=COUNTING, held_on__gte=change.on).count()
    if later:
        words = ngettext(
            "%(number)d record is of a day after its last and stays where it is; check the day.",
            "%(number)d records are of days after its last and stay where they are; check the day.",
            later,
        )
        said.append(Consequence(words % {"number": later}, is_warning=True))
    waiting = rows.filter(state=State.SUBMITTED).count()
    if waiting:
        words = ngettext(
            "%(number)d record in review can still be accepted.",
            "%(number)d records in review can still be accepted.",
            waiting,
        )
        said.append(Consequence(words % {"number": waiting}))
    return said
