"""Accounts, as the administrator of a part of the tree keeps them."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from branches.actions import accounts as actions
from branches.forms.accounts import AccountForm, RoleForm
from branches.models import Organisation, RoleAssignment, User
from branches.queries.accounts import (
    account_rows,
    account_state,
    accounts_at,
    accounts_in_charge,
    candidates,
    roles_of,
)
from branches.rights import AccessRequest, Permission, organisation_or_404
from foundation.clock import now
from foundation.messages import done

PER_PAGE = 50


def index(request: AccessRequest, code: str) -> HttpResponse:
    organisation = organisation_or_404(request, code, Permission.MANAGE_ACCOUNTS)
    text = request.GET.get("q", "").strip()
    page = Paginator(accounts_at(organisation, request.access, text=text), PER_PAGE).get_page(request.GET.get("page"))
    return render(
        request,
        "branches/accounts/list.html",
        {
            "organisation": organisation,
            "text": text,
            "page_obj": page,
            "rows": account_rows(list(page.object_list), request.access, now()),
        },
    )


def new(request: AccessRequest, code: str) -> HttpResponse:
    """Open an account. Naming a member who is in reach asks which one it is; nothing is guessed."""
    organisation = organisation_or_404(request, code, Permission.MANAGE_ACCOUNTS)
    given = request.POST if request.method == "POST" else request.GET
    form = AccountForm(
        request.POST if request.method == "POST" else None,
        candidates=candidates(given.get("name", "").strip(), request.access),
        access=request.access,
        initial={"name": given.get("name", ""), "organisation": organisation.code},
    )
    if form.is_valid():
        try:
            account, password = actions.open_account(**form.values, by=request.user)
        except ValidationError as error:
            form.add_error(None, error)
        else:
            return _with_password(request, organisation, account, password)
    return render(request, "branches/accounts/new.html", {"organisation": organisation, "form": form})


def account(request: AccessRequest, pk: int) -> HttpResponse:
    found = _in_charge(request, pk)
    return _page(request, found, _role_form(request))


@require_POST
def grant(request: AccessRequest, pk: int) -> HttpResponse:
    found = _other(request, pk)
    form = _role_form(request)
    if not form.is_valid():
        return _page(request, found, form)
    try:
        assignment = actions.grant_role(account=found, **form.cleaned_data, by=request.user)
    except ValidationError as error:
        form.add_error(None, error)
        return _page(request, found, form)
    done(request, _("%(name)s is now %(role)s at %(organisation)s.") % _words(assignment))
    return redirect("branches:account", found.pk)


@require_POST
def end(request: AccessRequest, pk: int, role: int) -> HttpResponse:
    found = _other(request, pk)
    assignment = next((held for held in roles_of(found, request.access) if held.pk == role), None)
    if assignment is None:
        raise Http404
    actions.end_role(assignment=assignment, by=request.user)
    done(request, _("%(name)s is no longer %(role)s at %(organisation)s.") % _words(assignment))
    return redirect("branches:account", found.pk)


@require_POST
def password(request: AccessRequest, pk: int) -> HttpResponse:
    found = _other(request, pk)
    return _with_password(request, request.organisation, found, actions.issue_password(account=found, by=request.user))


@require_POST
def deactivate(request: AccessRequest, pk: int) -> HttpResponse:
    found = _other(request, pk)
    actions.deactivate(account=found, by=request.user)
    done(
        request, _("The account of %(name)s is closed; whoever was signed in with it is signed out.") % {"name": found}
    )
    return redirect("branches:account", found.pk)


@require_POST
def reactivate(request: AccessRequest, pk: int) -> HttpResponse:
    found = _other(request, pk)
    actions.reactivate(account=found, by=request.user)
    done(request, _("The account of %(name)s is open again.") % {"name": found})
    return redirect("branches:account", found.pk)


def _in_charge(request: AccessRequest, pk: int) -> User:
    """The account, if every role it has is within reach; where it works becomes the current organisation."""
    found = get_object_or_404(accounts_in_charge(request.access), pk=pk)
    roles = roles_of(found, request.access)
    request.organisation = roles[0].organisation if roles else None
    return found


def _other(request: AccessRequest, pk: int) -> User:
    """Nobody changes their own account here: that takes another administrator."""
    found = _in_charge(request, pk)
    if found.pk == request.user.pk:
        raise Http404
    return found


def _role_form(request: AccessRequest) -> RoleForm:
    return RoleForm(
        request.POST if request.method == "POST" else None,
        access=request.access,
        initial={"organisation": request.organisation.code if request.organisation else None},
    )


def _page(request: AccessRequest, found: User, form: RoleForm) -> HttpResponse:
    today = request.access.day
    return render(
        request,
        "branches/accounts/account.html",
        {
            "account": found,
            "state": account_state(found, now()),
            "roles": [(role, role.holds_on(today)) for role in roles_of(found, request.access)],
            "organisation": request.organisation,
            "is_self": found.pk == request.user.pk,
            "form": form,
        },
    )


def _with_password(
    request: AccessRequest, organisation: Organisation | None, found: User, one_time_password: str
) -> HttpResponse:
    """Not a redirect: the password is written nowhere, so this answer is the only place it is ever seen."""
    response = render(
        request,
        "branches/accounts/one_time_password.html",
        {
            "organisation": organisation,
            "account": found,
            "password": one_time_password,
            "expires_at": found.one_time_password_expires_at,
        },
    )
    response["Cache-Control"] = "no-store"
    return response


def _words(assignment: RoleAssignment) -> dict[str, str]:
    return {
        "name": str(assignment.user),
        "role": assignment.get_role_display(),
        "organisation": str(assignment.organisation),
    }
