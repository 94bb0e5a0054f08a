"""Encryption of single field values and of whole files, and the keyed hash by which an encrypted value is found.

Values are SM4-GCM with a random nonce, stored as "k<id>:<base64>", files as "k<id>:" and the bytes. The keys are
settings (`FIELD_KEYS`, `INDEX_KEY`) and never enter the database or a backup. The first field key encrypts; all of
them decrypt, so that a key can be exchanged while the system is in use.
"""

import hashlib
import hmac
import secrets
from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error as BadBase64
from functools import lru_cache

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

NONCE_BYTES = 12
TAG_BYTES = 16
SM4_KEY_BYTES = 16


class DecryptionError(Exception):
    """A stored value cannot be opened: its key is missing from FIELD_KEYS, is another key, or the value was changed."""


class Ciphertext(str):
    """A value that is encrypted already and is to be stored as it stands (a restored backup)."""


def encrypt(plain: str) -> Ciphertext:
    name, sealed = _seal(plain.encode())
    return Ciphertext(f"k{name}:{urlsafe_b64encode(sealed).decode()}")


def encrypt_content(plain: bytes) -> bytes:
    """The content of a file, encrypted: "k<id>:" and the bytes as they are."""
    name, sealed = _seal(plain)
    return f"k{name}:".encode() + sealed


def decrypt(stored: str) -> str:
    """The plain text of a stored value; DecryptionError if none of the keys opens it."""
    name, colon, body = stored.partition(":")
    if not (colon and name.startswith("k")):
        raise DecryptionError("The stored value is not in the form k<id>:<base64>.")
    try:
        return _open(name[1:], urlsafe_b64decode(body)).decode()
    except ValueError as error:
        raise DecryptionError(_wrong_key(name[1:])) from error


def decrypt_content(stored: bytes) -> bytes:
    """The plain content of an encrypted file; DecryptionError if none of the keys opens it."""
    name, colon, body = stored.partition(b":")
    if not (colon and name.startswith(b"k") and len(name) < 100):
        raise DecryptionError("The stored content does not begin with k<id>:.")
    return _open(name[1:].decode(errors="replace"), body)


def is_current(stored: bytes) -> bool:
    """Whether the content of a file is encrypted with the key that encrypts today."""
    return stored.startswith(f"k{next(iter(settings.FIELD_KEYS))}:".encode())


def blind_index(value: str) -> str:
    """The keyed hash of a value (64 hex digits): equal for equal values, and not to be turned back without the key."""
    return hmac.new(_derive(settings.INDEX_KEY, b"blind index", 32), value.encode(), hashlib.sha256).hexdigest()


def key_fingerprints() -> dict[str, str]:
    """A short name for each key in use, to tell whether a backup fits this system; it does not give the key away."""
    keys = {f"field key {name}": secret for name, secret in settings.FIELD_KEYS.items()}
    keys["index key"] = settings.INDEX_KEY
    return {name: _derive(secret, b"fingerprint", 8).hex() for name, secret in keys.items()}


def mask_identity(number: str) -> str:
    """110101200001011234 → 110***********1234."""
    return _mask(number, head=3, tail=4)


def mask_phone(number: str) -> str:
    """13800001234 → 138****1234."""
    return _mask(number, head=3, tail=4)


def _seal(plain: bytes) -> tuple[str, bytes]:
    name, secret = next(iter(settings.FIELD_KEYS.items()))
    nonce = secrets.token_bytes(NONCE_BYTES)
    encryptor = Cipher(algorithms.SM4(_sm4_key(secret)), modes.GCM(nonce)).encryptor()
    sealed = encryptor.update(plain) + encryptor.finalize()
    return name, nonce + encryptor.tag + sealed


def _open(name: str, raw: bytes) -> bytes:
    secret = settings.FIELD_KEYS.get(name)
    if secret is None:
        raise DecryptionError(f"The value was encrypted with field key {name!r}, which is not in FIELD_KEYS.")
    nonce, tag, sealed = raw[:NONCE_BYTES], raw[NONCE_BYTES:][:TAG_BYTES], raw[NONCE_BYTES + TAG_BYTES :]
    try:
        decryptor = Cipher(algorithms.SM4(_sm4_key(secret)), modes.GCM(nonce, tag)).decryptor()
        return decryptor.update(sealed) + decryptor.finalize()
    except (InvalidTag, ValueError) as error:
        raise DecryptionError(_wrong_key(name)) from error


def _wrong_key(name: str) -> str:
    return f"Field key {name!r} does not open the value: it is another key, or the value was changed."


def _mask(text: str, *, head: int, tail: int) -> str:
    hidden = len(text) - head - tail
    if hidden <= 0:
        return "*" * len(text)
    return text[:head] + "*" * hidden + text[-tail:]


def _sm4_key(secret: str) -> bytes:
    return _derive(secret, b"field sm4-gcm", SM4_KEY_BYTES)


@lru_cache(maxsize=32)
def _derive(secret: str, purpose: bytes, length: int) -> bytes:
    try:
        material = urlsafe_b64decode(secret)
    except (BadBase64, ValueError) as error:
        raise ImproperlyConfigured("FIELD_KEYS and INDEX_KEY must be base64.") from error
    if len(material) < 32:
        raise ImproperlyConfigured("Every key in FIELD_KEYS and INDEX_KEY must hold at least 32 random bytes.")
    return HKDF(algorithm=SHA256(), length=length, salt=None, info=b"branch-ledger " + purpose).derive(material)
