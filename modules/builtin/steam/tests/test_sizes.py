"""When folders are measured, and when not yet."""

from pathlib import Path

import pytest

from ..library.sizes import SizeBook, folder_size


def file(path: Path, size: int) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(b"\0" * size)


def test_only_what_changed_is_measured_again(tmp_path: Path) -> None:
    one, other = tmp_path / "one", tmp_path / "other"
    book = SizeBook()
    book.follow([one, other])
    assert (book.size(one), book.next_due()) == (None, 0)
    file(one / "a/b", 100)
    book.measure_next()
    book.measure_next()
    assert (book.size(one), book.size(other), book.next_due()) == (100, 0, None)

    file(one / "a/c", 10)
    file(other / "a", 1)
    book.changed(one)
    book.measure_next()
    book.measure_next()
    assert (book.size(one), book.size(other)) == (110, 0)


def test_a_busy_folder_is_left_alone_for_a_while(tmp_path: Path) -> None:
    book = SizeBook()
    book.follow([tmp_path])
    book.measure_next()
    book.changed(tmp_path)
    due = book.next_due()
    assert due is not None
    assert 1 < due <= 2


def test_what_is_no_longer_followed_is_forgotten(tmp_path: Path) -> None:
    book = SizeBook()
    book.follow([tmp_path])
    book.follow([])
    book.changed(tmp_path)
    book.measure_next()
    assert (book.size(tmp_path), book.next_due()) == (None, None)


@pytest.mark.parametrize("kind", ["missing", "file", "link"])
def test_what_is_no_folder_has_no_size(tmp_path: Path, kind: str) -> None:
    file(tmp_path / "there/a", 100)
    file(tmp_path / "file", 100)
    (tmp_path / "link").symlink_to(tmp_path / "there")
    assert folder_size(tmp_path / kind) == 0
