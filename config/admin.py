from typing import Any

from django import forms
from django.contrib import admin, messages
from django.db.models import Model
from django.forms import ModelForm
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import translation
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from import_export.admin import ImportExportMixin
from import_export.formats.base_formats import CSV, XLSX
from import_export.forms import ExportForm
from import_export.resources import Diff, ModelResource, modelresource_factory

from activities.models import ActivityKind, RuleText
from activities.rules.activities import Block, Body
from branches.actions.code_tables import save_code
from branches.models.code_tables import Education, Nation


class PlainDiff(Diff):
    """What an import would change; the package's own colours it by inline styles, which the security policy forbids."""

    def as_html(self) -> list[SafeString]:
        return [self._cell(str(before), str(after)) for before, after in zip(self.left, self.right, strict=True)]

    def _cell(self, before: str, after: str) -> SafeString:
        if before == after and not self.new:
            return format_html("{}", after)
        if self.new or not before:
            return format_html("<ins>{}</ins>", after)
        return format_html("<del>{}</del> <ins>{}</ins>", before, after)


class CodeResource(ModelResource):
    """Rows of a workbook into a code table, found by their code and saved like any other change.

    Workbooks are Chinese whatever the reader's language, so the columns bear the Chinese names of the fields.
    """

    class Meta:
        exclude = ("id",)
        import_id_fields = ("code",)
        skip_unchanged = True
        clean_model_instances = True
        use_transactions = True

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        with translation.override("zh-hans"):
            for name, field in self.fields.items():
                field.column_name = str(self._meta.model._meta.get_field(name).verbose_name)

    def get_diff_class(self) -> type[Diff]:
        return PlainDiff

    def before_import(self, dataset: Any, **kwargs: Any) -> None:
        self.by = kwargs.get("user")
        super().before_import(dataset, **kwargs)

    def do_instance_save(self, instance: Model, is_create: bool) -> None:  # noqa: FBT001
        save_code(row=instance, by=self.by)


class TableAdmin(ImportExportMixin, admin.ModelAdmin[Any]):
    """A table kept here: rows are added and changed, never deleted, and every change goes through `save_code`."""

    list_per_page = 100
    actions = None
    formats = (XLSX, CSV)
    skip_admin_log = True
    import_template_name = "admin/code_import.html"

    def get_export_form_class(self) -> type[ExportForm]:
        return ExportForm  # the default one, for choosing fields, needs inline script

    def get_readonly_fields(self, request: HttpRequest, obj: Model | None = None) -> tuple[str, ...]:
        return ("code",) if obj else ()

    def get_resource_classes(self, request: HttpRequest) -> list[type[ModelResource]]:
        return [modelresource_factory(self.model, resource_class=CodeResource)]

    def save_model(self, request: HttpRequest, obj: Model, form: ModelForm[Any], change: bool) -> None:  # noqa: FBT001
        save_code(row=obj, by=request.user)  # type: ignore[arg-type]

    def process_import(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        """The second step of an import; the file of the first may be gone when the page was left open."""
        try:
            return super().process_import(request, **kwargs)
        except FileNotFoundError:
            messages.error(request, _("The file of this import is no longer there. Choose it again."))
            return redirect(f"{self.admin_site.name}:{self.opts.app_label}_{self.opts.model_name}_import")

    def history_view(self, request: HttpRequest, object_id: str, extra_context: Any = None) -> HttpResponse:
        raise Http404  # the trail has its own page

    # The site has asked for the one right there is; deleting is not among what it gives.
    def has_view_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return True

    def has_add_permission(self, request: HttpRequest) -> bool:
        return True

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return True

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_module_permission(self, request: HttpRequest) -> bool:
        return True

    # The audit entry of `save_code` is the one history.
    def log_addition(self, request: HttpRequest, obj: Any, message: Any) -> None:  # type: ignore[override]
        pass

    def log_change(self, request: HttpRequest, obj: Any, message: Any) -> None:  # type: ignore[override]
        pass


@admin.register(Nation, Education)
class CodeTableAdmin(TableAdmin):
    list_display = ("code", "name", "name_en", "position", "is_active")
    list_filter = ("is_active",)
    search_fields = ("code", "name", "name_en")


class ActivityKindForm(forms.ModelForm[ActivityKind]):
    blocks = forms.MultipleChoiceField(
        label=ActivityKind._meta.get_field("blocks").verbose_name,
        choices=Block.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy(
            "What the form asks for besides theme, day, place and attendance. Records that stand keep what they say; "
            "a part taken away is dropped when such a record is saved again."
        ),
    )
    body = forms.ChoiceField(
        label=ActivityKind._meta.get_field("body").verbose_name,
        choices=Body.choices,
        widget=forms.RadioSelect,
        help_text=gettext_lazy(
            "Whom the attendance sheet lists as expected; for “those named” nobody is expected and people are tapped. "
            "Changed later, it holds for what is recorded or saved from then on; attendance already stored stays."
        ),
    )
    is_annual = forms.BooleanField(
        label=ActivityKind._meta.get_field("is_annual").verbose_name,
        required=False,
        help_text=gettext_lazy("Asks for the year; from January to March the year before is proposed."),
    )

    class Meta:
        model = ActivityKind
        fields = (
            *("code", "name", "name_en", "short_name", "short_name_en"),
            *("body", "blocks", "is_annual", "position", "is_active"),
        )


@admin.register(ActivityKind)
class ActivityKindAdmin(TableAdmin):
    form = ActivityKindForm
    list_display = ("code", "name", "short_name", "body", "is_annual", "position", "is_active")
    list_filter = ("is_active",)
    search_fields = ("code", "name", "name_en")


@admin.register(RuleText)
class RuleTextAdmin(TableAdmin):
    list_display = ("code", "title", "article", "edition", "effective_on", "is_verified")
    list_filter = ("is_verified",)
    search_fields = ("code", "title", "article", "text")
