import io
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from foundation.rules import files
from foundation.rules.files import UnsafeFile, clean_name, extension_fits, is_text, sniff
from tests.workbooks import begin, container, label, plain_id, record, xls

TYPES = "[Content_Types].xml"


def archive(*names: str, content: bytes = b"<x/>") -> io.BytesIO:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as packed:
        for name in names:
            packed.writestr(name, content)
    return stream


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"PK",
        b"MZ\x90\x00",
        b"<html><script>",
        b"<svg xmlns=",
        b"RIFF0000AVI ",
    ],
)
def test_other_content_has_no_type(content: bytes) -> None:
    assert sniff(io.BytesIO(content)) is None


def test_a_plain_zip_is_not_an_office_file() -> None:
    assert sniff(archive("readme.txt")) is None
    assert sniff(archive("word/document.xml")) is None


@pytest.mark.parametrize("part", ["word/vbaProject.bin", "xl/vbaProject.bin", "word/vbaData.xml"])
def test_macros_are_refused_whatever_the_extension(part: str) -> None:
    main = "xl/workbook.xml" if part.startswith("xl") else "word/document.xml"
    with pytest.raises(UnsafeFile) as caught:
        sniff(archive(TYPES, main, part))
    assert caught.value.reason == "macros"


def test_a_zip_bomb_is_refused_unopened(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "MAX_UNPACKED_BYTES", 10_000)
    with pytest.raises(UnsafeFile) as caught:
        sniff(archive(TYPES, "xl/workbook.xml", content=b"0" * 6_000))
    assert caught.value.reason == "too_large_unpacked"


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (archive(TYPES, "xl/workbook.xml").getvalue()[:60], "damaged"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "damaged"),
        (xls(label(0, 0, "姓名"))[:700], "damaged"),
        (container({"Workbook": b"not a record"}), "damaged"),
        (container({"Workbook": begin(5), "_VBA_PROJECT_CUR": b""}), "macros"),
        (container({"EncryptionInfo": b"", "EncryptedPackage": b""}), "encrypted"),
        (xls(label(0, 0, "姓名"), extra=record(0x2F, bytes(54))), "encrypted"),
        (container({"Workbook": begin(5, 0x0500)}), "too_old"),
        (container({"Book": begin(5, 0x0500)}), "too_old"),
    ],
    ids=plain_id,
)
def test_workbooks_that_cannot_be_read(content: bytes, reason: str) -> None:
    with pytest.raises(UnsafeFile) as caught:
        sniff(io.BytesIO(content))
    assert caught.value.reason == reason


def test_an_older_workbook_is_known_whatever_the_case_of_its_parts() -> None:
    content = xls(label(0, 0, "姓名"))
    assert sniff(io.BytesIO(content)) is files.XLS
    assert (
        sniff(io.BytesIO(content.replace("Workbook".encode("utf-16-le"), "WORKBOOK".encode("utf-16-le")))) is files.XLS
    )
    assert sniff(io.BytesIO(container({"WordDocument": b""}))) is None


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"\xff\xd8\xff\xe0....", "jpg"),
        (b"\x89PNG\r\n\x1a\n....", "png"),
        (b"RIFF0000WEBPVP8 ", "webp"),
        (b"%PDF-1.7\n", "pdf"),
    ],
)
def test_known_content(content: bytes, code: str) -> None:
    stream = io.BytesIO(content)
    found = sniff(stream)
    assert found is not None
    assert found.code == code
    assert stream.tell() == 0


def test_office_files_are_told_apart() -> None:
    assert sniff(archive(TYPES, "word/document.xml")) is files.DOCX
    assert sniff(archive(TYPES, "xl/workbook.xml")) is files.XLSX


@pytest.mark.parametrize(
    ("name", "cleaned"),
    [
        ("../../etc/passwd", "passwd"),
        ("C:\\用户\\会议记录.docx", "会议记录.docx"),
        ("a\x00b\r\n.pdf", "ab.pdf"),
        ("记录\u202efdp.exe", "记录fdp.exe"),
        ("..", ""),
        ("", ""),
        ("名" * 300 + ".docx", "名" * 195 + ".docx"),
    ],
)
def test_clean_name(name: str, cleaned: str) -> None:
    assert clean_name(name) == cleaned


@given(st.text(max_size=400))
def test_a_cleaned_name_is_safe_and_stays_as_it_is(name: str) -> None:
    cleaned = clean_name(name)
    assert len(cleaned) <= files.MAX_NAME
    assert not set('/\\:"\r\n\x00') & set(cleaned)
    assert clean_name(cleaned) == cleaned


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        ("姓名,性别\n".encode(), True),
        ("姓名,𠀀\n".encode("gb18030"), True),
        ("姓名\t性别\n".encode("utf-16"), True),
        ("名".encode() * 30_000, True),  # cut off within a letter where it is looked at
        (b"<html><table>", True),
        (b"\x00\x01\x02", False),
        (b"\x80\xff\xff", False),
        (b"MZ\x90\x00", False),
    ],
)
def test_text_is_known_by_its_letters(content: bytes, expected: bool) -> None:
    assert is_text(io.BytesIO(content)) is expected


def test_extension_fits() -> None:
    assert extension_fits("名册.et", files.XLS)
    assert extension_fits("照片.JPEG", files.JPG)
    assert not extension_fits("照片.png", files.JPG)
    assert not extension_fits("照片", files.JPG)
