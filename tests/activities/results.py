"""Results as tests need them."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile

from activities.actions.results import Content
from activities.models import Result, ResultFile
from foundation.actions.files import store
from tests.cast import TODAY, Cast

DAY = date(2020, 6, 29)
PDF = b"%PDF-1.4\n%%EOF\n"


def content(**changes: Any) -> Content:
    return Content(**({"title": "红色讲台", "achieved_on": DAY, "year": 2020} | changes))


def written(cast: Cast, **changes: Any) -> Result:
    """A brand of the first branch; `changes` make anything else of it."""
    usual = {
        "organisation": cast.first, "kind": "brand", "title": "红色讲台", "achieved_on": DAY, "year": 2020,
        "entered_on": TODAY, "entered_by": cast.recorder,
    }  # fmt: skip
    return Result.objects.create(**(usual | changes))


def honour(cast: Cast, **changes: Any) -> Result:
    usual = {"kind": "honour", "title": "先进基层党组织", "source": "市直机关工委", "level": "city"}
    return written(cast, **(usual | changes))


def pdf(name: str = "证书.pdf") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, PDF)


def evidence(cast: Cast, result: Result) -> ResultFile:
    return ResultFile.objects.create(result=result, file=store(upload=pdf(), by=cast.recorder))
