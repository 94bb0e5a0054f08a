"""What founding, renaming, moving, merging, splitting and revoking change, in sentences for the preview.

Names and numbers are of what the reader reaches. What apps above keep about branches they tell themselves, by
`consequences.tells`.
"""

from __future__ import annotations

from datetime import date

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from branches.models import (
    Appointment,
    Membership,
    OfficeAssignment,
    Organisation,
    PartyGroup,
    RoleAssignment,
)
from branches.models.dated import DatedQuerySet
from branches.queries.consequences import TELLERS, Act, Change, Consequence, listed
from branches.queries.effects import words_of
from branches.queries.sizes import size_of, size_on
from branches.rights import Access, Permission
from branches.rules.sizes import Size, size_hints


def consequences(change: Change, access: Access) -> list[Consequence]:
    """What the change does, in the order of people, posts, rights, duties and records, numbers, the past."""
    own = {
        Act.FOUND: _founding,
        Act.RENAME: _renaming,
        Act.MOVE: _moving,
        Act.MERGE: _merging,
        Act.SPLIT: _splitting,
        Act.REVOKE: _revoking,
    }[change.act]
    return [*own(change, access), *(said for teller in TELLERS for said in teller(change, access))]


def founding_hints(size: Size) -> list[Consequence]:
    text = _("%(name)s (%(more)s)")
    return [Consequence(text % {"name": hint.label, "more": hint.source}, is_warning=True) for hint in size_hints(size)]


def _founding(change: Change, access: Access) -> list[Consequence]:
    (above,) = change.organisations
    return [
        *_say(
            _("%(name)s stands under %(above)s from %(day)s on."),
            _("Nobody becomes its member and nobody gets a post by this: members come by split, transfer or roster."),
            name=change.target_name,
            above=above.short_name,
            day=words_of(change.on),
        ),
        *_reached(_chain(above), access, _("Who holds a role above sees it from today: %(names)s.")),
    ]


def _renaming(change: Change, _access: Access) -> list[Consequence]:
    (node,) = change.organisations
    return _say(
        _("From %(day)s on it is called %(new)s; lists and papers of days before keep the name %(old)s."),
        _("Members, posts, duties and rights stay as they are."),
        day=words_of(change.on),
        new=change.target_name,
        old=node.short_name,
    )


def _moving(change: Change, access: Access) -> list[Consequence]:
    (node,) = change.organisations
    assert change.target is not None
    size = size_on(node, change.on)
    below = Organisation.objects.under(node).existing_on(change.on).exclude(pk=node.pk).count()
    left, joined = _chain(node.parent), _chain(change.target)
    said = _say(
        _("%(name)s stands under %(above)s from %(day)s on, until %(last)s under %(before)s."),
        name=node.short_name,
        above=change.target.short_name,
        before=node.parent.short_name if node.parent else _("no organisation above"),
        day=words_of(change.on),
        last=words_of(change.last),
    )
    if below:
        words = ngettext("%(number)d organisation below goes along.", "%(number)d organisations below go along.", below)
        said.append(Consequence(words % {"number": below}))
    words = ngettext(
        "%(number)d member goes along and stays in the same branch; posts, groups and offices stay.",
        "%(number)d members go along and stay in their branches; posts, groups and offices stay.",
        size.members,
    )
    return [
        *said,
        Consequence(words % {"number": size.members}),
        *_reached(left - joined, access, _("No longer see it from today: %(names)s."), is_warning=True),
        *_reached(joined - left, access, _("See it from today: %(names)s.")),
    ]


def _merging(change: Change, access: Access) -> list[Consequence]:
    merged = list(change.organisations)
    members = Membership.objects.active_on(change.on).filter(branch__in=merged)
    said = [
        *_coming(change, _names_of(members)),
        *_posts(Appointment.objects.filter(organisation__in=merged), change.on),
        *_groups(PartyGroup.objects.active_on(change.on).filter(branch__in=merged)),
        *_offices(OfficeAssignment.objects.active_on(change.on).filter(branch__in=merged), change),
        *_roles_ending(merged, access, change.on),
        *_say(
            _("Last day of %(names)s: %(last)s. It stays readable with all its records."),
            names=change.names,
            last=words_of(change.last),
        ),
    ]
    target = change.target or Organisation(kind=Organisation.Kind.BRANCH, short_name=change.target_name)
    branches = [*merged, *([change.target] if change.target else [])]
    size = size_of(
        target,
        Membership.objects.filter(branch__in=branches),
        change.on,
        branches=branches,
        has_committee=None if change.target else False,
    )
    return [*said, *_sized(change.target_name, size)]


def _splitting(change: Change, access: Access) -> list[Consequence]:
    (branch,) = change.organisations
    members = Membership.objects.filter(branch=branch)
    going = members.filter(person__in=change.people)
    posts = Appointment.objects.filter(organisation=branch, person__in=change.people)
    new = Organisation(kind=Organisation.Kind.BRANCH, short_name=change.target_name)
    return [
        *_coming(change, _names_of(going.active_on(change.on))),
        *_posts(posts, change.on),
        *_going_whole(change),
        *_reached(_chain(branch.parent), access, _("Who holds a role above sees it from today: %(names)s.")),
        *_say(_("Roles given at %(name)s do not reach the new branch; give roles there."), name=branch.short_name),
        *_sized(change.target_name, size_of(new, going, change.on, branches=[], has_committee=False)),
        *_sized(
            branch.short_name,
            size_of(branch, members.exclude(person__in=change.people), change.on, branches=[branch]),
        ),
    ]


def _revoking(change: Change, access: Access) -> list[Consequence]:
    (node,) = change.organisations
    return [
        *_say(
            _("Last day of %(names)s: %(last)s. It stays readable with all its records."),
            names=node.short_name,
            last=words_of(change.last),
        ),
        *_posts(Appointment.objects.filter(organisation=node), change.on),
        *_groups(PartyGroup.objects.active_on(change.on).filter(branch=node)),
        *_roles_ending([node], access, change.on),
    ]


def _coming(change: Change, names: list[str]) -> list[Consequence]:
    words = ngettext(
        "%(number)d member becomes a member of %(target)s on %(day)s: %(names)s.",
        "%(number)d members become members of %(target)s on %(day)s: %(names)s.",
        len(names),
    )
    values = {
        "number": len(names),
        "target": change.target_name,
        "day": words_of(change.on),
        "names": listed(names),
    }
    none = _("No member changes branch: none belongs to %(names)s.") % {"names": change.names}
    return [Consequence(words % values if names else none)]


def _names_of(memberships: QuerySet[Membership]) -> list[str]:
    rows = memberships.filter(person__is_void=False, person__merged_into__isnull=True)
    return list(rows.order_by("branch__lft", "person__name", "person_id").values_list("person__name", flat=True))


def _posts(rows: DatedQuerySet, on: date) -> list[Consequence]:
    found = (
        rows.active_between(on, date.max).select_related("person", "organisation").order_by("organisation__lft", "pk")
    )
    names = [
        _("%(name)s (%(post)s, %(organisation)s)")
        % {"name": row.person.name, "post": row.get_post_display(), "organisation": row.organisation.short_name}
        for row in found
    ]
    if not names:
        return [Consequence(_("No post ends."))]
    words = ngettext("%(number)d post ends: %(names)s.", "%(number)d posts end: %(names)s.", len(names))
    return [Consequence(words % {"number": len(names), "names": listed(names)})]


def _groups(rows: QuerySet[PartyGroup]) -> list[Consequence]:
    names = [
        _("%(name)s (%(organisation)s)") % {"name": row.name, "organisation": row.branch.short_name}
        for row in rows.select_related("branch")
    ]
    if not names:
        return []
    return _say(_("Party groups that end: %(names)s. Form groups anew where they are wanted."), names=listed(names))


def _going_whole(change: Change) -> list[Consequence]:
    values = {"target": change.target_name, "offices": listed(change.offices), "groups": listed(change.groups)}
    sentences = (
        (change.offices, _("Offices that go over to %(target)s: %(offices)s.")),
        (change.groups, _("Party groups that go over to %(target)s whole: %(groups)s.")),
    )
    return [said for chosen, words in sentences if chosen for said in _say(words, **values)]


def _offices(rows: QuerySet[OfficeAssignment], change: Change) -> list[Consequence]:
    names = list(rows.order_by("office__position", "office__name").values_list("office__name", flat=True))
    if not names:
        return []
    return _say(_("Offices that go over to %(target)s: %(offices)s."), target=change.target_name, offices=listed(names))


def _roles_ending(organisations: list[Organisation], access: Access, on: date) -> list[Consequence]:
    rows = RoleAssignment.objects.active_between(on, date.max).filter(organisation__in=organisations)
    names = _role_names(rows, access)
    if not names:
        return []
    return [
        Consequence(
            _("Roles that end: %(names)s. Accounts without another role see nothing any more.")
            % {"names": listed(names)},
            is_warning=True,
        )
    ]


def _reached(keys: set[int], access: Access, words: str, *, is_warning: bool = False) -> list[Consequence]:
    names = _role_names(RoleAssignment.objects.active_on(access.day).filter(organisation__in=keys), access)
    return [Consequence(words % {"names": listed(names)}, is_warning)] if names else []


def _role_names(rows: QuerySet[RoleAssignment], access: Access) -> list[str]:
    found = (
        rows.filter(access.reach(Permission.VIEW, "organisation__"), user__is_active=True)
        .select_related("user", "organisation")
        .order_by("organisation__tree_id", "organisation__lft", "user__name", "pk")
    )
    return [
        _("%(name)s (%(post)s, %(organisation)s)")
        % {"name": row.user.name, "post": row.get_role_display(), "organisation": row.organisation.short_name}
        for row in found
    ]


def _chain(organisation: Organisation | None) -> set[int]:
    """The keys of an organisation and what stands above it: the places whose roles reach it."""
    if organisation is None:
        return set()
    return set(organisation.get_ancestors(include_self=True).order_by().values_list("pk", flat=True))


def _sized(name: str, size: Size) -> list[Consequence]:
    words = ngettext(
        "%(name)s then has %(number)d member, %(full)d of them full.",
        "%(name)s then has %(number)d members, %(full)d of them full.",
        size.members,
    )
    values = {"name": name, "number": size.members, "full": size.full_members}
    return [Consequence(words % values), *founding_hints(size)]


def _say(*sentences: str, **values: str) -> list[Consequence]:
    return [Consequence(sentence % values) for sentence in sentences]
