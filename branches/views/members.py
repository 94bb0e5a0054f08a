"""Entering a member by hand, and changing what is on record about one."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.dateformat import format as format_date
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from branches.actions.members import CORRECTIONS, change_details, enter_member
from branches.actions.people import organisation_lock, person_lock
from branches.forms.members import DetailsForm, EnterForm
from branches.models import Organisation, Person
from branches.queries.members import branches_to_enter_at, namesakes_in, office_of, offices_to_choose
from branches.queries.people import MemberPage, member_page
from branches.rights import AccessRequest, Permission, organisation_or_404
from branches.rules import roster_cells
from branches.rules.members import Entry
from branches.rules.people import Precision, Sex, date_words, known_part
from branches.views.two_steps import Effect, Page, two_steps
from foundation.clock import business_date
from foundation.encryption import mask_identity, mask_phone
from foundation.messages import done
from foundation.rules.numbers import small_integer

_DAYS = ("birth_date", "joined_on", "full_on")


def new(request: AccessRequest, code: str) -> HttpResponse:
    """A member newly admitted, or missing from the roster so far."""
    organisation = organisation_or_404(request, code, Permission.MANAGE_PEOPLE)
    today = business_date()
    branches = None if organisation.is_branch else branches_to_enter_at(organisation, request.access)
    if branches is None and not organisation.existed_on(today):
        raise Http404
    branch = organisation if branches is None else branches.filter(pk=small_integer(_posted(request, "branch"))).first()
    name = roster_cells.name(_posted(request, "name"))[:60]
    form = EnterForm(
        request.POST or None,
        branches=branches,
        groups=branch.groups.active_on(today) if branch else None,
        namesakes=namesakes_in(branch, name, today) if branch and name else [],
        today=today,
    )

    def act() -> Person:
        assert branch is not None
        return enter_member(branch=branch, by=request.user, access=request.access, **form.values)

    def finish(person: Person) -> HttpResponse:
        done(request, _("%(name)s is on the roster of %(branch)s.") % {"name": person.name, "branch": branch})
        return redirect("branches:person", person.pk)

    back = reverse("branches:roster", args=[organisation.code])
    page = Page(
        title=_("Add a member to %(name)s") % {"name": organisation.short_name},
        verb=_("Add the member"),
        back=back,
        crumb=(_("Roster"), back),
        template="branches/member_form.html",
    )
    return two_steps(
        request,
        form,
        page=page,
        act=act,
        effects=lambda: _effects_of_entry(form.values, branch),
        finish=finish,
        lock=organisation_lock(branch or organisation),
    )


def change(request: AccessRequest, pk: int) -> HttpResponse:
    """Contact data, position, education, office and party group."""
    page = managed_or_404(request, pk)
    member, person = page.member, page.person
    assert member is not None
    branch, today = member.branch, business_date()
    form = DetailsForm(
        request.POST or None,
        present=_present(request, page),
        offices=offices_to_choose(branch, today),
        groups=branch.groups.active_on(today),
        today=today,
        initial={"version": person.version},
    )

    def act() -> Person:
        values = dict(form.cleaned_data)
        rest = {key: values.pop(key) for key in ("version", "on", "office", "group", "reason")}
        return change_details(person=person, branch=branch, details=values, by=request.user, **rest)

    def finish(changed: Person) -> HttpResponse:
        done(request, _("%(name)s: what is on record was changed.") % {"name": changed.name})
        return redirect("branches:person", pk)

    shown = page_of(person, _("Change details of %(name)s"), _("Change the details"))
    return two_steps(
        request,
        form,
        page=replace(shown, template="branches/member_details.html"),
        act=act,
        effects=lambda: _effects_of_change(form, page),
        finish=finish,
        lock=person_lock(person),
    )


def managed_or_404(request: AccessRequest, pk: int) -> MemberPage:
    """The page of a present member whose branch the user keeps; it becomes the request's organisation.

    Raises:
        Http404: nobody like this, a former member, or out of reach.
    """
    page = member_page(request.access, pk, business_date())
    if page is None or page.member is None or not request.access.may(Permission.MANAGE_PEOPLE, page.member.branch):
        raise Http404
    request.organisation = page.branch
    return page


def page_of(person: Person, title: str, verb: str, *, is_final: bool = False) -> Page:
    """An act on one member, opened from the member's page."""
    back = reverse("branches:person", args=[person.pk])
    return Page(title=title % {"name": person.name}, verb=verb, back=back, crumb=(person.name, back), is_final=is_final)


def words_of_day(day: Any) -> str:
    return format_date(day, pgettext("date format", "j M Y"))


def _posted(request: AccessRequest, name: str) -> str:
    return str(request.POST.get(name, ""))


def _effects_of_entry(values: dict[str, Any], branch: Organisation | None) -> list[Effect]:
    facts, day = values["facts"], words_of_day(values["on"])
    words = {"name": facts["name"], "branch": branch, "day": day, "number": mask_identity(facts["identity_number"])}
    if values["entry"] == Entry.ADMITTED:
        text = _("%(name)s (%(number)s) is a probationary member of %(branch)s from %(day)s on.")
        effects = [Effect(text % words), Effect(_("The probation of one year begins on %(day)s.") % words)]
    else:
        text = _("%(name)s (%(number)s) is entered as a member of %(branch)s from %(day)s on.")
        effects = [Effect(text % words)]
    effects.append(Effect(_("From this day on the member is expected at the meetings of the branch.")))
    if values["group"]:
        effects.append(Effect(_("Party group: %(group)s.") % {"group": values["group"]}))
    if values["is_another"]:
        effects.append(Effect(_("The branch then has several members of this name."), is_warning=True))
    if branch is not None and branch.is_temporary and values["entry"] == Entry.ADMITTED:
        text = _("Temporary branches as a rule admit nobody (Regulations on the Work of Branches, article 8).")
        effects.append(Effect(text, is_warning=True))
    return effects


def _present(request: AccessRequest, page: MemberPage) -> dict[str, str]:
    """What is on record, as the user may read it."""
    person, member = page.person, page.member
    assert member is not None
    in_clear = request.access.may(Permission.SEE_PHONES, member.branch)
    return {
        "phone": (person.phone if in_clear else mask_phone(person.phone)) if person.phone else "",
        "home_address": _("filled in, not shown") if person.home_address else "",
        "position_title": person.position_title,
        "education": person.education.label if person.education else "",
        "name": person.name,
        "sex": person.get_sex_display(),
        "nation": person.nation.label if person.nation else "",
        "native_place": person.native_place,
        **{name: _known(person, name) for name in _DAYS},
        "office": member.office,
        "group": str(member.group or ""),
    }


def _known(person: Person, name: str) -> str:
    day = getattr(person, name)
    return date_words(day, getattr(person, f"{name}_precision")) if day else ""


def _effects_of_correction(form: DetailsForm, person: Person) -> list[Effect]:
    cleaned, effects = form.cleaned_data, []
    for name in CORRECTIONS:
        if not (value := cleaned[name]):
            continue
        before = person.get_sex_display() if name == "sex" else getattr(person, name)
        if name in _DAYS:
            precision = cleaned[f"{name}_precision"] or Precision.DAY
            before, value = _known(person, name), date_words(known_part(value, precision), precision)
        elif name == "sex":
            value = Sex(value).label
        words = {"label": form.fields[name].label, "value": getattr(value, "label", value)}
        words["before"] = getattr(before, "label", before) or "—"
        if words["before"] != words["value"]:
            effects.append(Effect(_("%(label)s corrected: %(value)s (before: %(before)s)") % words))
    if effects:
        effects.append(Effect(_("A correction counts for earlier days, too."), is_warning=True))
    return effects


def _effects_of_change(form: DetailsForm, page: MemberPage) -> list[Effect]:
    effects = []
    assert page.member is not None
    for name in ("phone", "home_address", "position_title", "education"):
        if value := form.cleaned_data[name]:
            words = {"label": form.fields[name].label, "value": getattr(value, "label", value)}
            effects.append(Effect(_("%(label)s becomes: %(value)s") % words))
    effects += _effects_of_correction(form, page.person)
    former = office_of(page.person, page.member.branch, form.cleaned_data["on"])
    for name, before in (("office", former.office.name if former else ""), ("group", str(page.member.group or ""))):
        if value := form.cleaned_data[name]:
            words = {
                "label": form.fields[name].label,
                "before": before or "—",
                "value": value,
                "day": words_of_day(form.cleaned_data["on"]),
            }
            effects.append(Effect(_("%(label)s from %(day)s on: %(value)s (before: %(before)s)") % words))
    effects.append(Effect(_("Fields left empty stay as they are; earlier days keep their office and party group.")))
    return effects
