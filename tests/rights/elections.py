from branches.models import Election
from tests.cast import Cast
from tests.rights.members import MANAGERS
from tests.rights.people import FIRST
from tests.rights.row import Row


def votes(cast: Cast) -> dict[str, object]:
    """An election of the first branch with a new secretary and two members of the committee."""
    data: dict[str, object] = {
        "kind": "term", "on": "2020-10-20", "has_committee": "on", "voters_expected": 7, "voters_present": 6,
        "ballots_issued": 6, "ballots_returned": 6, "rows-TOTAL_FORMS": 6, "rows-INITIAL_FORMS": 0,
    }  # fmt: skip
    for number, (key, post, elected) in enumerate(
        (("first3", "secretary", True), ("first1", "organisation", True), ("first4", "committee_member", False))
    ):
        data |= {f"rows-{number}-person": cast.people[key].pk, f"rows-{number}-post": post}
        data |= {f"rows-{number}-votes_for": 6 if elected else 1}
        if elected:
            data[f"rows-{number}-is_elected"] = "on"
    return data


def _election(cast: Cast) -> list[object]:
    return [
        "first",
        Election.objects.create(
            organisation=cast.first, held_on="2020-10-20", voters_expected=7, voters_present=6, ballots_issued=6,
            ballots_returned=6, entered_by=cast.staff, entered_on="2020-10-20",
        ).pk,
    ]  # fmt: skip


ROWS = [
    Row("branches:elections", FIRST, lambda cast: ["first"]),
    Row("branches:elections", "staff auditor city_staff admin", lambda cast: ["committee"], note="above branches"),
    Row("branches:election", FIRST, _election),
    Row("branches:election_new", MANAGERS, lambda cast: ["first"]),
    Row("branches:election_new", MANAGERS, lambda cast: ["first"], 200, votes, note="preview"),
    Row(
        "branches:election_new",
        MANAGERS,
        lambda cast: ["first"],
        302,
        lambda cast: votes(cast) | {"step": "confirm"},
        note="confirmed",
    ),
    Row("branches:election_reply", MANAGERS, _election),
    Row(
        "branches:election_reply",
        MANAGERS,
        _election,
        302,
        lambda cast: {"reply_number": "批〔2020〕3号", "reply_on": "2020-10-26", "step": "confirm"},
        note="confirmed",
    ),
]
