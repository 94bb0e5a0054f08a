"""What an act on a membership changes, in sentences for the preview."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta

from django.utils.dateformat import format as format_date
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from branches.models import Appointment, Membership, MemberStatus, Organisation, Person, Post, User
from branches.queries.leaving import groups_left, offices_left, posts_left, statuses_left
from branches.rules.people import Category, has_vote, is_expected, kinds_counting


def words_of(day: date) -> str:
    """A day as a sentence says it."""
    return format_date(day, pgettext("date format", "j M Y"))


def effects_of_leaving(membership: Membership, *, on: date, to: Organisation | None) -> list[str]:
    """What a member leaves behind who is no longer one of the branch from `on`; `to` is the new branch, if inside."""
    branch, name, last = membership.branch.short_name, membership.person.name, words_of(on - timedelta(days=1))
    ended = _held(membership, on, to)
    return [
        _("%(name)s stands on the roster of %(branch)s until %(last)s and leaves it on %(day)s.")
        % {"name": name, "branch": branch, "last": last, "day": words_of(on)},
        _("These end on %(last)s: %(what)s.") % {"last": last, "what": _(", ").join(ended)}
        if ended
        else _("No post, party group or office ends: none was held there."),
        _("From %(day)s on %(name)s is not expected at the meetings of %(branch)s and does not vote there.")
        % {"day": words_of(on), "name": name, "branch": branch},
    ]


def effects_of_joining(
    name: str, branch: str, *, on: date, expected: bool = True, votes: bool, is_asked: bool = False
) -> list[str]:
    """What changes where a member comes to; `branch` is its name as the reader may know it, `is_asked`: it answers."""
    values = {"name": name, "branch": branch, "day": words_of(on)}
    sentences = [_("%(name)s stands on the roster of %(branch)s from %(day)s.") % values]
    if is_asked:
        said = _("Once the other side has accepted, %(name)s stands on the roster of %(branch)s from %(day)s.")
        sentences = [said % values]
    if not expected:
        return [*sentences, _("%(name)s is not expected at meetings while the circumstances last.") % values]
    if votes:
        return [*sentences, _("From then on %(name)s is expected at the meetings of %(branch)s and votes.") % values]
    return [*sentences, _("From then on %(name)s is expected at the meetings of %(branch)s, without a vote.") % values]


def statuses_ending(person: Person, *, on: date, kinds: Iterable[str]) -> list[str]:
    """The circumstances that end because the membership does."""
    labels = [str(row.get_kind_display()) for row in statuses_left(person.pk, on, kinds)]
    return [_("These circumstances end with it: %(what)s.") % {"what": _(", ").join(labels)}] if labels else []


def votes_after_move(person: Person, *, on: date, kinds: frozenset[str]) -> bool:
    """Whether the member votes on `on`, the circumstances that end with the move (`kinds`) left aside."""
    return has_vote(category=person.category_on(on), statuses=_kinds_on(person, on) - kinds)


def effects_of_status(person: Person, *, on: date, begins: str = "", ends: str = "") -> list[str]:
    """What changes for attendance and vote from `on` when one circumstance begins or ends."""
    before = _kinds_on(person, on) - {begins} | ({ends} if ends else set())
    after = (before | ({begins} if begins else set())) - {ends}
    values = {"name": person.name, "day": words_of(on)}
    said = []
    if is_expected(before) and not is_expected(after):
        said.append(_("From %(day)s on %(name)s is not expected at meetings and is listed apart.") % values)
    elif is_expected(after) and not is_expected(before):
        said.append(_("From %(day)s on %(name)s is expected at meetings again.") % values)
    else:
        still = is_expected(after)
        said.append(
            _("Whether %(name)s is expected at meetings does not change: as before, expected.") % values
            if still
            else _("Whether %(name)s is expected at meetings does not change: as before, not expected.") % values
        )
    category = person.category_on(on)
    had, has = (has_vote(category=category, statuses=kinds) for kinds in (before, after))
    if had and not has:
        said.append(_("From %(day)s on %(name)s has no vote.") % values)
    elif has and not had:
        said.append(_("From %(day)s on %(name)s has a vote again.") % values)
    elif category == Category.PROBATIONARY:
        said.append(_("%(name)s is a probationary member and has no vote.") % values)
    return said


def posts_kept(person: Person, *, on: date) -> list[str]:
    """The posts a member holds on `on` who is suspended or loses the vote: they do not end by that."""
    posts = [
        _post_words(row)
        for row in Appointment.objects.active_on(on).filter(person=person).select_related("organisation")
    ]
    text = _("These posts do not end by it; relieve %(name)s of them if so decided: %(what)s.")
    return [text % {"name": person.name, "what": _(", ").join(posts)}] if posts else []


def account_left(person: Person) -> list[str]:
    """A reminder where the member has an account: it does not close by itself."""
    if not User.objects.filter(person=person, is_active=True).exists():
        return []
    return [_("%(name)s has an account here; ask the administrator to end its roles.") % {"name": person.name}]


def _held(membership: Membership, on: date, to: Organisation | None) -> list[str]:
    left = {membership.person_id: (membership, to)}
    return [
        *(_post_words(row) for row in posts_left(left, on)),
        *(row.group.name for row in groups_left(left, on)),
        *(row.office.name for row in offices_left(left, on)),
    ]


def _post_words(row: Appointment) -> str:
    return _("%(post)s of %(organisation)s") % {
        "post": Post(row.post).label,
        "organisation": row.organisation.short_name,
    }


def _kinds_on(person: Person, day: date) -> frozenset[str]:
    rows = MemberStatus.objects.active_on(day).filter(person=person).values_list("kind", "branch_id")
    home = person.memberships.active_on(day).values_list("branch_id", flat=True).first()
    return kinds_counting(rows, home or 0)
