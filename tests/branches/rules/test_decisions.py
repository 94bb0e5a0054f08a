"""What may be decided, in words: codes nobody knows any more first."""

from __future__ import annotations

from django.utils.translation import override

from branches.rules.decisions import label_words, proposal_words, remaining, who_words

WHO = {"name": "刘洋", "born": "1980-01", "joined": "2004-07", "number": "139***********0016"}


def test_a_choice_of_an_unknown_kind_is_not_offered() -> None:
    assert label_words({}) == label_words({"code": "gone", "params": WHO}) == ""


def test_a_member_is_told_from_others_of_the_name() -> None:
    with override("zh-hans"):
        assert who_words(WHO) == "刘洋（1980年1月出生、2004年7月入党、139***********0016）"
        assert who_words({"name": "刘洋", "born": "", "joined": "", "number": ""}) == "刘洋"
        assert label_words({"code": "member", "params": {"name": "刘洋"}}) == "对应在册党员刘洋"
        assert label_words({"code": "another"}) == "另一个人，作为新党员录入"


def test_the_plan_s_own_proposal_comes_first() -> None:
    with override("zh-hans"):
        assert proposal_words("更新", is_refused=False) == "系统建议：更新"
        assert proposal_words("不写入", is_refused=True) == "暂不确定，不写入"


def test_a_choice_settles_who_is_meant_and_nothing_else() -> None:
    problems = [{"code": "several_people"}, {"code": "date_serial"}]
    assert remaining(problems, "") == remaining(problems, "skip") == problems
    assert remaining(problems, "2") == [{"code": "date_serial"}]
