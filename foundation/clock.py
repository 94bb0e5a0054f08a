"""The only clock. Facts about duties and forms ask for the business date; audit times are real."""

from datetime import date, datetime

from django.conf import settings
from django.utils import timezone


def business_date() -> date:
    """The day the system works on: `settings.BUSINESS_DATE` where it is set (the demo), else today in Beijing time."""
    return settings.BUSINESS_DATE or timezone.localdate()


def now() -> datetime:
    """The real time, aware; never shifted by the business date."""
    return timezone.now()
