from __future__ import annotations

import threading

import pytest
from django.db import connection

from activities.actions.reviews import MovedMeanwhile, RecordIncomplete, accept, send_back, submit, withdraw
from activities.models import Activity, ReviewStep
from activities.rules.activities import State
from foundation.queries.audit import entries_for
from tests.activities.records import draft, written
from tests.cast import TODAY, Cast, draw


def test_a_second_reviewer_is_told_who_was_quicker(cast: Cast) -> None:
    record = written(cast, State.SUBMITTED)
    accept(activity=record, version=record.version, by=cast.staff)
    with pytest.raises(MovedMeanwhile, match="staff"):
        accept(activity=record, version=record.version, by=cast.city_staff)
    assert record.review_steps.filter(step=ReviewStep.Step.ACCEPTED).count() == 1


def test_accepting_what_was_taken_back_meanwhile_does_nothing(cast: Cast) -> None:
    record = written(cast, State.SUBMITTED)
    withdraw(activity=record, version=record.version, by=cast.secretary)
    with pytest.raises(MovedMeanwhile):
        accept(activity=record, version=record.version, by=cast.staff)
    assert Activity.objects.get().state == State.DRAFT


def test_taking_back_what_was_accepted_meanwhile_does_nothing(cast: Cast) -> None:
    record = written(cast, State.SUBMITTED)
    accept(activity=record, version=record.version, by=cast.staff)
    with pytest.raises(MovedMeanwhile):
        withdraw(activity=record, version=record.version, by=cast.secretary)
    assert Activity.objects.get().state == State.ACCEPTED


def test_a_record_handed_in_anew_is_not_accepted_by_an_old_page(cast: Cast) -> None:
    seen = written(cast, State.SUBMITTED)
    back = withdraw(activity=seen, version=seen.version, by=cast.secretary)
    submit(activity=back, version=back.version, by=cast.secretary)
    with pytest.raises(MovedMeanwhile):
        accept(activity=seen, version=seen.version, by=cast.staff)


@pytest.mark.parametrize("state", [State.SUBMITTED, State.ACCEPTED])
def test_only_an_open_record_is_handed_in(cast: Cast, state: str) -> None:
    record = written(cast, state)
    with pytest.raises(MovedMeanwhile):
        submit(activity=record, version=record.version, by=cast.secretary)


@pytest.mark.parametrize("reason", ["", "  \n"])
def test_a_return_needs_a_reason(cast: Cast, reason: str) -> None:
    record = written(cast, State.SUBMITTED)
    with pytest.raises(ValueError, match="reason"):
        send_back(activity=record, version=record.version, reason=reason, by=cast.staff)


def test_the_whole_way_leaves_its_steps_and_its_trail(cast: Cast) -> None:
    record = draft(cast)
    record = submit(activity=record, version=record.version, by=cast.secretary)
    assert (record.submitted_on, record.submitted_by) == (TODAY, cast.secretary)
    record = send_back(activity=record, version=record.version, reason="缺少签到表", by=cast.staff)
    record = submit(activity=record, version=record.version, by=cast.secretary)
    record = accept(activity=record, version=record.version, by=cast.staff)
    assert (record.accepted_on, record.accepted_by) == (TODAY, cast.staff)
    record = send_back(activity=record, version=record.version, reason="票数有误", by=cast.staff)
    assert (record.state, record.accepted_on, record.accepted_by) == (State.RETURNED, None, None)
    steps = list(record.review_steps.values_list("step", "reason", "organisation_name"))
    assert steps == [
        ("submitted", "", "第一党支部"),
        ("returned", "缺少签到表", "水利局机关党委"),
        ("submitted", "", "第一党支部"),
        ("accepted", "", "水利局机关党委"),
        ("returned", "票数有误", "水利局机关党委"),
    ]
    verbs = [entry.verb.removeprefix("activity.") for entry in entries_for(record)][::-1]
    assert verbs == ["create", "submit", "return", "submit", "accept", "return"]


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif("connection.vendor == 'sqlite'", reason="the in-memory database has one connection")
def test_accept_and_withdraw_at_once_one_wins() -> None:
    from django.core.management import call_command

    call_command("load_defaults", verbosity=0)
    cast = draw()
    record = written(cast, State.SUBMITTED)
    gate, told = threading.Barrier(2), []

    def act(verb: object, user: object) -> None:
        gate.wait()
        try:
            verb(activity=record, version=record.version, by=user)  # type: ignore[operator]
        except MovedMeanwhile:
            told.append(user)
        finally:
            connection.close()

    threads = [threading.Thread(target=act, args=pair) for pair in ((accept, cast.staff), (withdraw, cast.secretary))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(told) == 1
    assert record.review_steps.count() == 2


def test_what_is_incomplete_is_not_handed_in(cast: Cast) -> None:
    record = draft(cast, place="")
    with pytest.raises(RecordIncomplete):
        submit(activity=record, version=record.version, by=cast.secretary)
    assert Activity.objects.get().state == State.DRAFT
