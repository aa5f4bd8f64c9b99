"""What this machine keeps of the engine is what would be made anew, or is not used."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from matching import kept
from matching.kept import keep, parts, read
from matching.model import Direction

LABELS = ("palettes HS", "copeaux d'inox", "eau tiède de process", "cariste 2 j/semaine en été", "zzz")


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a file that keeps the engine."""
    chosen = tmp_path_factory.mktemp("kept") / "engine-1.pickle"
    keep(parts(), chosen)
    return chosen


def test_what_is_read_again_answers_as_what_was_made(file: Path) -> None:
    found = read(file)
    assert found is not None
    (catalogue, classifier), (made, reader) = found, parts()
    assert catalogue == made
    for label in LABELS:
        for side in Direction:
            assert classifier.classify_text(label, side) == reader.classify_text(label, side)
    # The classifier speaks of the catalogue beside it, not of a copy.
    assert classifier.catalogue is catalogue


def test_only_its_user_may_write_or_read_it(file: Path) -> None:
    assert file.stat().st_mode & 0o777 == 0o600


def test_a_file_that_others_may_write_is_not_read(file: Path) -> None:
    """Reading it would run whatever they put there."""
    os.chmod(file, 0o666)  # noqa: S103 - what is refused
    assert read(file) is None
    os.chmod(file, 0o600)


@pytest.mark.parametrize("content", [b"", b"\x80\x05", b"no pickle", b"\x80\x05cmatching.gone\nThing\n."])
def test_a_broken_file_is_as_none(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "engine-1.pickle"
    file.write_bytes(content)
    file.chmod(0o600)
    assert read(file) is None
    assert read(tmp_path / "missing") is None


def test_a_new_version_takes_the_place_of_the_others_and_leaves_no_half(file: Path, tmp_path: Path) -> None:
    older = tmp_path / "engine-0.pickle"
    older.write_bytes(b"")
    keep(parts(), tmp_path / "engine-2.pickle")
    assert [left.name for left in tmp_path.iterdir()] == ["engine-2.pickle"]


def test_where_nothing_can_be_kept_the_engine_is_made_anyway(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    in_the_way = tmp_path / "file"
    in_the_way.write_bytes(b"")
    made = parts()
    monkeypatch.setattr(kept, "_file", lambda: in_the_way / "engine-1.pickle")
    monkeypatch.setattr(kept, "read_catalogue", lambda: made[0])
    monkeypatch.setattr(kept, "Classifier", lambda catalogue: made[1])
    assert kept._parts.__wrapped__() == made
    monkeypatch.setattr(kept, "_file", lambda: None)
    assert kept._parts.__wrapped__() == made


def test_another_catalogue_or_library_is_another_file(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    before = kept._file()
    monkeypatch.setattr(kept, "version", lambda name: "0")
    assert kept._file() != before
    monkeypatch.undo()
    (tmp_path / "rules.csv").write_text("another")
    monkeypatch.setattr(kept, "HERE", tmp_path)
    assert kept._file() != before
