"""Settings for the suite: nothing is read from or written to the var directory of a real installation."""

import atexit
import os
import shutil
import tempfile

_var = tempfile.mkdtemp(prefix="branch-ledger-test-")
atexit.register(shutil.rmtree, _var, ignore_errors=True)
os.environ["BRANCH_LEDGER_VAR"] = _var
os.environ["SECRET_KEY"] = "only-for-tests-0123456789-abcdefghijklmnopqrstuvwxyz-ABCDEF"
os.environ["FIELD_KEYS"] = "1:" + "dGVzdC1maWVsZC1rZXktMzItYnl0ZXMtbG9uZy1vaz8="
os.environ["INDEX_KEY"] = "dGVzdC1pbmRleC1rZXktMzItYnl0ZXMtbG9uZy1vaz8="
os.environ["ALLOWED_HOSTS"] = "localhost,127.0.0.1,testserver"
os.environ["BUSINESS_DATE"] = "2020-10-26"
os.environ["PLAIN_HTTP"] = "1"
os.environ["LOG_LEVEL"] = "WARNING"
for _name in ("DEBUG", "DEMO", "TRUSTED_PROXIES"):
    os.environ.pop(_name, None)

from config.settings import *  # noqa: E402, F403

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
TASKS = {"default": {"BACKEND": "django_tasks.backends.immediate.ImmediateBackend"}}
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = True
