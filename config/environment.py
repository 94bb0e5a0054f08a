"""Writes the environment file of a demo, so that `make run` needs nothing set by hand.

Run as `python -m config.environment`; an existing file is never touched, because the keys in it open the stored data.
"""

import os
import secrets
from base64 import urlsafe_b64encode
from pathlib import Path

BASE_DIR = Path(__file__).resolve().parent.parent


def var_directory() -> Path:
    return Path(os.environ.get("BRANCH_LEDGER_VAR") or BASE_DIR / "var")


def new_key() -> str:
    return urlsafe_b64encode(secrets.token_bytes(32)).decode()


def write_demo_environment(directory: Path) -> bool:
    """Write `directory`/environment with fresh keys; True if it was written, False if there was one already."""
    directory.mkdir(parents=True, exist_ok=True)
    lines = [
        f"SECRET_KEY={secrets.token_urlsafe(50)}",
        f"FIELD_KEYS=1:{new_key()}",
        f"INDEX_KEY={new_key()}",
        "DEMO=1",
        "BUSINESS_DATE=2020-10-26",
        "ALLOWED_HOSTS=localhost,127.0.0.1,[::1]",
    ]
    try:
        descriptor = os.open(directory / "environment", os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return False
    with os.fdopen(descriptor, "w") as file:
        file.write("\n".join(lines) + "\n")
    return True


if __name__ == "__main__":
    write_demo_environment(var_directory())
