import hashlib
import io
import json
import os
import tarfile
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any

from django.db import connection, transaction

from foundation import archive
from foundation.clock import now
from foundation.encryption import key_fingerprints
from foundation.models import StoredFile

CHUNK = 1024 * 1024


@dataclass
class BackupReport:
    rows: dict[str, int] = field(default_factory=dict)
    files: int = 0
    missing_files: list[str] = field(default_factory=list)


def back_up(*, target: Path) -> BackupReport:
    """Write everything of one moment into a new tar file; people may go on working meanwhile.

    Raises FileExistsError when `target` exists. On any failure, a full disk included, nothing is left behind.
    """
    if target.exists():
        raise FileExistsError(target)
    partial = target.with_name(target.name + ".part")
    report = BackupReport()
    try:
        with os.fdopen(os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            with tarfile.open(fileobj=file, mode="w|") as tar, one_moment():
                _write_members(tar, target.parent, report)
            file.flush()
            os.fsync(file.fileno())
        os.link(partial, target)  # unlike a rename, this fails when somebody else has made the file meanwhile
    finally:
        partial.unlink(missing_ok=True)
    return report


@contextmanager
def one_moment() -> Iterator[None]:
    """Inside, every query sees the database as it was at the first of them; nobody else is kept from writing."""
    if connection.vendor == "sqlite":
        # Django would begin with IMMEDIATE and hold the write lock all the time.
        with connection.cursor() as cursor:
            cursor.execute("BEGIN DEFERRED")
            try:
                yield
            finally:
                cursor.execute("ROLLBACK")
    else:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
            yield


def _write_members(tar: tarfile.TarFile, workspace: Path, report: BackupReport) -> None:
    checksums: dict[str, str] = {}
    for model in archive.kept_models():
        name = archive.member_name(model)
        with tempfile.TemporaryFile(dir=workspace) as rows:
            report.rows[model._meta.label_lower] = _write_lines(rows, archive.rows_of(model))
            checksums[name] = _add(tar, name, rows)
    for path in StoredFile.objects.order_by("path").values_list("path", flat=True).iterator():
        location = StoredFile(path=path).location
        if not location.is_file():
            report.missing_files.append(path)
            continue
        with location.open("rb") as content:
            checksums[f"media/{path}"] = _add(tar, f"media/{path}", content)
        report.files += 1
    manifest: dict[str, Any] = {
        "format": archive.FORMAT,
        "made_at": now().isoformat(),
        "database": connection.vendor,
        "migrations": archive.applied_migrations(),
        "keys": key_fingerprints(),
        "rows": report.rows,
        "missing_files": report.missing_files,
        "checksums": checksums,
    }
    _add(tar, archive.MANIFEST, io.BytesIO(json.dumps(manifest, ensure_ascii=False, indent=1).encode()))


def _write_lines(file: IO[bytes], lines: Iterable[bytes]) -> int:
    count = 0
    for line in lines:
        file.write(line)
        count += 1
    return count


def _add(tar: tarfile.TarFile, name: str, content: IO[bytes]) -> str:
    """Add one member and return the checksum of what was added."""
    content.seek(0, os.SEEK_END)
    member = tarfile.TarInfo(name)
    member.size, member.mode, member.mtime = content.tell(), 0o600, int(now().timestamp())
    content.seek(0)
    reader = _Hashing(content)
    tar.addfile(member, reader)
    return reader.checksum.hexdigest()


class _Hashing:
    def __init__(self, content: IO[bytes]) -> None:
        self.content = content
        self.checksum = hashlib.sha256()

    def read(self, size: int = -1) -> bytes:
        data = self.content.read(size)
        self.checksum.update(data)
        return data
