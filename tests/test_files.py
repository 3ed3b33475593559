"""Files and folders are written whole or not at all, also when the process dies on the way."""

import resource
import signal
import subprocess
import sys
import textwrap
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from zoo.files import settle, write_file, write_folder

OLD = {"a": "old a", "b": "old b"}
NEW = {"a": "new a", "c": "new c"}

# Dies at the N-th thing that it is about to do to the file system.
WRITER = textwrap.dedent("""
    import os, signal, sys
    from pathlib import Path
    from zoo.files import write_file, write_folder

    path, fatal = Path(sys.argv[1]), int(sys.argv[2])
    done = 0

    def die(event, _):
        global done
        if event in ("open", "os.mkdir", "os.rename", "os.remove", "os.rmdir"):
            done += 1
            if done == fatal:
                os.kill(os.getpid(), signal.SIGKILL)

    sys.addaudithook(die)
    with write_folder(path) as folder:
        write_file(folder / "a", "new a")
        write_file(folder / "c", "new c")
""")


@contextmanager
def full_disk(after: int) -> Iterator[None]:
    """Every file that grows beyond ``after`` bytes fails with OSError, as on a full disk."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (after, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def fill(path: Path, files: dict[str, str]) -> None:
    path.mkdir()
    for name, text in files.items():
        (path / name).write_text(text)


def read(path: Path) -> dict[str, str] | None:
    return {p.name: p.read_text() for p in path.iterdir()} if path.exists() else None


@pytest.mark.parametrize("before", [None, OLD])
def test_killed_anywhere_the_folder_is_whole(tmp_path: Path, before: dict[str, str] | None) -> None:
    seen: list[object] = []
    for fatal in range(1, 100):
        parent = tmp_path / str(fatal)
        parent.mkdir()
        path = parent / "bundle"
        if before:
            fill(path, before)
        code = subprocess.run([sys.executable, "-c", WRITER, str(path), str(fatal)]).returncode
        assert read(path) in (None, before, NEW)
        settle(path)
        assert read(path) in (before, NEW)
        assert [p.name for p in parent.iterdir()] == ([path.name] if path.exists() else [])
        seen.append(read(path))
        if code == 0:
            break
        assert code == -signal.SIGKILL
    assert code == 0
    assert seen[0] == before
    assert seen[-1] == NEW
    assert len(seen) > 5


def test_settle_puts_the_old_folder_back(tmp_path: Path) -> None:
    fill(tmp_path / ".bundle.old", OLD)
    fill(tmp_path / ".bundle.partial", NEW)
    settle(tmp_path / "bundle")
    assert read(tmp_path / "bundle") == OLD
    assert [p.name for p in tmp_path.iterdir()] == ["bundle"]


def test_settle_keeps_the_new_folder_and_drops_what_is_left_of_the_old(tmp_path: Path) -> None:
    fill(tmp_path / ".bundle.old", {"a": "half removed"})
    fill(tmp_path / "bundle", NEW)
    settle(tmp_path / "bundle")
    assert read(tmp_path / "bundle") == NEW
    assert [p.name for p in tmp_path.iterdir()] == ["bundle"]


def test_settle_of_nothing_does_nothing(tmp_path: Path) -> None:
    settle(tmp_path / "bundle")
    settle(tmp_path / "no" / "such" / "folder")
    assert list(tmp_path.iterdir()) == []


def test_an_exception_leaves_the_old_folder(tmp_path: Path) -> None:
    path = tmp_path / "bundle"
    fill(path, OLD)

    def interrupted() -> None:
        with write_folder(path) as folder:
            write_file(folder / "a", "new a")
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        interrupted()
    assert read(path) == OLD
    assert [p.name for p in tmp_path.iterdir()] == ["bundle"]


def test_what_a_killed_writer_left_is_not_mixed_into_the_next(tmp_path: Path) -> None:
    fill(tmp_path / ".bundle.partial", {"stale": "from the killed one"})
    with write_folder(tmp_path / "bundle") as folder:
        write_file(folder / "a", "new a")
    assert read(tmp_path / "bundle") == {"a": "new a"}


def test_a_full_disk_leaves_the_old_folder(tmp_path: Path) -> None:
    path = tmp_path / "bundle"
    fill(path, OLD)
    with pytest.raises(OSError), full_disk(1000), write_folder(path) as folder:
        write_file(folder / "a", b"x" * 10_000)
    assert read(path) == OLD
    assert [p.name for p in tmp_path.iterdir()] == ["bundle"]


def test_a_full_disk_leaves_the_old_file(tmp_path: Path) -> None:
    path = tmp_path / "file"
    write_file(path, "old")
    with pytest.raises(OSError), full_disk(1000):
        write_file(path, b"x" * 10_000)
    assert read(tmp_path) == {"file": "old"}


def test_text_is_utf8_and_what_stood_there_is_replaced(tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_text("a much longer text than the next")
    write_file(path, "Strich — 線")
    assert path.read_bytes() == "Strich — 線".encode()
    assert [p.name for p in tmp_path.iterdir()] == ["file"]


def test_no_folder_no_file(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        write_file(tmp_path / "missing" / "file", "x")
    (tmp_path / "file").write_text("old")
    with pytest.raises(OSError):
        write_file(tmp_path / "file" / "below", "x")
    assert read(tmp_path) == {"file": "old"}
