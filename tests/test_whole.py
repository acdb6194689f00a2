"""Files that are whole whatever happens, and one writer at a time."""

import threading

import pytest

import whole


def in_another_thread(act) -> list[Exception]:
    """What it raises there."""
    raised: list[Exception] = []

    def run() -> None:
        try:
            act()
        except Exception as error:
            raised.append(error)

    thread = threading.Thread(target=run)
    thread.start()
    thread.join()
    return raised


def test_of_two_at_work_the_second_says_so_and_afterwards_nothing_is_left(tmp_path):
    path = tmp_path / "table.csv"

    def enter() -> None:
        with whole.alone(path, seconds=0):
            pass

    with whole.alone(path), whole.alone(path):  # the same one may hold it twice
        [busy] = in_another_thread(enter)
        assert isinstance(busy, whole.Busy)
        assert f"Another process is at work on {path}. Wait until it has ended" in str(busy)
    assert in_another_thread(enter) == []
    assert list(tmp_path.iterdir()) == []


def test_a_lock_of_a_killed_process_does_not_hold(tmp_path):
    whole.beside(tmp_path / "table.csv", "lock").touch()
    with whole.alone(tmp_path / "table.csv", seconds=0):
        pass
    assert list(tmp_path.iterdir()) == []


def test_what_fails_half_way_leaves_the_file_as_it_was(tmp_path):
    path = tmp_path / "table.csv"
    path.write_text("old")

    def write_half() -> None:
        with whole.written(path) as aside:
            aside.write_text("ne")
            raise OSError("full")

    with pytest.raises(OSError, match="full"):
        write_half()
    assert path.read_text() == "old"
    with whole.written(path) as aside:
        aside.write_text("new")
    assert path.read_text() == "new"
    assert [each.name for each in tmp_path.iterdir()] == ["table.csv"]
