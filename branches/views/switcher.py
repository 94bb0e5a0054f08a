from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import Resolver404, ResolverMatch, resolve, reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from branches.models import Organisation
from branches.queries.switcher import SwitcherItem, switcher_list
from branches.rights import Access, AccessRequest, Permission
from branches.views.home import workplace_url

# Pages that every organisation has: switching stays on them where the user may see them there, too. The year's
# assessment is a sheet at a branch and an overview above; the overview leads on to the sheet.
KEPT = {
    "branches:organisation": ("branches:organisation", Permission.VIEW),
    "branches:roster": ("branches:roster", Permission.VIEW),
    "branches:elections": ("branches:elections", Permission.VIEW),
    "branches:probations": ("branches:probations", Permission.VIEW),
    "branches:accounts": ("branches:accounts", Permission.MANAGE_ACCOUNTS),
    "branches:trail": ("branches:trail", Permission.SEE_TRAIL),
    "branches:why": ("branches:why", Permission.VIEW),
    "activities:list": ("activities:list", Permission.VIEW),
    "activities:duty_rules": ("activities:duty_rules", Permission.VIEW),
    "reports:overview": ("reports:overview", Permission.VIEW),
    "reports:sheet": ("reports:overview", Permission.VIEW),
}


def switcher(request: AccessRequest) -> HttpResponse:
    """The list behind the organisation button; `from` is the page it was opened on."""
    page = _page(request.GET.get("from", ""))
    code = page.kwargs.get("code") if page else None
    current = Organisation.objects.filter(code=code).first() if code else None
    if current is None:
        shown_last = request.session.get("organisation") if page and page.kwargs else None
        current = Organisation.objects.filter(pk=shown_last or request.access.home_id()).first()
    shown = switcher_list(request.access, current, request.GET.get("q", "").strip())
    items = [_line(item, page, request.access, current) for item in shown.items]
    context = {"items": items, "is_part": shown.is_part, "from": request.GET.get("from", "")}
    return render(request, "_partials/switcher.html", context)


def _line(
    item: SwitcherItem, page: ResolverMatch | None, access: Access, current: Organisation | None
) -> dict[str, object]:
    organisation = item.organisation
    sub = _(", ").join(item.offices)
    if not sub and item.branches and item.in_reach:
        sub = ngettext("%(number)s branch", "%(number)s branches", item.branches) % {"number": item.branches}
    return {
        "label": organisation.short_name,
        "sub": sub,
        "search": item.search,
        "url": _url(organisation, page, access) if item.in_reach else None,
        "depth": min(item.depth, 6),
        "current": current is not None and organisation.pk == current.pk,
    }


def _url(organisation: Organisation, page: ResolverMatch | None, access: Access) -> str:
    name, permission = KEPT.get(page.view_name, ("", None)) if page else ("", None)
    if page is None or permission is None or not access.may(permission, organisation):
        return workplace_url(organisation)
    return reverse(name, kwargs={**page.kwargs, "code": organisation.code})


def _page(path: str) -> ResolverMatch | None:
    try:
        return resolve(path)
    except Resolver404:
        return None
