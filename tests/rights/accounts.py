from tests.rights.row import EVERYBODY, Row

WITH_A_ROLE = EVERYBODY.removesuffix(" nobody")

ROWS = [
    Row("branches:home", WITH_A_ROLE, status=302, other=200, note="nobody is told whom to ask"),
    Row("branches:login", "", other=302, anonymous=200),
    Row("branches:logout", EVERYBODY, status=302, data=lambda cast: {}),
    Row("branches:password_change", EVERYBODY),
    Row("branches:session", EVERYBODY, anonymous=200),
    Row("branches:switcher", EVERYBODY),
    Row("search", EVERYBODY),
    Row("search", EVERYBODY, data=lambda cast: {"q": "党"}),
    Row("branches:trail", "secretary staff auditor city_staff admin", lambda cast: ["first"]),
    Row("branches:trail", "stranger", lambda cast: ["far"], note="far"),
    Row("branches:accounts", "admin", lambda cast: ["first"]),
    Row("branches:accounts", "", lambda cast: ["far"], note="far"),
    Row("branches:account_new", "admin", lambda cast: ["first"]),
    Row(
        "branches:account_new",
        "admin",
        lambda cast: ["first"],
        data=lambda cast: {"name": "新来的", "role": "recorder", "organisation": "first"},
    ),
    Row("branches:account", "admin", lambda cast: [cast.secretary.pk]),
    Row("branches:account", "", lambda cast: [cast.stranger.pk], note="far"),
    Row(
        "branches:role_grant",
        "admin",
        lambda cast: [cast.secretary.pk],
        status=302,
        data=lambda cast: {"role": "auditor", "organisation": "first"},
    ),
    Row(
        "branches:role_end",
        "admin",
        lambda cast: [cast.secretary.pk, cast.secretary.roles.get().pk],
        status=302,
        data=lambda cast: {},
    ),
    Row("branches:account_password", "admin", lambda cast: [cast.secretary.pk], data=lambda cast: {}),
    Row("branches:account_password", "", lambda cast: [cast.stranger.pk], data=lambda cast: {}, note="far"),
    Row("branches:account_password", "", lambda cast: [cast.admin.pk], data=lambda cast: {}, note="one's own"),
    Row("branches:account_deactivate", "admin", lambda cast: [cast.secretary.pk], status=302, data=lambda cast: {}),
    Row("branches:account_deactivate", "", lambda cast: [cast.stranger.pk], data=lambda cast: {}, note="far"),
    Row("branches:account_reactivate", "admin", lambda cast: [cast.secretary.pk], status=302, data=lambda cast: {}),
]
