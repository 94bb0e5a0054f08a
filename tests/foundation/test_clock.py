from datetime import UTC, date, datetime
from unittest.mock import patch

from pytest_django import Settings

from foundation.clock import business_date, now


def test_without_the_setting_the_business_date_is_today_in_beijing(settings: Settings) -> None:
    settings.BUSINESS_DATE = None
    with patch("django.utils.timezone.now", return_value=datetime(2026, 3, 1, 17, 0, tzinfo=UTC)):
        assert business_date() == date(2026, 3, 2)


def test_the_setting_moves_the_business_date_but_not_the_time(settings: Settings) -> None:
    settings.BUSINESS_DATE = date(2020, 10, 26)
    assert business_date() == date(2020, 10, 26)
    assert now().year > 2020
