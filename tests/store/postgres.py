"""A PostgreSQL of one's own: a cluster in a temporary folder, on a free port of the loopback, gone afterwards."""

from __future__ import annotations

import contextlib
import ctypes
import os
import pwd
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg

WHO = "glidepath"
# No byte is forced to disk: nothing here must outlive the machine. What a killed process had written is there still.
HASTY = ("fsync=off", "full_page_writes=off", "shared_buffers=16MB", "max_connections=40", "autovacuum=off")
ALONE = ("listen_addresses=127.0.0.1", "unix_socket_directories=")
START_S = 30.0


def programs() -> Path | None:
    """The folder of the newest server's programs; None where PostgreSQL is not installed."""
    debian = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: int(path.parent.name), reverse=True)
    found = shutil.which("initdb")
    folders = [*debian, *([Path(found).parent] if found else [])]
    return next((folder for folder in folders if (folder / "initdb").exists()), None)


def _user() -> dict[str, object]:
    """The user to run it as: PostgreSQL refuses to run as root."""
    if os.geteuid() != 0:
        return {}
    names = {entry.pw_name: entry for entry in pwd.getpwall()}
    user = names.get("postgres") or names["nobody"]
    return {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@contextmanager
def cluster() -> Iterator[str]:
    """A running server; yields the URL of its database."""
    where = programs()
    assert where is not None
    folder, user, port = Path(tempfile.mkdtemp(prefix="glidepath-pg-")), _user(), _free_port()
    if user:
        os.chown(folder, int(str(user["user"])), int(str(user["group"])))

    def run(*command: object) -> None:
        said = folder / "said.txt"
        with said.open("w") as out:  # a pipe would stay open as long as the server runs
            done = subprocess.run([str(part) for part in command], cwd=folder, stdout=out, stderr=out, **user)  # type: ignore[call-overload]
        assert done.returncode == 0, said.read_text()

    try:
        run(where / "initdb", "-D", folder / "data", "-U", WHO, "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync")
        options = [part for setting in (*HASTY, *ALONE, f"port={port}") for part in ("-c", setting)]
        with (folder / "log.txt").open("w") as log:
            command = [str(where / "postgres"), "-D", str(folder / "data"), *options]
            server = subprocess.Popen(command, cwd=folder, stdout=log, stderr=log, preexec_fn=_die_with_parent, **user)  # type: ignore[call-overload]
        try:
            _wait(server, port, folder / "log.txt")
            yield f"postgresql://{WHO}@127.0.0.1:{port}/postgres"
        finally:
            server.send_signal(signal.SIGINT)  # at once, whoever is connected
            server.wait()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _die_with_parent() -> None:
    """Tests that are killed leave no server behind, where the system can see to it."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(1, signal.SIGINT)  # PR_SET_PDEATHSIG


def _wait(server: subprocess.Popen[bytes], port: int, log: Path) -> None:
    """Until it lets somebody in."""
    until = time.monotonic() + START_S
    while time.monotonic() < until and server.poll() is None:
        with contextlib.suppress(psycopg.OperationalError):
            psycopg.connect(host="127.0.0.1", port=port, user=WHO, dbname="postgres").close()
            return
        time.sleep(0.02)
    raise RuntimeError(f"PostgreSQL did not start:\n{log.read_text()[-2000:]}")
