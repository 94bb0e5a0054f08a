from typing import Any

from django.contrib import admin
from django.forms import ModelForm
from django.http import HttpRequest
from import_export.admin import ImportExportMixin
from import_export.formats.base_formats import CSV, XLSX
from import_export.resources import ModelResource, modelresource_factory

from activities.models import ActivityKind
from branches.actions.code_tables import save_code
from branches.models.code_tables import CodeTable, Education, Nation


class CodeResource(ModelResource):
    """Rows of a workbook into a code table, found by their code and saved like any other change."""

    class Meta:
        exclude = ("id",)
        import_id_fields = ("code",)
        skip_unchanged = True
        clean_model_instances = True
        use_transactions = True

    def before_import(self, dataset: Any, **kwargs: Any) -> None:
        self.by = kwargs.get("user")
        super().before_import(dataset, **kwargs)

    def do_instance_save(self, instance: CodeTable, is_create: bool) -> None:  # noqa: FBT001
        save_code(row=instance, by=self.by)


@admin.register(Nation, Education, ActivityKind)
class CodeTableAdmin(ImportExportMixin, admin.ModelAdmin[CodeTable]):
    list_display = ("code", "name", "name_en", "position", "is_active")
    list_filter = ("is_active",)
    search_fields = ("code", "name", "name_en")
    list_per_page = 100
    actions = None
    formats = (XLSX, CSV)

    def get_readonly_fields(self, request: HttpRequest, obj: CodeTable | None = None) -> tuple[str, ...]:
        return ("code",) if obj else ()

    def get_resource_classes(self, request: HttpRequest) -> list[type[ModelResource]]:
        return [modelresource_factory(self.model, resource_class=CodeResource)]

    def save_model(self, request: HttpRequest, obj: CodeTable, form: ModelForm[CodeTable], change: bool) -> None:  # noqa: FBT001
        save_code(row=obj, by=request.user)  # type: ignore[arg-type]

    # The site has asked for the one right there is; deleting is not among what it gives.
    def has_view_permission(self, request: HttpRequest, obj: CodeTable | None = None) -> bool:
        return True

    def has_add_permission(self, request: HttpRequest) -> bool:
        return True

    def has_change_permission(self, request: HttpRequest, obj: CodeTable | None = None) -> bool:
        return True

    def has_delete_permission(self, request: HttpRequest, obj: CodeTable | None = None) -> bool:
        return False

    def has_module_permission(self, request: HttpRequest) -> bool:
        return True

    # The audit entry of `save_code` is the one history.
    def log_addition(self, request: HttpRequest, obj: Any, message: Any) -> None:  # type: ignore[override]
        pass

    def log_change(self, request: HttpRequest, obj: Any, message: Any) -> None:  # type: ignore[override]
        pass
