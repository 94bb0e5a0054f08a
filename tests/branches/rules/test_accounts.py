import pytest

from branches.rules.accounts import Role, roles_at, username_for
from branches.rules.pinyin import initials


def test_nobody_reviews_from_a_branch() -> None:
    assert {Role.STAFF, Role.ADMINISTRATOR}.isdisjoint(roles_at("branch"))


def test_nobody_records_for_all_branches_of_a_committee() -> None:
    assert Role.RECORDER not in roles_at("committee")
    assert Role.SECRETARY not in roles_at("organ")
    assert Role.SECRETARY in roles_at("committee")


def test_a_taken_user_name_gets_a_number() -> None:
    assert username_for("王建国", frozenset()) == "wjg"
    assert username_for("王建国", frozenset({"wjg", "wjg2"})) == "wjg3"


def test_a_name_without_initials_still_gets_a_user_name() -> None:
    assert username_for("煜", frozenset()) == "user"


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("第一党支部", "dydzb"),
        ("水利局机关党委", "sljjgdw"),
        ("第3党支部 A", "d3dzba"),
        ("阿座", "az"),
        ("褚", ""),
        ("①", ""),
        ("", ""),
    ],
)
def test_initials(text: str, wanted: str) -> None:
    assert initials(text) == wanted
