"""Symbols, status words, dates and numbers as every page shows them."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any, NamedTuple

from django import template
from django.contrib.messages.storage.base import Message
from django.core.paginator import Page
from django.forms import BaseForm
from django.templatetags.static import static
from django.utils import timezone
from django.utils.dateformat import format as format_date
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext, pgettext, pgettext_lazy

from foundation.clock import business_date
from foundation.messages import UNDO

register = template.Library()

NOTHING = "—"


class Mark(NamedTuple):
    symbol: str
    word: Any


STATUSES = {
    # duties
    "met": Mark("met", pgettext_lazy("status", "Done")),
    "pending": Mark("pending", pgettext_lazy("status", "In review")),
    "soon": Mark("soon", pgettext_lazy("status", "Due soon")),
    "open": Mark("open", pgettext_lazy("status", "Open")),
    "overdue": Mark("overdue", pgettext_lazy("status", "Overdue")),
    "missed": Mark("missed", pgettext_lazy("status", "Missed")),
    "exempt": Mark("exempt", pgettext_lazy("status", "Exempt")),
    "na": Mark("na", pgettext_lazy("status", "N/A")),
    # records
    "planned": Mark("open", pgettext_lazy("status", "Planned")),
    "draft": Mark("draft", pgettext_lazy("status", "Draft")),
    "submitted": Mark("pending", pgettext_lazy("status", "In review")),
    "returned": Mark("returned", pgettext_lazy("status", "Returned")),
    "accepted": Mark("accepted", pgettext_lazy("status", "Accepted")),
    "cancelled": Mark("na", pgettext_lazy("status", "Cancelled")),
    # attendance
    "present": Mark("present", pgettext_lazy("status", "Present")),
    "leave": Mark("leave", pgettext_lazy("status", "On leave")),
    "absent": Mark("absent", pgettext_lazy("status", "Absent")),
    "unrecorded": Mark("unrecorded", pgettext_lazy("status", "Unrecorded")),
    "guest": Mark("", pgettext_lazy("status", "Attending as guest")),
    # rows of an import
    "create": Mark("create", pgettext_lazy("status", "New")),
    "update": Mark("update", pgettext_lazy("status", "Update")),
    "move": Mark("move", pgettext_lazy("status", "Moves in")),
    "unchanged": Mark("unchanged", pgettext_lazy("status", "Unchanged")),
    "leaver": Mark("leaver", pgettext_lazy("status", "Perhaps left")),
    "refused": Mark("refused", pgettext_lazy("status", "Refused")),
    "skip": Mark("na", pgettext_lazy("status", "Not written")),
    # findings
    "feedback": Mark("open", pgettext_lazy("status", "Awaiting reply")),
    "rectifying": Mark("soon", pgettext_lazy("status", "In rectification")),
    "verify": Mark("pending", pgettext_lazy("status", "To be verified")),
    "unrectified": Mark("overdue", pgettext_lazy("status", "Past due, not rectified")),
    "closed": Mark("met", pgettext_lazy("status", "Closed")),
    # background work
    "waiting": Mark("open", pgettext_lazy("status", "Waiting")),
    "running": Mark("pending", pgettext_lazy("status", "Running")),
    "failed": Mark("overdue", pgettext_lazy("status", "Failed")),
}


@register.simple_tag
def icon(name: str) -> SafeString:
    """A symbol of static/icons.svg; always beside words, so it is hidden from screen readers."""
    return format_html('<svg class="icon" aria-hidden="true"><use href="{}#{}"></use></svg>', static("icons.svg"), name)


@register.simple_tag
def status(key: str, text: Any = None, *, bare: bool = False) -> SafeString:
    """Symbol and word of a status; `text` replaces the word ("逾26天").

    With `bare` the word is only spoken and shown as a tooltip: use it where a legend stands above.
    """
    mark = STATUSES[str(key)]
    symbol = icon(mark.symbol) if mark.symbol else ""
    if bare:
        return format_html(
            '<span class="status status-{}" title="{}">{}<span class="visually-hidden">{}</span></span>',
            key, text or mark.word, symbol, text or mark.word,
        )  # fmt: skip
    if text and str(text) != str(mark.word):
        spoken = format_html('<span class="visually-hidden">{} </span>', mark.word)
        return format_html('<span class="status status-{}">{}{}<span>{}</span></span>', key, symbol, spoken, text)
    return format_html('<span class="status status-{}">{}<span>{}</span></span>', key, symbol, mark.word)


@register.filter
def status_word(key: str) -> str:
    return str(STATUSES[str(key)].word)


@register.filter
def day(value: date | None) -> SafeString:
    """10月28日, with the year only when it is not the business year."""
    if value is None:
        return format_html("{}", NOTHING)
    local = _local_date(value)
    if local.year != business_date().year:
        return day_full(value)
    return _time(local, format_date(local, pgettext("date format", "j M")))


@register.filter
def day_full(value: date | None) -> SafeString:
    """2020年10月28日."""
    if value is None:
        return format_html("{}", NOTHING)
    local = _local_date(value)
    return _time(local, format_date(local, pgettext("date format", "j M Y")))


@register.filter
def weekday(value: date | None) -> str:
    return format_date(_local_date(value), "l") if value else NOTHING


@register.filter
def moment(value: datetime | None) -> SafeString:
    """10月26日 09:40: real time, for traces and signatures."""
    if value is None:
        return format_html("{}", NOTHING)
    local = timezone.localtime(value)
    pattern = pgettext("date format", "j M Y H:i")
    return format_html(
        '<time datetime="{}">{}</time>', local.isoformat(timespec="minutes"), format_date(local, pattern)
    )


@register.filter
def percent(value: float | Decimal | None) -> str:
    """A ratio between 0 and 1 as 83.3%; an undefined one is a dash, never 0."""
    if value is None:
        return NOTHING
    return f"{points(round(Decimal(str(value)) * 100, 1))}%"


@register.filter
def points(value: float | Decimal | None) -> str:
    """A score without trailing zeros: 5.50 → 5.5, 8.00 → 8."""
    if value is None:
        return NOTHING
    text = f"{Decimal(str(value)):f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


@register.filter
def undo_url(message: Message) -> str:
    tags = message.extra_tags or ""
    return tags.removeprefix(UNDO) if tags.startswith(UNDO) else ""


@register.simple_tag(takes_context=True)
def error_links(context: template.Context) -> list[tuple[str, str]]:
    """(text, anchor) of every error of the context's `form`, in the order of its fields, then of `more_errors`."""
    more = list(context.get("more_errors") or [])
    form: BaseForm | None = context.get("form")
    if not form or not form.is_bound:
        return more
    links = [(str(error), "") for error in form.non_field_errors()]
    for field in form:
        anchor = field.id_for_label or field.auto_id
        texts = [gettext("{label}: {error}").format(label=field.label, error=error) for error in field.errors]
        links += [(text, anchor) for text in texts]
    return links + more


@register.filter
def page_numbers(page: Page) -> list[int | None]:
    """Page numbers around the current one; None stands for a gap."""
    return [number if isinstance(number, int) else None
            for number in page.paginator.get_elided_page_range(page.number, on_each_side=2, on_ends=1)]  # fmt: skip


@register.simple_tag(takes_context=True)
def page_link(context: template.Context, number: int) -> str:
    """The address of another page with the filters of this one."""
    query = context["request"].GET.copy()
    query["page"] = str(number)
    return f"?{query.urlencode()}"


def _local_date(value: date) -> date:
    if isinstance(value, datetime):
        return timezone.localtime(value).date() if timezone.is_aware(value) else value.date()
    return value


def _time(value: date, text: str) -> SafeString:
    return format_html('<time datetime="{}">{}</time>', value.isoformat(), text)
