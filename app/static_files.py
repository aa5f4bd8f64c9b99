"""Static files as browsers want them: compressed, and kept for good where the address names the content."""

from __future__ import annotations

import os
import zlib
from functools import lru_cache
from pathlib import Path
from urllib.parse import parse_qs

from starlette.datastructures import Headers
from starlette.responses import FileResponse, Response
from starlette.staticfiles import NotModifiedResponse, StaticFiles
from starlette.types import Scope

FOREVER = "public, max-age=31536000, immutable"
# Without the digest of the content in the address, ask again each time.
ASK_AGAIN = "no-cache"
COMPRESSED = frozenset({".css", ".js", ".json", ".mjs", ".svg"})
# Below this an answer fits in the packets that its headers need anyway.
LEAST_BYTES = 1_000
GZIP_WINDOW = 31
LEVEL = 9


def gzipped(content: bytes, level: int = LEVEL) -> bytes:
    """Return content in the gzip format, the same bytes for the same content."""
    packer = zlib.compressobj(level, zlib.DEFLATED, GZIP_WINDOW)
    return packer.compress(content) + packer.flush()


def accepts(headers: Headers, coding: str) -> bool:
    """Tell whether a request takes answers in a content coding (RFC 9110 §12.5.3)."""
    for one in headers.get("accept-encoding", "").split(","):
        name, _, weight = one.replace(" ", "").partition(";q=")
        if name.lower() == coding:
            return weight.strip("0.") != "" if weight else True
    return False


class PackedFiles(StaticFiles):
    """Serves ``file.br`` beside a file where the browser takes it, else the file compressed with gzip."""

    def file_response(
        self,
        full_path: str | os.PathLike[str],
        stat_result: os.stat_result,
        scope: Scope,
        status_code: int = 200,
    ) -> Response:
        """Return a file's answer, from this process's memory once compressed."""
        headers = Headers(scope=scope)
        plain = FileResponse(full_path, status_code=status_code, stat_result=stat_result)
        coding, content = _packed(Path(full_path), stat_result, headers)
        plain.headers["Cache-Control"] = FOREVER if _names_its_content(scope) else ASK_AGAIN
        plain.headers["Vary"] = "Accept-Encoding"
        if coding:
            plain.headers["ETag"] = f'{plain.headers["etag"][:-1]}-{coding}"'
        if self.is_not_modified(plain.headers, headers):
            return NotModifiedResponse(plain.headers)
        if not coding:
            return plain
        kept = {name: plain.headers[name] for name in ("cache-control", "vary", "etag", "last-modified")}
        kept["Content-Encoding"] = coding
        return Response(content, status_code, kept, plain.media_type)


def _names_its_content(scope: Scope) -> bool:
    return bool(parse_qs(scope.get("query_string", b"").decode("latin-1")).get("v"))


def _packed(file: Path, stat: os.stat_result, headers: Headers) -> tuple[str, bytes]:
    """Return the coding and the bytes of a file for a browser; no coding when it goes as it is."""
    if file.suffix not in COMPRESSED or stat.st_size < LEAST_BYTES or "range" in headers:
        return "", b""
    twin = file.with_name(file.name + ".br")
    if accepts(headers, "br") and twin.is_file():
        return "br", _bytes_of(twin, twin.stat().st_mtime_ns)
    return ("gzip", _gzip_of(file, stat.st_mtime_ns)) if accepts(headers, "gzip") else ("", b"")


# About a hundred files of 20 kB, the library of the map aside.
@lru_cache(maxsize=128)
def _bytes_of(file: Path, _changed_ns: int) -> bytes:
    return file.read_bytes()


@lru_cache(maxsize=128)
def _gzip_of(file: Path, _changed_ns: int) -> bytes:
    return gzipped(file.read_bytes())
