from branches.models import ProbationDecision
from tests.cast import Cast
from tests.rights.members import MANAGERS
from tests.rights.people import FIRST
from tests.rights.row import Row

FULL = {
    "outcome": "full", "decided_on": "2020-07-03", "document_number": "批〔2020〕7号", "full_on": "2020-07-01",
}  # fmt: skip


def _probationary(cast: Cast) -> list[int]:
    person = cast.people["first6"]
    person.category, person.joined_on, person.full_on = "probationary", person.joined_on.replace(year=2019), None
    person.save()
    return [person.pk]


def _decision(cast: Cast) -> list[object]:
    return [
        "first",
        ProbationDecision.objects.create(
            person_id=_probationary(cast)[0], branch=cast.first, outcome="extended", decided_on="2020-07-03",
            extended_until="2021-01-01", entered_by=cast.staff, entered_on="2020-07-03",
        ).pk,
    ]  # fmt: skip


def _listed(cast: Cast) -> list[object]:
    return _decision(cast)[:1]


ROWS = [
    Row("branches:probations", FIRST, _listed),
    Row("branches:probation", MANAGERS, _probationary),
    Row("branches:probation", MANAGERS, _probationary, 200, lambda cast: FULL, note="preview"),
    Row("branches:probation", MANAGERS, _probationary, 302, lambda cast: FULL | {"step": "confirm"}, note="confirmed"),
    Row("branches:probation_take_back", MANAGERS, _decision),
    Row(
        "branches:probation_take_back",
        MANAGERS,
        _decision,
        302,
        lambda cast: {"reason": "录错人", "step": "confirm"},
        note="confirmed",
    ),
]
