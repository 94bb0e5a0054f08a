import ctypes
import signal
import socket
import subprocess
import sys
import time
from argparse import ArgumentParser
from pathlib import Path
from types import FrameType
from typing import Any

from django.conf import settings
from django.core.management import BaseCommand, CommandError, call_command
from django.utils.translation import gettext as _

from branches.models import Organisation
from config.environment import BASE_DIR
from config.static_files import collect_if_changed

MANAGE = BASE_DIR / "manage.py"
STOP_SECONDS = 25
RESTART_PAUSE = 3
PARENT_DEATH_SIGNAL = 1  # PR_SET_PDEATHSIG of prctl(2)


class Command(BaseCommand):
    help = "Bring the database up to date and run the web server and the worker until Ctrl-C."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--bind", default=settings.BIND, help="address to listen on (setting BIND)")
        parser.add_argument("--port", type=int, default=settings.PORT, help="port to listen on (setting PORT)")
        parser.add_argument("--workers", type=int, default=settings.WEB_WORKERS, help="web processes (WEB_WORKERS)")

    def handle(self, *args: Any, bind: str, port: int, workers: int, **options: Any) -> None:
        refuse_taken_port(bind, port)
        self.prepare()
        # A shell that starts a program in the background leaves it deaf to SIGINT.
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, interrupt)
        children = Children(
            web_command(bind, port, workers), [sys.executable, str(MANAGE), "worker", "--verbosity", "0"]
        )
        try:
            children.start()
            children.wait_for_web(bind, port)
            self.greet(bind, port)
            children.watch()
        except KeyboardInterrupt:
            self.stdout.write(_("Stopping…"))
        finally:
            children.stop()

    def prepare(self) -> None:
        self.stdout.write(_("Preparing the database…"))
        call_command("migrate", interactive=False, verbosity=0)
        call_command("load_defaults", verbosity=0)
        if settings.DEMO and not Organisation.objects.exists():
            self.stdout.write(_("Writing the demonstration data…"))
            call_command("load_demo", verbosity=0)
        if collect_if_changed():
            self.stdout.write(_("Static files collected."))

    def greet(self, bind: str, port: int) -> None:
        host = "127.0.0.1" if bind in ("0.0.0.0", "127.0.0.1") else bind  # noqa: S104
        self.stdout.write("\n" + _("Ready: %(address)s  (stop with Ctrl-C)") % {"address": f"http://{host}:{port}/"})
        logins: Path = settings.VAR_DIR / "demo-logins.txt"
        if settings.DEMO and logins.is_file():
            self.stdout.write("\n" + logins.read_text(encoding="utf-8"))
        self.stdout.flush()


class Children:
    """The web server and the worker. They end with this process, even when it is killed."""

    def __init__(self, web: list[str], worker: list[str]) -> None:
        self.commands = {"web": web, "worker": worker}
        self.running: dict[str, subprocess.Popen[bytes]] = {}

    def start(self) -> None:
        for name in self.commands:
            self.launch(name)

    def launch(self, name: str) -> None:
        self.running[name] = subprocess.Popen(  # noqa: S603
            self.commands[name], cwd=BASE_DIR, start_new_session=True, preexec_fn=end_with_parent
        )

    def wait_for_web(self, bind: str, port: int) -> None:
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline:
            self.fail_if_web_ended()
            try:
                socket.create_connection((bind if bind != "0.0.0.0" else "127.0.0.1", port), timeout=1).close()  # noqa: S104
                return
            except OSError:
                time.sleep(0.1)
        raise CommandError(_("The web server does not answer; see the lines above."))

    def watch(self) -> None:
        while True:
            self.fail_if_web_ended()
            if self.running["worker"].poll() is not None:
                time.sleep(RESTART_PAUSE)
                self.launch("worker")
            time.sleep(0.5)

    def fail_if_web_ended(self) -> None:
        if self.running["web"].poll() is not None:
            raise CommandError(_("The web server has ended; see the lines above."))

    def stop(self) -> None:
        for child in self.running.values():
            child.terminate()
        for child in self.running.values():
            try:
                child.wait(STOP_SECONDS)
            except subprocess.TimeoutExpired:
                child.kill()
                child.wait()


def web_command(bind: str, port: int, workers: int) -> list[str]:
    options = {
        "--bind": f"{bind}:{port}",
        "--workers": str(workers),
        "--threads": "4",
        "--timeout": "120",
        "--graceful-timeout": "20",
        "--log-level": "warning",
    }
    command = [sys.executable, "-m", "gunicorn", "config.wsgi:application", "--no-control-socket"]
    return command + [part for option in options.items() for part in option]


def refuse_taken_port(bind: str, port: int) -> None:
    with socket.socket(socket.AF_INET6 if ":" in bind else socket.AF_INET) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((bind, port))
        except OSError as error:
            raise CommandError(
                _("Cannot listen on %(bind)s:%(port)s (%(reason)s). Stop the other program, or: make run PORT=8001")
                % {"bind": bind, "port": port, "reason": error.strerror}
            ) from error


def interrupt(signum: int, frame: FrameType | None) -> None:
    raise KeyboardInterrupt


def end_with_parent() -> None:
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PARENT_DEATH_SIGNAL, signal.SIGTERM)
