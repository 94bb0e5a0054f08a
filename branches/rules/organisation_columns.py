"""The columns of a table of organisations: what our own workbooks call them, and how others do."""

from __future__ import annotations

from branches.rules.headers import Column

COLUMNS = (
    Column("code", ("代码", "党组织代码", "组织代码", "党组织编码", "组织编码", "编码"), 18),
    Column("name", ("名称", "党组织名称", "党组织全称", "组织名称", "全称"), 36, is_required=True),
    Column("short_name", ("简称", "党组织简称", "组织简称"), 22),
    Column("kind", ("类别", "党组织类别", "组织类别", "党组织类型", "组织类型", "类型"), 16, is_required=True),
    Column(
        "parent",
        ("上级党组织", "上级党组织名称", "上级组织", "上级党组织代码", "上级党组织编码", "隶属党组织", "上级"),
        36,
    ),
    Column("founded_on", ("成立日期", "成立时间", "批准成立日期", "批准成立时间", "建立日期"), 14, is_required=True),
    Column("founding_document", ("批准文号", "成立文号", "批复文号", "批准成立文号", "文号"), 24),
    Column("is_joint", ("联合党支部", "是否联合党支部", "联合支部", "是否联合支部"), 14),
    Column("is_temporary", ("临时党支部", "是否临时党支部", "临时支部", "是否临时支部"), 14),
    Column("is_retired", ("离退休干部党支部", "是否离退休干部党支部", "离退休党支部", "是否离退休党支部"), 20),
    # Written by exports; an import only makes sure that they say nothing new.
    Column("ended_on", ("撤销日期", "撤销时间"), 14),
    Column("ending_document", ("撤销文号",), 24),
)
BY_KEY = {column.key: column for column in COLUMNS}
TRAITS = ("is_joint", "is_temporary", "is_retired")
NOTES = {
    "code": "由字母、数字、连字符和下划线组成；留空的由系统按上级党组织代码编号。已有的党组织按代码对应。",
    "name": "按印章上的全称填写。",
    "short_name": "日常使用的简称；留空的与名称相同。",
    "kind": "从下拉列表中选择。",
    "parent": "填写代码、全称或简称，可以是本表中另一行的党组织，先后不限；留空的直接隶属导入时所选的党组织。",
    "founded_on": "批准成立的日期，写成 2019-06-30。",
    "founding_document": "上级党组织批准成立的文号。",
    "is_joint": "填“是”或“否”，留空视为“否”。",
    "is_temporary": "填“是”或“否”，留空视为“否”。",
    "is_retired": "填“是”或“否”，留空视为“否”。",
    "ended_on": "不必填写；撤销请在党组织页面办理。",
    "ending_document": "不必填写。",
}
