"""A PostGIS cluster of the benchmark's own, in a folder that only it uses."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

# As compose.yaml has it; everything else stays as PostgreSQL ships it.
INITIAL = ("-A", "trust", "-U", "postgres", "-E", "UTF8", "--lc-collate=C", "--lc-ctype=C.UTF-8")
OPTIONS = (
    "shared_buffers=1GB",
    "maintenance_work_mem=256MB",
    "max_wal_size=4GB",
    "listen_addresses=127.0.0.1",
)


def binaries() -> Path:
    """Return the newest PostgreSQL that has PostGIS; raises ``SystemExit`` when there is none."""
    found = [
        initdb
        for initdb in sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
        if Path("/usr/share/postgresql", initdb.parts[-3], "extension", "postgis.control").exists()
    ]
    if not found:
        raise SystemExit("no PostgreSQL with PostGIS under /usr/lib/postgresql")
    return found[-1].parent


def free_port() -> int:
    """Return a port that nobody listens on."""
    with closing(socket.create_server(("127.0.0.1", 0))) as probe:
        port: int = probe.getsockname()[1]
        return port


@contextmanager
def cluster(folder: Path) -> Iterator[str]:
    """Start the cluster of ``folder``, created when missing, and yield the address of its database."""
    tools = binaries()
    become: list[str] = []
    folder.mkdir(parents=True, exist_ok=True)
    if os.geteuid() == 0:
        # PostgreSQL refuses to run as root.
        shutil.chown(folder, "postgres")
        become = ["runuser", "-u", "postgres", "--"]
    data, port = folder / "data", free_port()
    fresh = not data.exists()
    if fresh:
        init = [str(tools / "initdb"), *INITIAL, "-D", str(data)]
        subprocess.run([*become, *init], check=True, capture_output=True)
    settings = [*OPTIONS, f"unix_socket_directories={folder}"]
    options = f"-p {port} " + " ".join(f"-c {setting}" for setting in settings)
    control = [*become, str(tools / "pg_ctl"), "-D", str(data), "-w", "-l", str(folder / "log")]
    subprocess.run([*control, "-o", options, "start"], check=True, stdout=subprocess.DEVNULL)
    try:
        if fresh:
            address = ["-h", "127.0.0.1", "-p", str(port), "-U", "postgres"]
            subprocess.run([str(tools / "createdb"), *address, "entreflux"], check=True)
        yield f"postgresql+psycopg://postgres@127.0.0.1:{port}/entreflux"
    finally:
        subprocess.run([*control, "-m", "fast", "stop"], check=False, stdout=subprocess.DEVNULL)


def postgres_of(folder: Path) -> int:
    """Return the main process of the cluster of ``folder``, by number."""
    return int((folder / "data" / "postmaster.pid").read_text().split()[0])


def processor_s(parent: int) -> float:
    """Return the processor seconds so far of a process, with its children and those that ended."""
    return sum(map(_seconds, _family(parent)))


def _family(parent: int) -> list[int]:
    """Return a process and those it started, by number."""
    found = [parent]
    for started in Path(f"/proc/{parent}/task/{parent}/children").read_text().split():
        found += _family(int(started))
    return found


def _seconds(process: int) -> float:
    try:
        ticks = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[11:15]
    except FileNotFoundError:
        return 0.0
    return sum(map(int, ticks)) / os.sysconf("SC_CLK_TCK")
