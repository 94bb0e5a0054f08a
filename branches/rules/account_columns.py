"""The columns of a table of accounts, one row for each role: what our own workbooks call them, and how others do."""

from __future__ import annotations

from branches.rules.headers import Column

COLUMNS = (
    Column("username", ("用户名", "登录名", "账号", "用户账号", "登录账号"), 16),
    Column("name", ("姓名", "用户姓名", "使用人"), 10, is_required=True),
    Column("role", ("角色", "用户角色", "系统角色", "权限"), 20, is_required=True),
    Column(
        "organisation",
        ("党组织", "所在党组织", "所属党组织", "党组织名称", "党组织代码", "党组织编码", "组织"),
        36,
        is_required=True,
    ),
    Column("identity_number", ("公民身份号码", "身份证号码", "身份证号", "居民身份证号码", "身份证"), 22),
    Column("starts_on", ("起始日期", "开始日期", "生效日期", "授权日期"), 14),
    Column("ends_on", ("截止日期", "结束日期", "有效期至"), 14),
)
BY_KEY = {column.key: column for column in COLUMNS}
NOTES = {
    "username": (
        "由字母、数字、点、短横线和下划线组成；留空的由系统按姓名拼音首字母生成。"
        "已有的账号按用户名对应，只增加角色，不改密码。"
    ),
    "name": "使用人本人的姓名。",
    "role": "从下拉列表中选择；一人有几个角色的，用顿号隔开，或者分几行填写。",
    "organisation": "填写党组织的代码、全称或简称。",
    "identity_number": "选填。填写后账号与该党员关联。",
    "starts_on": "写成 2019-06-30；留空的自本次导入的截至日期起。",
    "ends_on": "选填。到期后角色自动失效。",
}
