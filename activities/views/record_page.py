"""What the form's templates are given."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.utils.dateformat import format as format_date
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from activities.forms.activities import BasicsForm
from activities.forms.record import RecordForm
from activities.models import Activity, ActivityKind, Attachment
from activities.queries.activities import counts_towards
from activities.queries.attachments import attachments_of
from activities.queries.content import content_of, facts_for
from activities.rules.activities import Presence, VoteRule
from activities.rules.appraisals import excellent_in
from activities.rules.attendances import Tally
from activities.rules.checks import check, stops
from activities.rules.content import Content, differing
from activities.rules.gaps import Gap
from activities.rules.quorum import Verdict, has_quorum, verdict
from activities.rules.wording import LABELS, people_in, words_of
from branches.models import Organisation, Person
from branches.rights import AccessRequest, Permission
from foundation.clock import business_date


def page_context(
    request: AccessRequest,
    form: RecordForm,
    content: Content,
    *,
    activity: Activity | None = None,
    entry_key: UUID | None = None,
) -> dict[str, Any]:
    organisation = form.organisation
    facts = facts_for(organisation, content, form.kinds, form.sheet, today=business_date(), activity=activity)
    gaps = check(content, facts)
    return {
        "organisation": organisation,
        "activity": activity,
        "record": form,
        "entry_key": entry_key,
        "version": activity.version if activity else "",
        "counting": counts_towards(organisation, form.kinds, form.day),
        "tally": facts.tally,
        "gaps": gaps,
        "excellent": excellent_in(content.appraisal, len(facts.appraised)),
        "stops": len(stops(gaps)),
        "signs": _signs(content, gaps, facts.tally),
        "may_vote": has_quorum(VoteRule.DECISION, voters=facts.tally.voters, present=facts.tally.voters_present),
        "verdicts": verdicts_of(content, facts.tally),
        "attachments": attachments_of(activity) if activity else [],
        "categories": Attachment.Category,
        "presences": [Presence.PRESENT, Presence.LEAVE, Presence.ABSENT, Presence.UNRECORDED],
        "blocks": {block for kind in form.kinds for block in kind.blocks},
        "is_annual": any(kind.is_annual for kind in form.kinds),
        "bodies": {kind.body for kind in form.kinds},
        "reasons": [_("business trip"), _("sick leave"), _("personal matters"), _("annual leave")],
        "may_submit": request.access.may(Permission.SUBMIT, organisation),
        "today": business_date(),
    }


def told_gaps(told: str, form: RecordForm, gaps: list[Gap]) -> list[tuple[str, str]]:
    """(text, anchor) of the summary on top of the form.

    `told`: "errors" for what could not be understood, "check" also for what keeps the record from being handed in.
    """
    told_of = list(form.errors())
    if told == "check":
        told_of += [(gap.text, gap.anchor) for gap in stops(gaps)]
    return list(dict.fromkeys(told_of))


def verdicts_of(content: Content, tally: Tally) -> list[Verdict | None]:
    """The result of every agenda item, None where it was not voted on."""
    return [
        verdict(
            item.vote_rule,
            votes_for=item.votes_for,
            votes_against=item.votes_against,
            abstentions=item.abstentions,
            voters=tally.voters,
            present=tally.voters_present,
        )
        for item in content.agenda
    ]


def conflict_context(activity: Activity, form: RecordForm, text: str) -> dict[str, Any]:
    """The fields in which the stored record and the typed one differ, both in words."""
    theirs, mine = content_of(activity), form.content()
    spoken_of = Person.objects.filter(pk__in=people_in(theirs) | people_in(mine)).values_list("pk", "name")
    names = dict(form.sheet.candidates) | {seat.person_id: seat.name for seat in form.sheet.all_seats} | dict(spoken_of)
    rows = [
        (_field_label(name), _in_words(theirs, name, names), _in_words(mine, name, names))
        for name in differing(theirs, mine)
    ]
    return {"conflict": text, "differences": rows}


def _signs(content: Content, gaps: list[Gap], tally: Tally) -> list[str]:
    """What is in order: said so that the writer need not look again."""
    wrong = {gap.anchor for gap in gaps}
    signs = []
    if not wrong & {"id_held_on", "id_starts_at", "id_ends_at", "id_place", "id_chair", "id_recorder"}:
        signs.append(_("Time, place, chair and recorder are complete"))
    if any(item.is_first_item and not item.is_blank for item in content.agenda):
        signs.append(_("The first agenda item is stated"))
    if tally.expected and tally.is_complete and not any(anchor.startswith("reason-") for anchor in wrong):
        signs.append(_("Everybody expected is recorded"))
    return signs


def _field_label(name: str) -> str:
    others = {
        "marks": pgettext("of a record", "Attendance"),
        "guests": _("Non-member attendees"),
        "agenda": _("Agenda and resolutions"),
        "lectures": _("Party lecture"),
        **{field: str(label) for field, label in LABELS.items()},
    }
    return others.get(name) or str(BasicsForm.base_fields[name.removesuffix("_id")].label)


def _in_words(content: Content, name: str, names: dict[int, str]) -> str:
    value = getattr(content, name)
    if name in LABELS:
        return words_of(content, name, names)
    if name == "taking_part":
        branches = Organisation.objects.filter(pk__in=value).order_by("tree_id", "lft")
        return _(", ").join(branch.short_name for branch in branches)
    if name == "kinds":
        return _(", ").join(kind.label for kind in ActivityKind.objects.filter(code__in=value))
    if name == "marks":
        recorded = [mark for mark in value if mark.presence in (Presence.LEAVE, Presence.ABSENT)]
        present = sum(mark.presence == Presence.PRESENT for mark in value)
        words = [
            f"{names.get(mark.person_id, '')} {Presence(mark.presence).label} {mark.reason}".strip()
            for mark in recorded
        ]
        return "；".join([_("%(count)s present") % {"count": present}, *words])
    if name in ("chair_id", "recorder_id"):
        return names.get(value) or str(Person.objects.filter(pk=value).first() or "")
    if name == "agenda":
        return "；".join(f"{item.title} {item.minutes} {item.resolution}".strip() for item in value)
    if name == "lectures":
        return "；".join(entry.topic for entry in value)
    if name == "guests":
        return "；".join(f"{guest.name} {guest.title}".strip() for guest in value)
    if name == "held_on" and value:
        return format_date(value, pgettext("date format", "j M Y"))
    return f"{value:%H:%M}" if name.endswith("_at") and value else str(value or "")
