"""A server of the app for the benchmarks: what it has used of processor and memory, and how it ends."""

from __future__ import annotations

import contextlib
import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from tests.browser.chromium import ROOT

START_S = 60.0
OPTIONS = {"server.address": "127.0.0.1", "server.headless": "true", "server.fileWatcherType": "none"}
TICKS_A_S = os.sysconf("SC_CLK_TCK")
BYTES_A_MB = 1_000_000


@dataclass(frozen=True, slots=True)
class Server:
    """A process that answers at an address."""

    address: str
    process: subprocess.Popen[bytes]

    def cpu_s(self) -> float:
        """What it has used of the processors until now."""
        fields = Path(f"/proc/{self.process.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / TICKS_A_S

    def rss_mb(self) -> float:
        """The memory that it holds."""
        pages = int(Path(f"/proc/{self.process.pid}/statm").read_text().split()[1])
        return pages * os.sysconf("SC_PAGE_SIZE") / BYTES_A_MB


def free_port() -> int:
    """A port of the loopback that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextlib.contextmanager
def served(
    log: Path, environment: Mapping[str, str] | None = None, port: int = 0, command: tuple[str, ...] = ()
) -> Iterator[Server]:
    """A fresh server of the app, killed at the end."""
    port = port or free_port()
    options = [f"--{name}={value}" for name, value in {**OPTIONS, "server.port": port}.items()]
    whole = [sys.executable, "-m", *(command or ("streamlit", "run", "app.py")), *options]
    with log.open("ab") as out:
        process = subprocess.Popen(
            whole, cwd=ROOT, stdout=out, stderr=subprocess.STDOUT, env={**os.environ, **(environment or {})}
        )
    server = Server(f"http://127.0.0.1:{port}", process)
    try:
        wait(server.address, process, log)
        yield server
    finally:
        process.kill()
        process.wait()


def wait(address: str, process: subprocess.Popen[bytes], log: Path) -> None:
    """Until it answers."""
    until = time.monotonic() + START_S
    while time.monotonic() < until and process.poll() is None:
        with contextlib.suppress(OSError), urllib.request.urlopen(f"{address}/_stcore/health", timeout=2):
            return
        time.sleep(0.05)
    raise RuntimeError(f"the server did not start:\n{log.read_text()[-2000:]}")
