from tests.rights.row import Row

ROWS = [
    Row("start", "admin"),
    Row("start_organisation", "", note="organisations are there"),
    Row("start_organisation", "", data=lambda cast: {"code": "new"}, note="organisations are there"),
    Row("start_branches", "admin"),
    Row(
        "start_branches",
        "admin",
        status=302,
        data=lambda cast: {
            "parent": cast.committee.pk, "kind": "branch", "lines": "第四党支部，fourth", "on": "2020-01-01"
        },
    ),
    Row("start_branches", "admin", status=422, data=lambda cast: {"parent": cast.far.pk}, note="out of reach"),
    Row("start_duties", "admin", status=302, data=lambda cast: {"year": "2020"}),
]  # fmt: skip
