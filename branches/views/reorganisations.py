"""Founding, renaming, moving, merging, splitting and revoking: fill in, read what it does, confirm."""

from __future__ import annotations

from collections.abc import Callable, Collection
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from branches.actions import organisations as tree
from branches.actions.reorganisations import going, merge, split
from branches.actions.tree import tree_lock
from branches.forms import organisations as forms
from branches.forms.reorganisations import MergeForm, SplitForm
from branches.models import Organisation
from branches.queries.consequences import Act, Change, Consequence
from branches.queries.organisations import parents_for
from branches.queries.reorganisations import consequences, founding_hints
from branches.queries.successions import branches_to_merge_into, members_of, offices_to_choose
from branches.rights import AccessRequest, Permission, organisation_or_404
from branches.rules.sizes import Size
from branches.views.two_steps import Effect, Page, two_steps
from foundation.clock import business_date
from foundation.messages import done


def found(request: AccessRequest, code: str) -> HttpResponse:
    parent = _managed(request, code)
    form = forms.FoundForm(request.POST or None, parent=parent, today=business_date())

    def said() -> list[Consequence]:
        values = form.cleaned_data
        empty = Size(values["kind"], 0, 0, is_joint=values["is_joint"], is_temporary=values["is_temporary"])
        change = Change(Act.FOUND, values["on"], (parent,), target_name=values["short_name"])
        return [*consequences(change, request.access), *founding_hints(empty)]

    def act() -> Organisation:
        return tree.found(parent=parent, by=request.user, **form.cleaned_data)

    title = _("Found an organisation under %(name)s") % {"name": parent}
    return _guided(request, parent, form, title, _("Found the organisation"), act, said)


def rename(request: AccessRequest, code: str) -> HttpResponse:
    node = _managed(request, code)
    initial = {"name": node.name, "short_name": node.short_name}
    form = forms.RenameForm(request.POST or None, initial=initial, today=business_date())

    def said() -> list[Consequence]:
        values = form.cleaned_data
        change = Change(Act.RENAME, values["on"], (node,), target_name=values["short_name"])
        return consequences(change, request.access)

    def act() -> Organisation:
        return tree.rename(organisation=node, by=request.user, **form.cleaned_data)

    return _guided(request, node, form, _("Rename %(name)s") % {"name": node}, _("Rename the organisation"), act, said)


def move(request: AccessRequest, code: str) -> HttpResponse:
    node = _managed(request, code)
    today = business_date()
    form = forms.MoveForm(request.POST or None, parents=parents_for(node, request.access, today), today=today)

    def said() -> list[Consequence]:
        values = form.cleaned_data
        above = values["parent"]
        change = Change(Act.MOVE, values["on"], (_fresh(node),), target=_fresh(above), target_name=above.short_name)
        return consequences(change, request.access)

    def act() -> Organisation:
        return tree.move(organisation=node, by=request.user, **form.cleaned_data)

    return _guided(request, node, form, _("Move %(name)s") % {"name": node}, _("Move the organisation"), act, said)


def revoke(request: AccessRequest, code: str) -> HttpResponse:
    node = _managed(request, code)
    today = business_date()
    form = forms.RevokeForm(request.POST or None, today=today)

    def said() -> list[Consequence]:
        change = Change(Act.REVOKE, form.cleaned_data["on"] + timedelta(days=1), (node,))
        return consequences(change, request.access)

    def act() -> Organisation:
        return tree.revoke(organisation=node, by=request.user, **form.cleaned_data)

    context = {"organisation": node, "members": members_of(node, today).count() if node.is_branch else 0}
    page = _page(node, _("Revoke %(name)s") % {"name": node}, _("Revoke the organisation"), context, is_final=True)
    return _guided_page(request, form, page, act, said)


def merge_into(request: AccessRequest, code: str) -> HttpResponse:
    node = _managed_branch(request, code)
    today = business_date()
    branches = branches_to_merge_into(node, request.access, today)
    siblings = branches.filter(parent=node.parent_id)
    form = MergeForm(request.POST or None, branches=branches, siblings=siblings, today=today)

    def said() -> list[Consequence]:
        values = form.cleaned_data
        into = values["into"]
        return consequences(
            Change(
                Act.MERGE,
                values["on"],
                (node, *values["others"]),
                target=into,
                target_name=into.short_name if into else values["short_name"],
            ),
            request.access,
        )

    def act() -> Organisation:
        values = form.cleaned_data
        into = values["into"] or _found_beside(node, form.new_branch, request, replaced=[node, *values["others"]])
        return merge(
            branches=[node, *values["others"]],
            into=into,
            on=values["on"],
            by=request.user,
            document_number=values["document_number"],
        )

    title = _("Merge %(name)s into another branch") % {"name": node}
    return _guided(request, node, form, title, _("Merge the branches"), act, said, is_final=True)


def split_off(request: AccessRequest, code: str) -> HttpResponse:
    branch = _managed_branch(request, code)
    today = business_date()
    form = SplitForm(
        request.POST or None,
        people=members_of(branch, today),
        offices=offices_to_choose(branch, today),
        groups=branch.groups.active_on(today).order_by("position"),
        today=today,
    )

    def chosen() -> dict[str, Any]:
        return {name: list(form.cleaned_data.get(name, ())) for name in ("people", "offices", "groups")}

    def said() -> list[Consequence]:
        on = form.cleaned_data["on"]
        picked = chosen()
        change = Change(
            Act.SPLIT,
            on,
            (branch,),
            target_name=form.cleaned_data["short_name"],
            people=frozenset(going(branch, on=on, **picked)),
            offices=tuple(office.name for office in picked["offices"]),
            groups=tuple(group.name for group in picked["groups"]),
        )
        return consequences(change, request.access)

    def act() -> Organisation:
        values = form.cleaned_data
        return split(
            branch=branch,
            into=_found_beside(branch, form.new_branch, request),
            on=values["on"],
            by=request.user,
            document_number=values["document_number"],
            **chosen(),
        )

    title = _("Split a branch off %(name)s") % {"name": branch}
    return _guided(request, branch, form, title, _("Split the branch"), act, said)


def _managed(request: AccessRequest, code: str) -> Organisation:
    return organisation_or_404(request, code, Permission.MANAGE_ORGANISATIONS)


def _managed_branch(request: AccessRequest, code: str) -> Organisation:
    branch = _managed(request, code)
    if not branch.is_branch:
        raise Http404
    return branch


def _fresh(node: Organisation) -> Organisation:
    """The node as it stands at this moment: under the lock the preview is made once more."""
    return Organisation.objects.select_related("parent").get(pk=node.pk)


def _found_beside(
    branch: Organisation, values: dict[str, Any], request: AccessRequest, *, replaced: Collection[Organisation] = ()
) -> Organisation:
    kind = Organisation.Kind.BRANCH
    return tree.found(kind=kind, parent=branch.parent, by=request.user, replaced=replaced, **values)


def _page(node: Organisation, title: str, verb: str, context: dict[str, Any], *, is_final: bool) -> Page:
    back = reverse("branches:organisation", args=[node.code])
    template = "branches/organisation_revoke.html" if "members" in context else "branches/act.html"
    return Page(title=title, verb=verb, back=back, template=template, is_final=is_final, context=context)


def _guided(
    request: AccessRequest,
    node: Organisation,
    form: Any,
    title: str,
    verb: str,
    act: Callable[[], Organisation],
    said: Callable[[], list[Consequence]],
    *,
    is_final: bool = False,
) -> HttpResponse:
    return _guided_page(request, form, _page(node, title, verb, {}, is_final=is_final), act, said)


def _guided_page(
    request: AccessRequest,
    form: Any,
    page: Page,
    act: Callable[[], Organisation],
    said: Callable[[], list[Consequence]],
) -> HttpResponse:
    def finish(target: Organisation) -> HttpResponse:
        done(request, _("Done: %(title)s.") % {"title": page.title})
        return redirect("branches:organisation", target.code)

    return two_steps(
        request,
        form,
        page=page,
        act=transaction.atomic(act),
        effects=lambda: [Effect(one.text, one.is_warning) for one in said()],
        finish=finish,
        lock=tree_lock(),
    )
