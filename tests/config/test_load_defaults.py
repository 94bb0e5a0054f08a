from pathlib import Path

import pytest
from django.core.management import call_command
from django.db.models import Q

from activities.models import ActivityKind, DutyRule, RuleText
from branches.models import Education, Nation
from config.loading.defaults import DIRECTORY, load_defaults
from config.loading.files import FixtureError
from foundation.models import AuditEntry
from reports.models import Indicator, Scheme


def copied(to: Path) -> Path:
    for file in DIRECTORY.iterdir():
        (to / file.name).write_bytes(file.read_bytes())
    return to


@pytest.mark.django_db
def test_a_wrong_entry_is_named_and_nothing_is_written(tmp_path: Path) -> None:
    file = copied(tmp_path) / "duty_rules.toml"
    file.write_text(file.read_text().replace('"branch-13-frequency"', '"branch-99"'))
    with pytest.raises(FixtureError, match=r"duty_rules\.toml · group_meeting: RuleText matching query"):
        load_defaults(tmp_path)
    assert not Nation.objects.exists()


@pytest.mark.django_db
def test_a_broken_file_is_named(tmp_path: Path) -> None:
    (copied(tmp_path) / "kinds.toml").write_text("[[kind]\n")
    with pytest.raises(FixtureError, match=r"kinds\.toml"):
        load_defaults(tmp_path)


@pytest.mark.django_db
def test_what_an_administrator_edited_stays(defaults: None) -> None:
    Nation.objects.filter(code="01").update(name="改过")
    DutyRule.objects.filter(code="party_lecture").update(rhythm="half_year", first_year=2020)
    Indicator.objects.filter(name="群众评价").update(points=7)
    Education.objects.filter(code="90").update(is_active=False)
    assert load_defaults() == {}
    assert Nation.objects.get(code="01").name == "改过"
    assert DutyRule.objects.get(code="party_lecture").rhythm == "half_year"
    assert Indicator.objects.get(name="群众评价").points == 7
    assert not Education.objects.get(code="90").is_active


@pytest.mark.django_db
def test_only_what_is_missing_is_created(defaults: None) -> None:
    Nation.objects.get(code="15").delete()
    assert load_defaults() == {Nation: 1}
    assert AuditEntry.objects.filter(verb="defaults.load").count() == 2


def test_the_defaults_are_complete(defaults: None) -> None:
    assert Nation.objects.count() == 58
    assert set(ActivityKind.objects.values_list("code", "body")) == {
        ("members_meeting", "members"),
        ("committee_meeting", "committee"),
        ("group_meeting", "group"),
        ("party_lecture", "members"),
        ("themed_party_day", "members"),
        ("organisational_life_meeting", "members"),
        ("democratic_appraisal", "members"),
        ("heart_to_heart", "participants"),
        ("study_session", "participants"),
        ("forum", "participants"),
        ("volunteer_service", "participants"),
        ("political_inspection", "participants"),
        ("personnel_inspection", "participants"),
    }
    assert set(DutyRule.objects.values_list("code", "rhythm", "applies_to", "kinds__code")) == {
        ("members_meeting", "quarter", "all", "members_meeting"),
        ("committee_meeting", "month", "with_committee", "committee_meeting"),
        ("group_meeting", "month", "with_groups", "group_meeting"),
        ("party_lecture", "quarter", "all", "party_lecture"),
        ("themed_party_day", "month", "all", "themed_party_day"),
        ("organisational_life_meeting", "year", "all", "organisational_life_meeting"),
        ("democratic_appraisal", "year", "all", "democratic_appraisal"),
    }
    assert not RuleText.objects.get(code="practice-lecture").is_verified


def test_the_default_scheme_is_complete_in_english(defaults: None) -> None:
    assert not Scheme.objects.filter(Q(title_en="") | Q(note_en="")).exists()
    assert not Indicator.objects.filter(Q(name_en="") | Q(requirement_en="") | Q(section__name_en="")).exists()


def test_the_default_scheme_adds_up_to_100(defaults: None) -> None:
    scheme = Scheme.objects.get(organisation=None)
    indicators = Indicator.objects.filter(section__scheme=scheme)
    assert sum(indicator.points for indicator in indicators) == 100
    duties = [i.parameters["rule"] for i in indicators if i.scoring == Indicator.Scoring.DUTY]
    assert set(duties) == set(DutyRule.objects.values_list("code", flat=True))


def test_missing_english_is_filled_beside_chinese_that_is_still_ours(defaults: None) -> None:
    Scheme.objects.update(title_en="", note_en="")
    Indicator.objects.filter(name="群众评价").update(name="群众测评", name_en="")
    Indicator.objects.filter(name="支部品牌").update(name_en="Ours", requirement_en="")
    assert load_defaults() == {Scheme: 1}
    assert load_defaults() == {}
    scheme = Scheme.objects.get(organisation=None)
    assert scheme.title_en.startswith("Yearly assessment")
    assert scheme.note_en
    assert Indicator.objects.get(name="群众测评").name_en == ""
    brand = Indicator.objects.get(name="支部品牌")
    assert brand.name_en == "Ours"
    assert brand.requirement_en


@pytest.mark.django_db
def test_the_command_prints_counts(capsys: pytest.CaptureFixture[str]) -> None:
    call_command("load_defaults")
    assert "58" in capsys.readouterr().out
    call_command("load_defaults")
    assert "58" not in capsys.readouterr().out
