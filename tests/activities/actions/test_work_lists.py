from __future__ import annotations

from datetime import date
from uuid import uuid4

import pytest
from django.core.exceptions import ValidationError

from activities.actions.tasks import AnsweredMeanwhile, answer, plan
from activities.actions.work_lists import ItemEntry, ListChanged, send, withdraw, write
from activities.models import Activity, Task, WorkItem, WorkList
from activities.queries.work_lists import answers_to, open_tasks, task_row
from activities.rules.activities import State
from branches.rights import access_of
from tests.activities.held import held
from tests.activities.supervision import content, sent, task_of, written
from tests.cast import TODAY, Cast


def test_a_list_without_items_or_with_a_day_before_its_week_is_refused(cast: Cast) -> None:
    early = (ItemEntry(title="报送计划", due_on=date(2020, 10, 25)),)
    for items in ((), early, tuple(ItemEntry(title=str(n)) for n in range(21))):
        with pytest.raises(ValidationError) as refusal:
            written(cast, items=items)
        assert list(refusal.value.message_dict) == ["items"]
    assert not WorkList.objects.exists()


def test_the_blank_form_sent_twice_is_one_list_kept_under_its_monday(cast: Cast) -> None:
    key = uuid4()
    values = {"organisation": cast.committee, "by": cast.staff, "entry_key": key}
    made = [write(content=content(cast, week_of=date(2020, 10, 29)), **values) for _twice in range(2)]
    assert made[0] == made[1]
    assert made[0].week_of == date(2020, 10, 26)


def test_branches_elsewhere_are_never_sent_to(cast: Cast) -> None:
    made = written(cast, recipients=(cast.far.pk, cast.first.pk, cast.committee.pk))
    assert list(made.recipients.all()) == [cast.first]
    nobody = written(cast, recipients=(cast.far.pk,))
    with pytest.raises(ValidationError):
        send(work_list=nobody, version=nobody.version, by=cast.staff)


def test_what_was_sent_is_fixed_and_sending_twice_asks_once(cast: Cast) -> None:
    made = sent(cast)
    assert send(work_list=made, version=1, by=cast.city_staff).sent_by == cast.staff
    assert Task.objects.count() == 4
    with pytest.raises(ValidationError, match="已下发"):
        write(organisation=cast.committee, content=content(cast), by=cast.staff, work_list=made, version=made.version)
    assert WorkItem.objects.count() == 2


def test_a_list_changed_meanwhile_is_neither_saved_nor_sent(cast: Cast) -> None:
    made = written(cast)
    changed = content(cast, title="另一份清单")
    write(organisation=cast.committee, content=changed, by=cast.city_staff, work_list=made, version=1)
    with pytest.raises(ListChanged):
        write(organisation=cast.committee, content=content(cast), by=cast.staff, work_list=made, version=1)
    with pytest.raises(ListChanged):
        send(work_list=made, version=1, by=cast.staff)


def test_a_withdrawn_list_is_answered_no_more_and_leaves_the_to_do(cast: Cast) -> None:
    made = sent(cast)
    assert len(open_tasks(cast.first, TODAY)) == 2
    withdraw(work_list=made, version=made.version, reason="内容重复", by=cast.staff)
    assert open_tasks(cast.first, TODAY) == []
    for act in (
        lambda: answer(task=task_of(cast), state="done", words="已报", version=1, by=cast.recorder),
        lambda: plan(task=task_of(cast, 2), by=cast.recorder),
        lambda: withdraw(work_list=made, version=made.version, reason="再撤", by=cast.staff),
    ):
        with pytest.raises(ValidationError):
            act()
    assert not Activity.objects.exists()


def test_words_are_needed_and_a_colleagues_answer_is_not_written_over(cast: Cast) -> None:
    sent(cast)
    with pytest.raises(ValidationError):
        answer(task=task_of(cast), state="declined", words="", version=1, by=cast.recorder)
    answer(task=task_of(cast), state="done", words="已报", version=1, by=cast.recorder)
    answer(task=task_of(cast), state="done", words="已报", version=1, by=cast.recorder)
    with pytest.raises(AnsweredMeanwhile):
        answer(task=task_of(cast), state="declined", words="没有条件", version=1, by=cast.secretary)
    assert task_of(cast).answer == "已报"


def test_an_item_with_an_activity_is_done_by_the_record_only(cast: Cast) -> None:
    made = sent(cast)
    task = task_of(cast, 2)
    with pytest.raises(ValidationError):
        answer(task=task, state="done", words="讲过了", version=1, by=cast.recorder)
    draft = plan(task=task, by=cast.recorder)
    assert plan(task=task, by=cast.secretary) == draft
    assert (draft.title, draft.held_on, draft.state) == ("上一堂微党课", date(2020, 11, 1), State.DRAFT)
    assert [kind.code for kind in draft.kinds.all()] == ["party_lecture"]
    stands = {}
    for state in (State.DRAFT, State.SUBMITTED, State.RETURNED, State.ACCEPTED, State.DISCARDED):
        Activity.objects.filter(pk=draft.pk).update(state=state)
        stands[state.value] = task_row(task_of(cast, 2), TODAY).stands.value
    assert stands == {
        "draft": "planned", "submitted": "done", "returned": "planned", "accepted": "done", "discarded": "open",
    }  # fmt: skip
    assert answers_to(made, access_of(cast.staff)).count.answered == 0


def test_only_a_record_of_the_branch_and_the_kind_stands_for_an_item(cast: Cast) -> None:
    sent(cast)
    task = task_of(cast, 2)
    for wrong in (
        held(cast.second, "party_lecture", TODAY),
        held(cast.first, "members_meeting", TODAY),
    ):
        with pytest.raises(ValidationError):
            plan(task=task, activity=wrong, by=cast.recorder)
    right = held(cast.first, "party_lecture", TODAY)
    assert plan(task=task, activity=right, by=cast.recorder) == right
    assert task_row(task_of(cast, 2), TODAY).is_answered


def test_answers_are_counted_by_item_and_branch_with_who_is_missing(cast: Cast) -> None:
    made = sent(cast)
    answer(task=task_of(cast), state="declined", words="没有条件", version=1, by=cast.recorder)
    shown = answers_to(made, access_of(cast.staff))
    assert (shown.count.answered, shown.count.total) == (1, 4)
    assert [(row.count.answered, list(row.missing)) for row in shown.items] == [
        (1, [cast.second]),
        (0, [cast.first, cast.second]),
    ]
    assert [row.count.answered for row in shown.branches] == [1, 0]
