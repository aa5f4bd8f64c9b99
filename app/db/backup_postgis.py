"""Copies of a PostGIS database: archives of ``pg_dump``, put back whole or not at all."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path

from sqlalchemy import URL

from app.db.backup_errors import BackupError
from app.db.base import Base

REVISIONS = "alembic_version"
# Whoever holds a row for longer than this keeps the copy from being put back, not the server from answering.
LOCK_TIMEOUT = "30s"
# A later schema may hold tables that refer to those of the copy, and functions of the same names.
EMPTY = """
SET lock_timeout = '{timeout}';
DO $$ DECLARE found record; BEGIN
  FOR found IN SELECT p.oid::regprocedure AS name FROM pg_proc p
      WHERE p.pronamespace = 'public'::regnamespace
      AND NOT EXISTS (SELECT 1 FROM pg_depend d WHERE d.objid = p.oid AND d.deptype = 'e') LOOP
    EXECUTE format('DROP FUNCTION IF EXISTS %s CASCADE', found.name);
  END LOOP;
END $$;
"""


def dump(address: URL, target: Path) -> None:
    """Write an archive of the database, as it was when the copy began, and read all of it again."""
    _run(address, ["pg_dump", "--format=custom", f"--file={target}", _libpq(address)])
    counts_of_dump(target)


def put_back(address: URL, source: Path) -> None:
    """Put an archive in the place of what the database holds; extensions stay as the server has them."""
    with tempfile.TemporaryDirectory(prefix="entreflux-restore-") as folder:
        contents, script = Path(folder) / "contents", Path(folder) / "script.sql"
        # The whole archive is read before anything is touched.
        listed = _run(None, ["pg_restore", "--list", str(source)])
        contents.write_text("\n".join(line for line in listed.splitlines() if " EXTENSION " not in line))
        options = ["--no-owner", "--no-privileges", f"--use-list={contents}", f"--file={script}"]
        _run(None, ["pg_restore", *options, str(source)])
        empty = Path(folder) / "empty.sql"
        empty.write_text(_emptying({*Base.metadata.tables, *_tables(listed)}))
        apply = ["psql", "--quiet", "--no-psqlrc", "--single-transaction", "--set=ON_ERROR_STOP=1"]
        _run(address, [*apply, f"--file={empty}", f"--file={script}", _libpq(address)])


def counts_of_dump(source: Path) -> Mapping[str, int]:
    """Return the rows of each table in an archive, all of which is read."""
    found: Counter[str] = Counter()
    inside = ""
    _need("pg_restore")
    command = ["pg_restore", "--data-only", "--file=-", str(source)]
    with (
        tempfile.TemporaryFile() as told,
        subprocess.Popen(command, stdout=subprocess.PIPE, stderr=told) as process,  # noqa: S603 - ours
    ):
        assert process.stdout is not None  # noqa: S101 - asked for above
        for line in process.stdout:
            if inside and line == b"\\.\n":
                inside = ""
            elif inside:
                found[inside] += 1
            elif line.startswith(b"COPY "):
                inside = _name(line.split()[1].decode())
                found[inside] += 0
        if process.wait() != 0:
            told.seek(0)
            raise BackupError(told.read().decode(errors="replace").strip())
    return {name: found[name] for name in sorted(found)}


def revision_of_dump(source: Path) -> str:
    """Return the revision of the schema in an archive, empty when it tells none."""
    options = ["--data-only", f"--table={REVISIONS}", "--file=-"]
    lines = iter(_run(None, ["pg_restore", *options, str(source)]).splitlines())
    for line in lines:
        if line.startswith("COPY "):
            return next(lines, "").strip().removeprefix("\\.")
    return ""


def _tables(listed: str) -> set[str]:
    """Return the tables that the contents of an archive name: ``12; 1259 16 TABLE public flow owner``."""
    rows = (line.split() for line in listed.splitlines() if not line.startswith(";"))
    return {row[5] for row in rows if row[3:5] == ["TABLE", "public"]}


def _emptying(tables: set[str]) -> str:
    quoted = (name.replace('"', '""') for name in sorted(tables | {REVISIONS}))
    dropped = "".join(f'DROP TABLE IF EXISTS public."{name}" CASCADE;\n' for name in quoted)
    return "SET client_min_messages = warning;\n" + EMPTY.format(timeout=LOCK_TIMEOUT) + dropped


def _name(qualified: str) -> str:
    return qualified.rpartition(".")[2].strip('"')


def _libpq(address: URL) -> str:
    """Return the address without its password, which every user of the machine could read in the command."""
    return address.set(drivername="postgresql", password=None).render_as_string(hide_password=False)


def _need(program: str) -> None:
    if shutil.which(program) is None:
        raise BackupError(f"{program}?")


def _run(address: URL | None, command: Sequence[str]) -> str:
    _need(command[0])
    password = None if address is None else address.password
    environment = os.environ | ({} if password is None else {"PGPASSWORD": str(password)})
    done = subprocess.run(  # noqa: S603 - own arguments
        command, capture_output=True, text=True, check=False, env=environment
    )
    if done.returncode != 0:
        raise BackupError(done.stderr.strip())
    return done.stdout
