import io
from typing import IO

from foundation.encryption import decrypt_content
from foundation.models import StoredFile


def open_content(stored_file: StoredFile) -> IO[bytes]:
    """The plain content of a stored file.

    Raises FileNotFoundError when it is not on the disk, DecryptionError when it is encrypted and no key opens it.
    """
    if not stored_file.is_encrypted:
        return stored_file.location.open("rb")
    return io.BytesIO(decrypt_content(stored_file.location.read_bytes()))
