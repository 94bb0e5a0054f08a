import logging
import threading
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.db import Error, connection
from django_tasks_db.management.commands.db_worker import Command as TaskWorker

from foundation.actions.jobs import do_daily_work, requeue_dead

REAP_SECONDS = settings.JOB_DEAD_SECONDS / 3
DAY_SECONDS = 24 * 3600

logger = logging.getLogger(__name__)


class Command(TaskWorker):
    help = "Run background jobs, take over the jobs of workers that died, and do what is due every day."

    def handle(self, *args: Any, **options: Any) -> None:
        for work, seconds in ((self.reap, REAP_SECONDS), (do_daily_work, DAY_SECONDS)):
            threading.Thread(target=self.repeat, args=(work, seconds), daemon=True).start()
        super().handle(*args, **options)

    def repeat(self, work: Callable[[], object], seconds: float) -> None:
        pause = threading.Event()
        while True:
            try:
                work()
            except Error:
                logger.warning("%s put off, the database is busy", work.__name__)
            finally:
                connection.close()
            pause.wait(seconds)

    def reap(self) -> None:
        if found := requeue_dead():
            logger.warning("%d interrupted jobs found", found)
