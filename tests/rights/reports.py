from tests.rights.row import Row

READERS = "secretary recorder contact staff auditor city_staff admin"
LEADING = "staff auditor city_staff admin"
EXPORTERS = "secretary staff auditor city_staff admin"


def _first(cast, *more):
    return ["first", 2020, *more]


def _committee(cast, *more):
    return ["committee", 2020, *more]


def _indicator(cast):
    from reports.models import Indicator

    return _first(cast, Indicator.objects.get(parameters__rule="members_meeting").pk)


ROWS = [
    Row("reports:latest", READERS, lambda cast: ["first"], status=302),
    Row("reports:latest", LEADING, lambda cast: ["committee"], status=302, note="of a committee"),
    Row("reports:overview", LEADING, _committee),
    Row("reports:overview", READERS, _first, status=302, note="of a branch"),
    Row("reports:overview_workbook", LEADING, _committee),
    Row("reports:summary", LEADING, _committee),
    Row("reports:summary", READERS, _first, status=302, note="of a branch"),
    Row("reports:summary_records", LEADING, lambda cast: _committee(cast, "lecturers")),
    Row("reports:summary_workbook", LEADING, _committee),
    Row("reports:sheet", READERS, _first),
    Row("reports:sheet", READERS, _first, query="?edit=1", note="to edit"),
    Row("reports:sheet", LEADING, _committee, status=302, note="of a committee"),
    Row("reports:evidence", READERS, _indicator),
    Row("reports:paper", READERS, _first),
    Row("reports:sheet_workbook", EXPORTERS, _first),
    Row("reports:scores", "secretary staff city_staff", _first, status=302, data=lambda cast: {"version": "0"}),
    Row("reports:take_over", "secretary staff city_staff", _first, status=302, data=lambda cast: {"version": "0"}),
    Row("reports:scores", "secretary staff city_staff", _first, status=302, note="reloaded"),
    Row("reports:take_over", "secretary staff city_staff", _first, status=302, note="reloaded"),
    Row("reports:person_file", READERS, lambda cast: [cast.people["first3"].pk]),
    Row("reports:person_records", READERS, lambda cast: [cast.people["first3"].pk]),
    Row("reports:person_records", READERS, lambda cast: [cast.people["first3"].pk], query="?part=absent&year=2020"),
]
