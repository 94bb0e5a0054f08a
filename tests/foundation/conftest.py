from pathlib import Path

import pytest
from django.contrib.auth.base_user import AbstractBaseUser
from pytest_django import Settings

from branches.models import User


@pytest.fixture
def writer(db: None) -> AbstractBaseUser:
    return User.objects.create(username="writer", name="王记录")


@pytest.fixture(autouse=True)
def media(settings: Settings, tmp_path: Path) -> Path:
    settings.MEDIA_ROOT = tmp_path / "media"
    return tmp_path / "media"
