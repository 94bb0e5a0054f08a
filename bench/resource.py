"""The same roster by a plain django-import-export resource: its dry run for the preview, then the import."""

from __future__ import annotations

from import_export import fields, resources
from import_export.formats.base_formats import XLSX
from import_export.widgets import DateWidget, ForeignKeyWidget

from bench.models import PlainMember
from bench.scratch import timed
from branches.models import Education, Nation, Organisation

_DATE = "%Y.%m.%d"


class PlainResource(resources.ModelResource):
    name = fields.Field("name", "姓名")
    sex = fields.Field("sex", "性别")
    nation = fields.Field("nation", "民族", ForeignKeyWidget(Nation, "name"))
    identity_number = fields.Field("identity_number", "公民身份号码")
    born = fields.Field("born", "出生日期")
    education = fields.Field("education", "学历", ForeignKeyWidget(Education, "name"))
    native_place = fields.Field("native_place", "籍贯")
    joined_on = fields.Field("joined_on", "加入党组织日期", DateWidget(_DATE))
    full_on = fields.Field("full_on", "转为正式党员日期", DateWidget(_DATE))
    category = fields.Field("category", "人员类别")
    branch = fields.Field("branch", "所在党支部", ForeignKeyWidget(Organisation, "name"))
    phone = fields.Field("phone", "联系电话")

    class Meta:
        model = PlainMember
        import_id_fields = ("identity_number",)


def preview_and_import(content: bytes) -> float:
    """Seconds for what its admin page does: read the workbook and try it, then read it again and import it."""
    number = 0
    with timed() as seconds:
        for is_dry in (True, False):
            dataset = XLSX().create_dataset(content)
            number = len(dataset)
            result = PlainResource().import_data(dataset, dry_run=is_dry, raise_errors=True)
            assert not result.has_errors()
    assert PlainMember.objects.count() == number
    return seconds()
