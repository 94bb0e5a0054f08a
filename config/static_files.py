import hashlib
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command

# Right-to-left and partial builds of Bootstrap that no page uses; collecting them takes most of the time.
UNUSED = ["*rtl*", "bootstrap-*", "*.esm.*"]


def collect_if_changed() -> bool:
    """Collect the static files unless nothing changed since the last time; True if it collected."""
    stamp: Path = settings.VAR_DIR / "static.stamp"
    fingerprint = _fingerprint()
    if stamp.is_file() and stamp.read_text() == fingerprint and Path(settings.STATIC_ROOT).is_dir():
        return False
    call_command("collectstatic", interactive=False, clear=True, verbosity=0, ignore_patterns=UNUSED)
    stamp.write_text(fingerprint)
    return True


def _fingerprint() -> str:
    found = hashlib.sha256()
    for finder in get_finders():
        for name, storage in finder.list(UNUSED):
            status = Path(storage.path(name)).stat()
            found.update(f"{name}|{status.st_size}|{status.st_mtime_ns}\n".encode())
    return found.hexdigest()
