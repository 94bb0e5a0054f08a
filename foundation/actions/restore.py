import hashlib
import json
import os
import shutil
import tarfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path, PurePosixPath
from typing import IO, Any

from django.conf import settings
from django.core.management.color import no_style
from django.db import connection, models, transaction
from django.utils.translation import gettext as _

from foundation import archive
from foundation.clock import now
from foundation.encryption import key_fingerprints
from foundation.models import Job
from foundation.models.jobs import JobState

CHUNK = 1024 * 1024


class RestoreRefused(Exception):
    """The backup was not restored, and nothing was changed; the text says why."""


@dataclass
class RestoreReport:
    rows: dict[str, int] = field(default_factory=dict)
    files: int = 0
    missing_keys: list[str] = field(default_factory=list)


def restore(*, source: Path) -> RestoreReport:
    """Fill an empty, migrated database and the media directory from a backup.

    Raises RestoreRefused, with nothing changed, when the backup does not fit or the system is not empty.
    Every checksum is verified before the first row is written. On any failure, a full disk included, nothing stays.
    """
    _refuse_unless_empty()
    manifest = _verified_manifest(source)
    _refuse_other_version(manifest)
    own_keys = key_fingerprints()
    report = RestoreReport(
        missing_keys=[name for name, mark in manifest["keys"].items() if mark not in own_keys.values()]
    )
    by_member = {archive.member_name(model): model for model in archive.kept_models()}
    with transaction.atomic(), tarfile.open(source) as tar, _kept_whole_or_not() as destinations:
        _clear_what_migrate_made()
        for member in tar:
            content = tar.extractfile(member)
            if content is None or member.name == archive.MANIFEST:
                continue
            if member.name in by_member:
                model = by_member[member.name]
                report.rows[model._meta.label_lower] = _insert(model, content)
            else:
                destinations.append(Path(settings.MEDIA_ROOT) / PurePosixPath(member.name).relative_to("media"))
                _write_file(destinations[-1], content)
                report.files += 1
        _reset_sequences(by_member.values())
        _end_unfinished_jobs()
        _refuse_other_counts(manifest["rows"], report.rows)
    return report


def _refuse_unless_empty() -> None:
    for model in archive.kept_models():
        if model._meta.label_lower not in archive.MADE_BY_MIGRATE and models.QuerySet(model).exists():
            raise RestoreRefused(
                _("The database is not empty (%(table)s has rows). Restore into a new, empty database.")
                % {"table": model._meta.verbose_name}
            )


def _verified_manifest(source: Path) -> dict[str, Any]:
    found: dict[str, str] = {}
    manifest: dict[str, Any] | None = None
    try:
        with tarfile.open(source) as tar:
            for member in tar:
                _refuse_strange_member(member)
                content = tar.extractfile(member)
                if content is None:
                    continue
                if member.name == archive.MANIFEST:
                    manifest = json.load(content)
                else:
                    found[member.name] = _checksum(content)
    except (tarfile.TarError, EOFError, ValueError) as error:
        raise RestoreRefused(_("The file is not a whole backup: %(reason)s.") % {"reason": error}) from error
    if manifest is None:
        raise RestoreRefused(_("The file is not a whole backup: %(reason)s.") % {"reason": _("it has no manifest")})
    checksums = manifest.get("checksums", {})
    damaged = sorted(name for name in {*found, *checksums} if found.get(name) != checksums.get(name))
    if damaged:
        raise RestoreRefused(
            _("The backup is damaged; these parts differ: %(names)s.") % {"names": ", ".join(damaged[:5])}
        )
    return manifest


def _refuse_strange_member(member: tarfile.TarInfo) -> None:
    path = PurePosixPath(member.name)
    known = member.name == archive.MANIFEST or path.parts[0] in ("rows", "media")
    if not (member.isreg() and known and not path.is_absolute() and ".." not in path.parts):
        raise RestoreRefused(_("The backup holds a part that does not belong there: %(name)s.") % {"name": member.name})


def _refuse_other_version(manifest: dict[str, Any]) -> None:
    if manifest.get("format") != archive.FORMAT or manifest.get("migrations") != archive.applied_migrations():
        raise RestoreRefused(
            _("The backup was made by another version of the program. Install that version, restore, then upgrade.")
        )


def _refuse_other_counts(expected: dict[str, int], restored: dict[str, int]) -> None:
    if expected != restored:
        raise RestoreRefused(_("The number of rows does not agree with the manifest; nothing was restored."))


def _clear_what_migrate_made() -> None:
    for model in archive.kept_models():
        if model._meta.label_lower in archive.MADE_BY_MIGRATE:
            models.QuerySet(model).delete()


def _insert(model: type[models.Model], lines: Iterable[bytes]) -> int:
    """Insert rows as they stand: without `save()`, automatic times or a tree that reorders itself."""
    fields = archive.stored_columns(model)
    quote = connection.ops.quote_name
    columns = ", ".join(quote(str(column.column)) for column in fields)
    row_marks = "(" + ", ".join(["%s"] * len(fields)) + ")"
    at_once = max(1, (connection.features.max_query_params or 10_000) // len(fields))
    count, source = 0, iter(lines)
    with connection.cursor() as cursor:
        while chunk := [archive.values_from(line, fields) for line in islice(source, min(at_once, 500))]:
            marks = ", ".join([row_marks] * len(chunk))
            statement = f"INSERT INTO {quote(model._meta.db_table)} ({columns}) VALUES {marks}"  # noqa: S608 - quoted names
            cursor.execute(statement, [value for row in chunk for value in row])
            count += len(chunk)
    return count


@contextmanager
def _kept_whole_or_not() -> Iterator[list[Path]]:
    """Takes away the files named inside when it fails: no row will point to them."""
    destinations: list[Path] = []
    try:
        yield destinations
    except BaseException:
        for destination in destinations:
            destination.unlink(missing_ok=True)
        raise


def _write_file(destination: Path, content: IO[bytes]) -> None:
    destination.parent.mkdir(parents=True, exist_ok=True)
    with os.fdopen(os.open(destination, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
        shutil.copyfileobj(content, file, CHUNK)
        file.flush()
        os.fsync(file.fileno())


def _checksum(content: IO[bytes]) -> str:
    found = hashlib.sha256()
    while data := content.read(CHUNK):
        found.update(data)
    return found.hexdigest()


def _reset_sequences(restored: Iterable[type[models.Model]]) -> None:
    with connection.cursor() as cursor:
        for statement in connection.ops.sequence_reset_sql(no_style(), list(restored)):
            cursor.execute(statement)


def _end_unfinished_jobs() -> None:
    """The queue is not part of a backup, so what was waiting in it will never run."""
    error = _("The work was interrupted by restoring a backup. Please start it again.")
    Job.objects.unfinished().update(state=JobState.FAILED, error=error, finished_at=now())
