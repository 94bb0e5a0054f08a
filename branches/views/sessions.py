"""Signing in and out, the lock after wrong passwords, and the time-out that loses nothing."""

from __future__ import annotations

from urllib.parse import urlsplit

from axes.models import AccessAttempt
from django.conf import settings
from django.contrib import auth
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.middleware.csrf import get_token
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme, urlencode
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from branches.actions.accounts import change_password, note_sign_in, note_sign_out
from branches.forms.accounts import FirstPasswordForm, NewPasswordForm, SignInForm
from branches.models import User
from branches.rights import AccessRequest
from foundation.clock import now
from foundation.messages import done
from foundation.trail import client_address


@login_not_required
@never_cache
@sensitive_post_parameters("password")
def login(request: HttpRequest) -> HttpResponse:
    target = _target(request)
    if request.user.is_authenticated:
        return HttpResponseRedirect(target)
    form = SignInForm(request, request.POST if request.method == "POST" else None)
    if form.is_valid():
        _sign_in(request, form)
        return HttpResponseRedirect(target)
    context = {"form": form, "next": target, "unsaved": "unsaved" in request.GET}
    return render(request, "branches/accounts/login.html", context)


@require_POST
def logout(request: AccessRequest) -> HttpResponse:
    note_sign_out(account=request.user)
    auth.logout(request)
    return redirect("branches:login")


@sensitive_post_parameters()
@never_cache
def password_change(request: AccessRequest) -> HttpResponse:
    """Choose a password; after a one-time password nothing else can be done first."""
    is_first = request.user.must_change_password
    form_class = FirstPasswordForm if is_first else NewPasswordForm
    form = form_class(request.user, request.POST if request.method == "POST" else None)
    if not form.is_valid():
        context = {"form": form, "is_first": is_first, "layout": "plain.html" if is_first else "base.html"}
        return render(request, "branches/accounts/password.html", context)
    change_password(account=request.user, password=form.cleaned_data["new_password1"])
    auth.update_session_auth_hash(request, request.user)
    done(request, _("The new password is valid from now on."))
    return redirect("branches:home")


@login_not_required
@never_cache
@sensitive_post_parameters("password")
def session(request: HttpRequest) -> JsonResponse:
    """GET: who is signed in and for how long. POST: sign in again without leaving the page, as the same user only."""
    if request.method != "POST":
        return _state(request)
    form = SignInForm(request, request.POST)
    if not form.is_valid():
        problem = " ".join(map(str, form.non_field_errors()))
        return JsonResponse({"error": problem or _("Fill in both fields.")}, status=403)
    if form.get_user().get_username() != request.POST.get("expected"):
        error = _("This page was opened by another user. Sign in as that user, or leave the page.")
        return JsonResponse({"error": error}, status=409)
    if form.get_user().must_change_password:
        error = _(
            "Sign in with this one-time password in another window, choose your own password there, then come back."
        )
        return JsonResponse({"error": error}, status=409)
    _sign_in(request, form)
    return _state(request)


def locked(request: HttpRequest, response: HttpResponse, credentials: dict[str, str] | None) -> HttpResponse:
    """What django-axes answers in place of `response` when the user name is locked for the address."""
    username = (credentials or {}).get("username", "")
    last = (
        AccessAttempt.objects.filter(username=username, ip_address=client_address(request))
        .order_by("-attempt_time")
        .values_list("attempt_time", flat=True)
        .first()
    )
    until = (last or now()) + settings.AXES_COOLOFF_TIME
    if request.path == reverse("branches:session"):
        return JsonResponse({"error": _("Too many wrong passwords. Try again later."), "until": until}, status=429)
    return render(request, "branches/accounts/locked.html", {"until": until}, status=429)


def sign_in_again(request: HttpRequest) -> HttpResponse:
    """Where a request without a session is sent; a form that was sent goes back to the page it was filled in on."""
    if request.headers.get("HX-Request") or "X-Background" in request.headers:
        return HttpResponse(status=401)
    if request.method in ("GET", "HEAD"):
        query = {"next": request.get_full_path()}
    else:
        query = {"next": _path(request.headers.get("Referer", "")), "unsaved": "1"}
    return redirect(f"{reverse('branches:login')}?{urlencode(query)}")


def _sign_in(request: HttpRequest, form: SignInForm) -> None:
    account = form.get_user()
    assert isinstance(account, User)
    auth.login(request, account)
    note_sign_in(account=account)


def _state(request: HttpRequest) -> JsonResponse:
    user = request.user.get_username() if request.user.is_authenticated else None
    active_at = request.session.get("active_at", int(now().timestamp()))
    seconds = active_at + settings.SESSION_COOKIE_AGE - int(now().timestamp())
    return JsonResponse({"user": user, "seconds": max(seconds, 0) if user else 0, "csrf": get_token(request)})


def _path(address: str) -> str:
    try:
        return urlsplit(address).path or "/"
    except ValueError:
        return "/"


def _target(request: HttpRequest) -> str:
    target = request.POST.get("next") or request.GET.get("next") or "/"
    is_ours = url_has_allowed_host_and_scheme(
        target, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return target if is_ours and target.startswith("/") else "/"
