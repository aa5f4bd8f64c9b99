"""Requests share one engine: what they ask at once comes out as if asked in turn."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

from matching.engine import default_engine
from matching.words import stem


def test_words_stemmed_at_once_come_out_as_if_stemmed_in_turn() -> None:
    words = [
        f"{head}{tail}"
        for head in ("recycl", "broy", "conditionn", "réutilis")
        for tail in ("ages", "eurs", "ements")
    ]
    stem.cache_clear()
    expected = [stem(word) for word in words]
    stem.cache_clear()
    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(stem, words * 200)) == expected * 200


def test_threads_that_ask_for_the_engine_get_the_same_one() -> None:
    with ThreadPoolExecutor(4) as pool:
        assert len({id(engine) for engine in pool.map(lambda _: default_engine(), range(8))}) == 1
