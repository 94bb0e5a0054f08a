from __future__ import annotations

import pytest
from django.template import Context, Template

from activities.models import RuleText
from activities.rules.help import HELP
from tests.activities.held import held
from tests.cast import TODAY, Cast


def test_every_source_named_is_a_rule_text_that_is_loaded(defaults: None) -> None:
    codes = {code for one in HELP.values() for code in one.cited}
    assert codes == set(RuleText.objects.filter(code__in=codes).values_list("code", flat=True))


@pytest.mark.parametrize("topic", HELP)
def test_each_is_shown_with_its_sources_by_at_most_one_query(
    topic: str,
    defaults: None,
    django_assert_num_queries,  # type: ignore[no-untyped-def]
) -> None:
    with django_assert_num_queries(1 if HELP[topic].cited else 0):
        page = Template("{% load help %}{% help topic %}").render(Context({"topic": topic}))
    assert str(HELP[topic].texts[0]) in page
    assert page.count("<li>") == len(HELP[topic].cited)


def test_a_source_an_installation_lacks_is_left_out(db: None) -> None:
    page = Template("{% load help %}{% help 'vote' %}").render(Context())
    assert "<li>" not in page
    assert "半数" in page


def test_a_record_with_two_votes_explains_them_once(cast: Cast, sign_in) -> None:  # type: ignore[no-untyped-def]
    activity = held(cast.first, "members_meeting", TODAY)
    for position in (1, 2):
        activity.agenda.create(position=position, title="议题", vote_rule="decision", votes_for=7)
    page = sign_in(cast.secretary).get(f"/activities/{activity.pk}/").content.decode()
    assert page.count("不以到会人数的半数计") == 1
