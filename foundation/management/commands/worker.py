import logging
import threading
from typing import Any

from django.db import DatabaseError, connection
from django_tasks_db.management.commands.db_worker import Command as TaskWorker

from foundation.actions.jobs import requeue_dead

REAP_SECONDS = 20

logger = logging.getLogger(__name__)


class Command(TaskWorker):
    help = "Run background jobs, and take over the jobs of workers that died."

    def handle(self, *args: Any, **options: Any) -> None:
        reaper = threading.Thread(target=self.reap, daemon=True)
        reaper.start()
        super().handle(*args, **options)

    def reap(self) -> None:
        pause = threading.Event()
        while True:
            try:
                if found := requeue_dead():
                    logger.warning("%d interrupted jobs found", found)
            except DatabaseError:
                logger.warning("could not look for interrupted jobs, the database is busy")
            finally:
                connection.close()
            pause.wait(REAP_SECONDS)
