import re
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from django import forms
from django.core.paginator import Paginator
from django.template import Context, Template
from django.test import RequestFactory
from django.utils.html import strip_tags
from django.utils.translation import override

from foundation.templatetags import looks

ROOT = Path(__file__).parents[3]
SYMBOLS = set(re.findall(r'<symbol id="([a-z-]+)"', (ROOT / "static/icons.svg").read_text()))
INLINE = re.compile(r'\sstyle="|\son[a-z]+="|<script(?![^>]*\bsrc=)|<style', re.IGNORECASE)


@pytest.fixture(autouse=True)
def demo_day(settings):
    settings.BUSINESS_DATE = date(2020, 10, 26)


def render(source: str, **context: object) -> str:
    return Template("{% load looks %}" + source).render(Context(context))


def test_an_unknown_status_is_an_error_not_an_empty_cell():
    with pytest.raises(KeyError):
        render('{% status "sleeping" %}')


def test_every_symbol_used_is_drawn():
    used = {mark.symbol for mark in looks.STATUSES.values() if mark.symbol}
    for page in (ROOT / "templates").rglob("*.html"):
        used |= set(re.findall(r'{% icon "([^"]+)" %}', page.read_text()))
    assert used <= SYMBOLS


def test_no_template_has_inline_style_or_script():
    guilty = [str(page) for page in (ROOT / "templates").rglob("*.html") if INLINE.search(page.read_text())]
    assert guilty == []


def test_a_replaced_word_still_speaks_the_status():
    html = render('{% status "overdue" "逾26天" %}')
    with override("en"):
        assert strip_tags(render('{% status "overdue" "26 days" %}')) == "Overdue 26 days"
    assert "visually-hidden" in html


def test_a_bare_status_carries_its_word_for_the_ear_and_the_pointer():
    with override("en"):
        html = render('{% status "missed" bare=True %}')
    assert 'title="Missed"' in html
    assert strip_tags(html) == "Missed"


@pytest.mark.parametrize(
    ("value", "text"),
    [(None, "—"), (date(2020, 10, 8), "8 Oct"), (date(2019, 10, 28), "28 Oct 2019")],
)
def test_day_shows_the_year_only_when_it_is_another(value, text):
    with override("en"):
        assert strip_tags(looks.day(value)) == text


@pytest.mark.parametrize(
    ("ratio", "text"),
    [(None, "—"), (0, "0%"), (Decimal("0.83333"), "83.3%"), (1, "100%"), (0.05, "5%")],
)
def test_an_undefined_rate_is_a_dash_never_zero(ratio, text):
    assert looks.percent(ratio) == text


@pytest.mark.parametrize(
    ("score", "text"),
    [(None, "—"), (Decimal("5.50"), "5.5"), (Decimal("100.00"), "100"), (0, "0"), (Decimal("-1"), "-1")],
)
def test_points_lose_trailing_zeros_only(score, text):
    assert looks.points(score) == text


def test_page_links_keep_the_filters():
    request = RequestFactory().get("/", {"status": "overdue", "page": "2"})
    html = render(
        '{% include "_partials/pagination.html" %}', page_obj=Paginator(range(90), 20).get_page(2), request=request
    )
    assert "?status=overdue&amp;page=3" in html


class Meeting(forms.Form):
    title = forms.CharField(label="Title", help_text="What it was about")
    kinds = forms.MultipleChoiceField(
        label="Kinds", choices=[("a", "Lecture"), ("b", "Study")], widget=forms.CheckboxSelectMultiple
    )
    note = forms.CharField(label="Note", required=False)


def test_a_refused_form_links_each_error_to_its_field():
    with override("en"):
        html = str(Meeting({"kinds": ["a"]}))
    assert '<a href="#id_title">Title: This field is required.</a>' in html
    assert 'aria-describedby="id_title_helptext id_title_error"' in html
    assert 'id="id_title_error"' in html


def test_a_fresh_form_has_no_error_summary_and_marks_what_is_optional():
    with override("en"):
        html = str(Meeting())
    assert "error-summary" not in html
    assert html.count("optional</span>") == 1


def test_an_error_of_a_group_of_boxes_has_somewhere_to_jump():
    with override("en"):
        html = str(Meeting({"title": "x"}))
    anchor = re.search(r'href="#(id_kinds[^"]*)"', html)
    assert anchor
    assert f'id="{anchor[1]}"' in html
