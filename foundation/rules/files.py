"""What an uploaded file really is, judged by its content; the name only has to agree."""

import re
import struct
from codecs import getincrementaldecoder
from dataclasses import dataclass
from pathlib import PurePosixPath, PureWindowsPath
from typing import IO

from foundation.rules import compound_files
from foundation.rules.archives import DamagedArchive, open_archive
from foundation.rules.compound_files import CompoundFile, DamagedCompound

MAX_UNPACKED_BYTES = 300 * 1024 * 1024
MAX_MEMBERS = 5_000
MAX_NAME = 200


@dataclass(frozen=True)
class FileType:
    code: str
    content_type: str
    extensions: tuple[str, ...]


JPG = FileType("jpg", "image/jpeg", ("jpg", "jpeg"))
PNG = FileType("png", "image/png", ("png",))
WEBP = FileType("webp", "image/webp", ("webp",))
PDF = FileType("pdf", "application/pdf", ("pdf",))
DOCX = FileType("docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document", ("docx",))
XLSX = FileType("xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", ("xlsx",))
XLS = FileType("xls", "application/vnd.ms-excel", ("xls", "et"))
CSV = FileType("csv", "text/csv", ("csv",))

IMAGES = (JPG, PNG, WEBP)
DOCUMENTS = (PDF, DOCX, XLSX)
ALL = (*IMAGES, *DOCUMENTS)

OFFICE_PARTS = {"word/document.xml": DOCX, "xl/workbook.xml": XLSX}


class UnsafeFile(ValueError):
    """A file of a known type that must not be kept.

    `reason` is "macros", "encrypted", "too_old", "too_large_unpacked" or "damaged".
    """

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def sniff(content: IO[bytes]) -> FileType | None:
    """The type of a file by its content, or None for every other type; leaves the stream at its start.

    Raises UnsafeFile for a Word or Excel file with macros or a password, a damaged one, one older than Excel 97, or
    one that would unpack to more than 300 MB.
    """
    content.seek(0)
    head = content.read(16)
    try:
        if head.startswith(b"\xff\xd8\xff"):
            return JPG
        if head.startswith(b"\x89PNG\r\n\x1a\n"):
            return PNG
        if head.startswith(b"RIFF") and head[8:12] == b"WEBP":
            return WEBP
        if head.startswith(b"%PDF-"):
            return PDF
        if head.startswith(b"PK\x03\x04"):
            return _office_type(content)
        if head.startswith(compound_files.MAGIC):
            return _old_office_type(content)
        return None
    finally:
        content.seek(0)


def clean_name(name: str) -> str:
    """The last part of a path as a file name: no control characters, at most 200 characters, the extension kept."""
    base = PurePosixPath(PureWindowsPath(name).name).name
    base = re.sub(r"[\x00-\x1f\x7f\u200b-\u200f\u202a-\u202e\u2066-\u2069\"<>|:*?/\\]", "", base).strip(" .")
    stem, dot, extension = base.rpartition(".")
    if not dot:
        return base[:MAX_NAME]
    return f"{stem[: MAX_NAME - len(extension) - 1]}.{extension}"[-MAX_NAME:]


def extension_fits(name: str, file_type: FileType) -> bool:
    return name.rpartition(".")[2].lower() in file_type.extensions


def _office_type(content: IO[bytes]) -> FileType | None:
    try:
        with open_archive(content) as archive:
            members = archive.infolist()
    except DamagedArchive as error:
        raise UnsafeFile("damaged") from error
    names = {member.filename.replace("\\", "/") for member in members}
    found = next((file_type for part, file_type in OFFICE_PARTS.items() if part in names), None)
    if found is None or "[Content_Types].xml" not in names:
        return None
    if any(name.lower().endswith(("vbaproject.bin", "vbadata.xml")) for name in names):
        raise UnsafeFile("macros")
    if len(members) > MAX_MEMBERS or sum(member.file_size for member in members) > MAX_UNPACKED_BYTES:
        raise UnsafeFile("too_large_unpacked")
    return found


def _old_office_type(content: IO[bytes]) -> FileType | None:
    """Of older files only workbooks are known; an encrypted newer file is in such a container as well."""
    try:
        container = CompoundFile(content)
        if "EncryptedPackage" in container:
            raise UnsafeFile("encrypted")
        if "_VBA_PROJECT_CUR" in container:
            raise UnsafeFile("macros")
        if "Workbook" in container:
            _check_records(container.read("Workbook", 4096))
            return XLS
        if "Book" in container:
            raise UnsafeFile("too_old")
    except (DamagedCompound, struct.error, ValueError, OverflowError) as error:
        if isinstance(error, UnsafeFile):
            raise
        raise UnsafeFile("damaged") from error
    return None


def _check_records(head: bytes) -> None:
    """A workbook says at its very beginning how old it is and whether the rest is encrypted (MS-XLS 2.1.7.20)."""
    code, size, version = struct.unpack_from("<HHH", head)
    if code & 0xFF != 0x09:
        raise UnsafeFile("damaged")
    if version != 0x0600:
        raise UnsafeFile("too_old")
    at = 4 + size
    while at + 4 <= len(head):
        code, size = struct.unpack_from("<HH", head, at)
        if code == 0x2F:
            raise UnsafeFile("encrypted")
        at += 4 + size


def is_text(content: IO[bytes]) -> bool:
    """Whether this is text as office programs export it: UTF-8, GB18030, or UTF-16 with its mark.

    Text has no type of its own; only where a table of text is asked for (`CSV`) may it be taken for one.
    """
    content.seek(0)
    head = content.read(64 * 1024)
    content.seek(0)
    if head[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return True
    for encoding in ("utf-8", "gb18030"):
        try:
            text = getincrementaldecoder(encoding)().decode(head)
        except UnicodeDecodeError:
            continue
        return not any(mark < " " and mark not in "\t\r\n" for mark in text)
    return False
