"""Copies that only a passphrase opens: AES-256-GCM piece by piece, the key drawn from it by scrypt.

Each piece is sealed under its place and whether it is the last (the STREAM construction of Hoang,
Reyhanitabar, Rogaway and Vizár, 2015): a copy that was cut short, reordered or changed does not open.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

MAGIC = b"ENTREFLUX-COPY-1"
SALT_BYTES = 16
PREFIX_BYTES = 7
PIECE_BYTES = 1 << 20
TAG_BYTES = 16
# OWASP's first choice for scrypt (Password Storage Cheat Sheet, 2023): 128 MiB.
COST, BLOCK, PARALLEL = 2**17, 8, 1


class SealError(ValueError):
    """A copy that this passphrase does not open, or that was changed or cut short."""


def is_sealed(file: Path) -> bool:
    """Tell whether a file is a sealed copy."""
    try:
        with file.open("rb") as stream:
            return stream.read(len(MAGIC)) == MAGIC
    except OSError:
        return False


def seal(plain: Path, sealed: Path, passphrase: str) -> None:
    """Write ``plain`` to ``sealed``, readable with the passphrase alone."""
    salt, prefix = os.urandom(SALT_BYTES), os.urandom(PREFIX_BYTES)
    cipher = _cipher(passphrase, salt)
    with plain.open("rb") as source, sealed.open("wb") as target:
        target.write(MAGIC + salt + prefix)
        for number, piece, last in _pieces(source, PIECE_BYTES):
            target.write(cipher.encrypt(_nonce(prefix, number, last), piece, MAGIC))


def unseal(sealed: Path, plain: Path, passphrase: str) -> None:
    """Write what ``sealed`` holds to ``plain``.

    Raises
    ------
    SealError
        When the passphrase is another one, or the file was changed or cut short.
    """
    with sealed.open("rb") as source, plain.open("wb") as target:
        head = source.read(len(MAGIC) + SALT_BYTES + PREFIX_BYTES)
        salt, prefix = head[len(MAGIC) : -PREFIX_BYTES], head[-PREFIX_BYTES:]
        if not head.startswith(MAGIC) or len(salt) < SALT_BYTES:
            raise SealError("not a sealed copy")
        cipher = _cipher(passphrase, salt)
        try:
            for number, piece, last in _pieces(source, PIECE_BYTES + TAG_BYTES):
                target.write(cipher.decrypt(_nonce(prefix, number, last), piece, MAGIC))
        except InvalidTag as error:
            raise SealError("wrong passphrase, or a damaged copy") from error


def _cipher(passphrase: str, salt: bytes) -> AESGCM:
    return AESGCM(Scrypt(salt, 32, COST, BLOCK, PARALLEL).derive(passphrase.encode()))


def _nonce(prefix: bytes, number: int, last: bool) -> bytes:
    return prefix + number.to_bytes(4, "big") + bytes([last])


def _pieces(stream: BinaryIO, size: int) -> Iterator[tuple[int, bytes, bool]]:
    """Yield (number, piece, whether it is the last); an empty stream has one empty piece."""
    number, piece = 0, stream.read(size)
    while True:
        following = stream.read(size)
        yield number, piece, not following
        if not following:
            return
        number, piece = number + 1, following
