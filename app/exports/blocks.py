"""Documents turned into parts of a file a block at a time, by several processes where a program has them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, TypeVar

from matching.sharing import shared_out

Document = Mapping[str, Any]
T = TypeVar("T")
R = TypeVar("R")
# What is made of some documents, the first of which has this place among all of them.
Make = Callable[[int, Sequence[T]], R]

# A few MB of a file: what one process hands to another at a time.
BLOCK = 1_000


def made_in_blocks(documents: Sequence[T], make: Make[T, R], most: int | None = None) -> Iterator[R]:
    """Return what ``make`` returns for one block of documents after the other, in their order.

    Parameters
    ----------
    make
        May run in another process: what it returns must be picklable, and it must change nothing.
    most
        How many documents to read; all of them by default.
    """
    shared = documents if isinstance(documents, SharedDocuments) else SharedDocuments(documents, 1)
    return shared.made(make, most)


def shared_like(documents: Sequence[Document], others: Sequence[T]) -> Sequence[T]:
    """Return other things to turn into parts of a file as ``documents`` are, by as many processes."""
    if isinstance(documents, SharedDocuments):
        return SharedDocuments(others, documents.processes)
    return others


class SharedDocuments(Sequence[T]):
    """Documents that several processes turn into parts of a file, and that say how many are done.

    Parameters
    ----------
    documents
        Made as they are read, by whoever reads them.
    processes
        See ``matching.sharing``: for a program of its own, never for a server.
    told
        Called with the number of documents that are done, now and then.
    """

    def __init__(
        self, documents: Sequence[T], processes: int, told: Callable[[int], None] = lambda done: None
    ) -> None:
        self._documents = documents
        self.processes = processes if len(documents) > BLOCK else 1
        self._told = told

    def __len__(self) -> int:
        return len(self._documents)

    def __getitem__(self, index: Any) -> Any:
        return self._documents[index]

    def __iter__(self) -> Iterator[T]:
        for done, document in enumerate(self._documents):
            if done and done % BLOCK == 0:
                self._told(done)
            yield document

    def made(self, make: Make[T, R], most: int | None) -> Iterator[R]:
        """Yield what ``made_in_blocks`` does."""
        count = len(self) if most is None else min(most, len(self))
        blocks = range(0, count, BLOCK)

        def work(first: int) -> R:
            return make(first, self._documents[first : min(first + BLOCK, count)])

        for first, answer in zip(blocks, shared_out(work, blocks, self.processes), strict=True):
            if first:
                self._told(first)
            yield answer
