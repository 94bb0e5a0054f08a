"""Encryption of single field values, and the keyed hash by which an encrypted value is found.

Values are SM4-GCM with a random nonce, stored as "k<id>:<base64>". The keys are settings (`FIELD_KEYS`, `INDEX_KEY`)
and never enter the database or a backup. The first field key encrypts; all of them decrypt, so that a key can be
exchanged while the system is in use.
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
    name, secret = next(iter(settings.FIELD_KEYS.items()))
    nonce = secrets.token_bytes(NONCE_BYTES)
    encryptor = Cipher(algorithms.SM4(_sm4_key(secret)), modes.GCM(nonce)).encryptor()
    sealed = encryptor.update(plain.encode()) + encryptor.finalize()
    return Ciphertext(f"k{name}:{urlsafe_b64encode(nonce + encryptor.tag + sealed).decode()}")


def decrypt(stored: str) -> str:
    """The plain text of a stored value; DecryptionError if none of the keys opens it."""
    name, colon, body = stored.partition(":")
    if not (colon and name.startswith("k")):
        raise DecryptionError("The stored value is not in the form k<id>:<base64>.")
    secret = settings.FIELD_KEYS.get(name[1:])
    if secret is None:
        raise DecryptionError(f"The value was encrypted with field key {name[1:]!r}, which is not in FIELD_KEYS.")
    try:
        raw = urlsafe_b64decode(body)
        nonce, tag, sealed = raw[:NONCE_BYTES], raw[NONCE_BYTES:][:TAG_BYTES], raw[NONCE_BYTES + TAG_BYTES :]
        decryptor = Cipher(algorithms.SM4(_sm4_key(secret)), modes.GCM(nonce, tag)).decryptor()
        return (decryptor.update(sealed) + decryptor.finalize()).decode()
    except (InvalidTag, ValueError) as error:
        raise DecryptionError(
            f"Field key {name[1:]!r} does not open the value: it is another key, or the value was changed."
        ) from error


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
