from activities.rules.activities import Presence
from activities.rules.content import Content, Item, Mark, differing


def test_equal_contents_do_not_differ() -> None:
    assert differing(Content(title="大会"), Content(title="大会")) == []


def test_order_of_marks_and_unrecorded_people_make_no_difference() -> None:
    one = Content(marks=(Mark(1, Presence.PRESENT), Mark(2, Presence.LEAVE, "病假"), Mark(3)))
    other = Content(marks=(Mark(2, Presence.LEAVE, "病假"), Mark(1, Presence.PRESENT)))
    assert differing(one, other) == []


def test_a_reason_makes_a_difference() -> None:
    one = Content(marks=(Mark(1, Presence.LEAVE, "病假"),))
    assert differing(one, Content(marks=(Mark(1, Presence.LEAVE, "事假"),))) == ["marks"]


def test_fields_come_in_the_order_of_the_form() -> None:
    assert differing(Content(), Content(kinds=("party_lecture",), title="党课", agenda=(Item("学习"),))) == [
        "kinds", "title", "agenda",
    ]  # fmt: skip
