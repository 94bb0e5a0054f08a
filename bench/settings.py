"""Settings of a measurement: production's, with keys and a var directory of its own, gone afterwards."""

import atexit
import os
import shutil
import tempfile

if "BENCH" not in os.environ:  # the first process of a run; those it starts inherit all of this
    _var = tempfile.mkdtemp(prefix="branch-ledger-bench-")
    atexit.register(shutil.rmtree, _var, ignore_errors=True)
    os.environ |= {
        "BENCH": "1",
        "BRANCH_LEDGER_VAR": _var,
        "SECRET_KEY": "only-for-measurements-0123456789-abcdefghijklmnopqrstuvwxyz",
        "FIELD_KEYS": "1:YmVuY2gtZmllbGQta2V5LTMyLWJ5dGVzLWxvbmctb2s=",
        "INDEX_KEY": "YmVuY2gtaW5kZXgta2V5LTMyLWJ5dGVzLWxvbmctb2s=",
        "ALLOWED_HOSTS": "localhost",
        "BUSINESS_DATE": "2020-10-26",
        "PLAIN_HTTP": "1",
        "LOG_LEVEL": "ERROR",
    }
    for _name in ("DEBUG", "DEMO", "TRUSTED_PROXIES"):
        os.environ.pop(_name, None)

from config.settings import *  # noqa: F403

INSTALLED_APPS = ["bench", *INSTALLED_APPS]  # noqa: F405
if "BENCH_DATABASE" in os.environ:
    DATABASES["default"]["NAME"] = os.environ["BENCH_DATABASE"]  # noqa: F405
# A measurement runs queued work itself, or starts a worker of its own.
if "BENCH_WORKER" not in os.environ:
    TASKS = {"default": {"BACKEND": "django_tasks.backends.dummy.DummyBackend"}}
