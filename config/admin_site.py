from collections.abc import Callable, Iterable
from functools import update_wrapper
from typing import Any

from django.contrib.admin import AdminSite
from django.db.models import Model
from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse_lazy
from django.utils.translation import gettext_lazy as _

from activities.models import RuleText
from branches.models.code_tables import CodeTable
from branches.rights import Permission


class CodeTablesSite(AdminSite):
    """Django's admin site, for code tables and rule texts only: people and records have their own pages.

    Whoever may not keep the code tables finds nothing here; signing in and out and passwords are the system's own.
    """

    site_header = site_title = _("Code tables")
    index_title = _("Code tables")
    site_url = "/"
    tables = (CodeTable, RuleText)
    enable_nav_sidebar = False

    def register(
        self, model_or_iterable: type[Model] | Iterable[type[Model]], admin_class: Any = None, **options: Any
    ) -> None:
        given = [model_or_iterable] if isinstance(model_or_iterable, type) else list(model_or_iterable)
        super().register([model for model in given if issubclass(model, self.tables)], admin_class, **options)

    def has_permission(self, request: HttpRequest) -> bool:
        return request.user.is_superuser or request.access.top_id(Permission.MANAGE_CODES) is not None  # type: ignore[attr-defined]

    def admin_view(self, view: Callable[..., Any], cacheable: bool = False) -> Any:  # noqa: FBT001 - Django's signature
        inner = super().admin_view(view, cacheable)

        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if not self.has_permission(request):
                raise Http404
            return inner(request, *args, **kwargs)

        return update_wrapper(guarded, view)

    def login(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> Any:
        return redirect(reverse_lazy("branches:login"))

    def password_change(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> Any:
        return redirect(reverse_lazy("branches:password_change"))
