"""`make run` as it is: the processes it starts, and how they end."""

import re
import signal
import socket
import subprocess
import threading
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.config.conftest import Installation

pytestmark = pytest.mark.process


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Served:
    def __init__(self, installation: Installation) -> None:
        self.port = free_port()
        self.output = ""
        environment = {"PORT": str(self.port), "DEMO": "0", "PLAIN_HTTP": "1", "WEB_WORKERS": "1"}
        self.process = installation.start("manage.py", "serve", env=environment)
        threading.Thread(target=self.read, daemon=True).start()

    def read(self) -> None:
        assert self.process.stdout
        for line in self.process.stdout:
            self.output += line

    def wait_until_ready(self) -> None:
        deadline = time.monotonic() + 90
        while f"http://127.0.0.1:{self.port}/" not in self.output:
            assert self.process.poll() is None, self.output
            assert time.monotonic() < deadline, self.output
            time.sleep(0.1)

    def children(self) -> dict[str, int]:
        """The web server's and the worker's process ids."""
        found = {}
        for status in Path("/proc").glob("[0-9]*/stat"):
            try:
                parent = int(status.read_text().rpartition(")")[2].split()[1])
                command = status.with_name("cmdline").read_text().replace("\0", " ")
            except OSError:
                continue
            if parent == self.process.pid:
                found["worker" if " worker " in command else "web"] = int(status.parent.name)
        return found


def alive(pid: int) -> bool:
    return subprocess.run(["kill", "-0", str(pid)], capture_output=True, check=False).returncode == 0


def wait_gone(pids: list[int]) -> None:
    deadline = time.monotonic() + 30
    while any(alive(pid) for pid in pids):
        assert time.monotonic() < deadline, "children outlived their parent"
        time.sleep(0.1)


@pytest.fixture
def served(installation: Installation) -> Iterator[Served]:
    running = Served(installation)
    try:
        running.wait_until_ready()
        yield running
    finally:
        running.process.terminate()
        try:
            running.process.wait(40)
        finally:
            running.process.kill()


def test_a_taken_port_is_told_at_once(installation: Installation) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        code, output = installation.run("manage.py", "serve", env={"PORT": str(port)})
    assert code != 0
    assert f"127.0.0.1:{port}" in output
    assert "PORT=8001" in output
    assert "Traceback" not in output


def test_it_serves_restarts_its_worker_and_ends_with_everything(served: Served) -> None:
    with urllib.request.urlopen(f"http://127.0.0.1:{served.port}/healthz", timeout=10) as response:
        assert response.status == 200
    before = served.children()
    assert set(before) == {"web", "worker"}

    subprocess.run(["kill", "-9", str(before["worker"])], check=True)
    deadline = time.monotonic() + 20
    while served.children().get("worker") in (None, before["worker"]):
        assert time.monotonic() < deadline, served.output
        time.sleep(0.2)

    children = list(served.children().values())
    served.process.send_signal(signal.SIGINT)
    assert served.process.wait(40) == 0
    wait_gone(children)
    assert "Traceback" not in served.output
    assert not re.search(r"\[(ERROR|CRITICAL)\]", served.output)


def test_killed_outright_it_leaves_no_children_on_the_port(served: Served) -> None:
    children = list(served.children().values())
    served.process.kill()
    served.process.wait()
    wait_gone(children)
