import hashlib
import logging
import os
from collections.abc import Collection, Iterable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import IO
from uuid import uuid4

from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext as _
from PIL import Image

from foundation.clock import now
from foundation.encryption import encrypt_content
from foundation.models import StoredFile
from foundation.rules import files as rules

FILES_DIRECTORY = "files"
MAX_PIXELS = 80_000_000
MEGABYTE = 1024 * 1024

logger = logging.getLogger(__name__)


def store(
    *,
    upload: UploadedFile,
    by: AbstractBaseUser | None,
    organisation_id: int | None = None,
    allowed: Collection[rules.FileType] = rules.ALL,
    max_bytes: int | None = None,
    encrypt: bool = False,
) -> StoredFile:
    """Check an upload by its content and keep it, encrypted if it is to be; the caller audits what the file is for.

    Args:
        max_bytes: where files may be of another size than `UPLOAD_MAX_BYTES`.

    Raises ValidationError naming the file and saying what to do about it, also where the disk is full. The content is
    on the disk for good before the row is made, so that a row never points to nothing; what is left over by a failure
    is swept by `prune_files`.
    """
    name = rules.clean_name(upload.name or "")
    file_type = _checked_type(upload, name, allowed, max_bytes or settings.UPLOAD_MAX_BYTES)
    identifier = uuid4()
    path = f"{FILES_DIRECTORY}/{identifier.hex[:2]}/{identifier.hex}"
    try:
        checksum, size = _keep(upload, Path(settings.MEDIA_ROOT) / path, encrypt=encrypt)
    except OSError as error:
        logger.exception("an upload could not be kept")
        raise ValidationError(
            _(
                "“%(name)s” could not be saved: the disk of the server may be full. Tell the administrator, and "
                "choose the file again later."
            ),
            code="disk",
            params={"name": name},
        ) from error
    return StoredFile.objects.create(
        id=identifier,
        name=name,
        content_type=file_type.content_type,
        size=size,
        sha256=checksum,
        path=path,
        uploaded_by_id=by.pk if by else None,
        organisation_id=organisation_id,
        is_encrypted=encrypt,
    )


def store_made(
    *, content: IO[bytes], name: str, content_type: str, by: AbstractBaseUser | None, organisation_id: int | None
) -> StoredFile:
    """Keep a file the system has made itself, encrypted; the caller audits what it is for."""
    content.seek(0)
    plain = content.read()
    identifier = uuid4()
    path = f"{FILES_DIRECTORY}/{identifier.hex[:2]}/{identifier.hex}"
    _write([encrypt_content(plain)], Path(settings.MEDIA_ROOT) / path)
    return StoredFile.objects.create(
        id=identifier,
        name=rules.clean_name(name),
        content_type=content_type,
        size=len(plain),
        sha256=hashlib.sha256(plain).hexdigest(),
        path=path,
        uploaded_by_id=by.pk if by else None,
        organisation_id=organisation_id,
        is_encrypted=True,
    )


def check(*, upload: UploadedFile, allowed: Collection[rules.FileType], max_bytes: int | None = None) -> rules.FileType:
    """What an upload is by its content, without keeping it.

    Raises:
        ValidationError: naming the file and saying what to do about it.
    """
    name = rules.clean_name(upload.name or "")
    return _checked_type(upload, name, allowed, max_bytes or settings.UPLOAD_MAX_BYTES)


def store_all(
    *, uploads: Iterable[UploadedFile], by: AbstractBaseUser, organisation_id: int | None, field: str
) -> list[StoredFile]:
    """Keep every one of several uploads, inside the caller's transaction.

    Raises:
        ValidationError: at `field`, what is wrong with each file refused; the caller then writes nothing.
    """
    refused: list[ValidationError] = []
    kept = []
    for upload in uploads:
        try:
            kept.append(store(upload=upload, by=by, organisation_id=organisation_id))
        except ValidationError as error:
            refused.append(error)
    if refused:
        raise ValidationError({field: refused})
    return kept


def replace_content(*, stored_file: StoredFile, content: bytes) -> None:
    """Put the same content, encrypted anew, in the place of a stored one; readers find one of the two, whole."""
    _write([content], stored_file.location)
    if not StoredFile.objects.filter(pk=stored_file.pk).exists():  # discarded this moment: nothing may be left of it
        stored_file.location.unlink(missing_ok=True)


@transaction.atomic
def discard(*, stored_file: StoredFile) -> None:
    """Delete a file nothing points to any more; its content goes when the surrounding transaction commits."""
    location = stored_file.location
    stored_file.delete()
    # Should this not come to pass, `prune` finds the content.
    transaction.on_commit(lambda: location.unlink(missing_ok=True))


def prune(*, older_than: timedelta = timedelta(days=1)) -> int:
    """Delete the contents no row points to, once they are old enough not to be just arriving; returns how many."""
    known = set(StoredFile.objects.values_list("path", flat=True))
    limit = (now() - older_than).timestamp()
    removed = 0
    for file in (Path(settings.MEDIA_ROOT) / FILES_DIRECTORY).glob("*/*"):
        relative = file.relative_to(settings.MEDIA_ROOT).as_posix()
        if relative not in known and file.stat().st_mtime < limit:
            file.unlink(missing_ok=True)
            removed += 1
    return removed


def _checked_type(
    upload: UploadedFile, name: str, allowed: Collection[rules.FileType], max_bytes: int
) -> rules.FileType:
    if not name:
        raise ValidationError(_("The file has no name. Please give it one and choose it again."), code="name")
    if (upload.size or 0) > max_bytes:
        raise ValidationError(
            _("“%(name)s” is larger than %(limit)s. Please make it smaller and choose it again."),
            code="size",
            params={"name": name, "limit": filesizeformat(max_bytes)},
        )
    if not upload.size:
        raise ValidationError(
            _("“%(name)s” is empty. Please choose another file."), code="empty", params={"name": name}
        )
    is_named_so = any(rules.extension_fits(name, file_type) for file_type in allowed)
    try:
        found = rules.sniff(upload)
    except rules.UnsafeFile as error:
        if is_named_so or error.reason != "damaged":
            raise ValidationError(_unsafe_message(error.reason), code=error.reason, params={"name": name}) from error
        found = None
    if found is None and rules.CSV in allowed and rules.is_text(upload):
        found = _checked_text(name)
    if is_named_so and (found is None or found not in allowed):
        raise ValidationError(
            _("“%(name)s” is not %(kind)s inside; its extension may have been changed. Please choose another file."),
            code="content",
            params={"name": name, "kind": name.rpartition(".")[2].lower()},
        )
    if found is None or found not in allowed:
        raise ValidationError(
            _("“%(name)s” is of a kind that is not accepted here. Accepted: %(kinds)s."),
            code="kind",
            params={"name": name, "kinds": _(", ").join(end for file_type in allowed for end in file_type.extensions)},
        )
    if not rules.extension_fits(name, found):
        raise ValidationError(
            _("“%(name)s” is really a %(kind)s file. Please save it under the right extension and choose it again."),
            code="extension",
            params={"name": name, "kind": found.code},
        )
    if found in rules.IMAGES:
        _check_image(upload, name)
    return found


def _checked_text(name: str) -> rules.FileType | None:
    """Many systems hand out web pages and plain text under the name of a workbook, and Excel opens them."""
    if rules.extension_fits(name, rules.CSV):
        return rules.CSV
    if rules.extension_fits(name, rules.XLS) or rules.extension_fits(name, rules.XLSX):
        raise ValidationError(
            _(
                "“%(name)s” is a web page or plain text, not a workbook, although its name says so. Open it in Excel "
                "or WPS, save it as .xlsx and choose that file."
            ),
            code="text",
            params={"name": name},
        )
    return None


def _unsafe_message(reason: str) -> str:
    if reason == "macros":
        return _("“%(name)s” contains macros. Please save it without macros and choose it again.")
    if reason == "encrypted":
        return _("“%(name)s” is protected by a password. Open it, remove the password, save it and choose it again.")
    if reason == "too_old":
        return _(
            "“%(name)s” was saved by a very old program. Open it in Excel or WPS, save it as .xlsx and choose that "
            "file."
        )
    if reason == "too_large_unpacked":
        return _("“%(name)s” unpacks to too much data. Please choose a smaller file.")
    return _("“%(name)s” is damaged and cannot be opened. Please choose another file.")


def _check_image(upload: UploadedFile, name: str) -> None:
    try:
        with Image.open(upload, formats=["JPEG", "PNG", "WEBP"]) as image:
            width, height = image.size
            if width * height > MAX_PIXELS:
                raise ValidationError(
                    _("The picture “%(name)s” has too many pixels. Please make it smaller and choose it again."),
                    code="pixels",
                    params={"name": name},
                )
            image.verify()
    except ValidationError:
        raise
    except Exception as error:  # Pillow raises almost anything on broken pictures
        raise ValidationError(_unsafe_message("damaged"), code="damaged", params={"name": name}) from error
    finally:
        upload.seek(0)


def _keep(upload: UploadedFile, destination: Path, *, encrypt: bool) -> tuple[str, int]:
    """Write the upload; returns the checksum and size of its plain content."""
    checksum, size = hashlib.sha256(), 0

    def plain() -> Iterator[bytes]:
        nonlocal size
        for chunk in upload.chunks(MEGABYTE):
            checksum.update(chunk)
            size += len(chunk)
            yield chunk

    _write([encrypt_content(b"".join(plain()))] if encrypt else plain(), destination)
    return checksum.hexdigest(), size


def _write(chunks: Iterable[bytes], destination: Path) -> None:
    """Write so that after a power cut the file is either whole or as it was before."""
    destination.parent.mkdir(parents=True, exist_ok=True)
    partial = destination.with_suffix(f".{uuid4().hex}.part")
    try:
        with os.fdopen(os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            for chunk in chunks:
                file.write(chunk)
            file.flush()
            os.fsync(file.fileno())
        partial.replace(destination)
    except BaseException:
        partial.unlink(missing_ok=True)
        raise
    _sync_directory(destination.parent)


def _sync_directory(directory: Path) -> None:
    descriptor = os.open(directory, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
