"""Category files over HTTP, from a server on the loopback that misbehaves."""

import base64
import json
import os
import resource
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from hashlib import md5
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import unquote

import numpy as np
import pytest

from zoo.contracts.source import Source
from zoo.data import download as downloading
from zoo.data.download import download
from zoo.data.options import QuickdrawOptions
from zoo.data.quickdraw import build
from zoo.errors import DataError

CONTENT = np.random.default_rng(0).bytes(300_000)


@dataclass
class Behaviour:
    """What the server does, and what it was asked for."""

    files: dict[str, bytes] = field(default_factory=lambda: {"/file": CONTENT})
    drops: list[int] = field(default_factory=list)  # bytes after which answers end, in turn
    statuses: list[int] = field(default_factory=list)  # of the first answers
    hash_of: bytes | None = None
    ranges: bool = True
    tag: str = '"one"'
    asked: list[tuple[str, str | None]] = field(default_factory=list)
    sent: int = 0


class Handler(BaseHTTPRequestHandler):
    behaviour: Behaviour

    def do_GET(self) -> None:
        way = self.behaviour
        path, asked = unquote(self.path), self.headers.get("Range")
        way.asked.append((path, asked))
        if way.statuses:
            return self.send_error(way.statuses.pop(0))
        if path not in way.files:
            return self.send_error(404)
        content, start = way.files[path], 0
        if asked and way.ranges and self.headers.get("If-Range") == way.tag:
            start = int(asked.removeprefix("bytes=").removesuffix("-"))
            if start >= len(content):
                return self.send_error(416)
        self.send_response(206 if start else 200)
        if start:
            self.send_header("Content-Range", f"bytes {start}-{len(content) - 1}/{len(content)}")
        self.send_header("Content-Length", str(len(content) - start))
        self.send_header("ETag", way.tag)
        total = md5(content if way.hash_of is None else way.hash_of).digest()
        self.send_header("x-goog-hash", "crc32c=AAAAAA==")
        self.send_header("x-goog-hash", f"md5={base64.b64encode(total).decode()}")
        self.end_headers()
        body = content[start:]
        if way.drops:
            body = body[: way.drops.pop(0)]
        way.sent += len(body)
        self.wfile.write(body)
        self.close_connection = True
        return None

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def served() -> Iterator[tuple[str, Behaviour]]:
    way = Behaviour()
    handler = type("Own", (Handler,), {"behaviour": way})
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}", way
        server.shutdown()
        thread.join()


@pytest.fixture(autouse=True)
def no_pause(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(downloading, "_PAUSE", 0.001)
    for name in ("http_proxy", "HTTP_PROXY"):
        monkeypatch.delenv(name, raising=False)


def fetched(url: str, folder: Path) -> bytes:
    download(f"{url}/file", folder / "target", "the file")
    return (folder / "target").read_bytes()


def test_a_file_arrives_whole(served: tuple[str, Behaviour], tmp_path: Path) -> None:
    url, way = served
    assert fetched(url, tmp_path) == CONTENT
    assert fetched(url, tmp_path) == CONTENT
    assert way.asked == [("/file", None)]
    assert [path.name for path in tmp_path.iterdir()] == ["target"]


def test_broken_downloads_go_on_where_they_ended(
    served: tuple[str, Behaviour], tmp_path: Path
) -> None:
    url, way = served
    way.drops = [100_000, 0, 70_000, 1, 50_000]
    assert fetched(url, tmp_path) == CONTENT
    starts = [None, 100_000, 100_000, 170_000, 170_001, 220_001]
    assert [asked for _, asked in way.asked] == [s and f"bytes={s}-" for s in starts]
    assert way.sent == len(CONTENT)


def test_a_later_process_goes_on(served: tuple[str, Behaviour], tmp_path: Path) -> None:
    url, way = served
    way.drops = [100_000, 0, 0, 0, 0]
    with pytest.raises(DataError) as caught:
        fetched(url, tmp_path)
    assert str(caught.value) == (
        f"the file: {url}/file cannot be downloaded (it breaks off after 100,000 of 300,000 bytes)"
        f": try again when online, or put the file at {tmp_path / 'target'}"
    )
    assert not (tmp_path / "target").exists()
    way.drops, way.sent = [], 0
    assert fetched(url, tmp_path) == CONTENT
    assert way.sent == 200_000


def test_a_file_that_changed_meanwhile_starts_anew(
    served: tuple[str, Behaviour], tmp_path: Path
) -> None:
    url, way = served
    way.drops = [100_000, 0, 0, 0, 0]
    with pytest.raises(DataError):
        fetched(url, tmp_path)
    way.drops, way.tag, way.files["/file"] = [], '"two"', CONTENT[::-1]
    assert fetched(url, tmp_path) == CONTENT[::-1]


def test_a_file_that_shrank_starts_anew(served: tuple[str, Behaviour], tmp_path: Path) -> None:
    url, way = served
    way.drops = [100_000, 0, 0, 0, 0]
    with pytest.raises(DataError):
        fetched(url, tmp_path)
    way.drops, way.files["/file"] = [], CONTENT[:500]
    assert fetched(url, tmp_path) == CONTENT[:500]


def test_a_server_without_ranges(served: tuple[str, Behaviour], tmp_path: Path) -> None:
    url, way = served
    way.ranges, way.drops = False, [100_000, 200_000]
    assert fetched(url, tmp_path) == CONTENT


def test_errors_that_pass(served: tuple[str, Behaviour], tmp_path: Path) -> None:
    url, way = served
    way.statuses = [503, 429, 500]
    assert fetched(url, tmp_path) == CONTENT


def test_a_wrong_hash_is_refused(served: tuple[str, Behaviour], tmp_path: Path) -> None:
    url, way = served
    way.hash_of = b"something else"
    with pytest.raises(DataError, match="does not have the hash"):
        fetched(url, tmp_path)
    assert not (tmp_path / "target").exists()
    assert len(way.asked) == 2
    way.hash_of = None
    assert fetched(url, tmp_path) == CONTENT


def test_damage_on_the_way_is_repaired(served: tuple[str, Behaviour], tmp_path: Path) -> None:
    url, way = served
    way.drops = [100_000, 0, 0, 0, 0]
    with pytest.raises(DataError):
        fetched(url, tmp_path)
    (partial,) = tmp_path.glob("*.partial")
    partial.write_bytes(bytes(100_000))
    way.drops = []
    assert fetched(url, tmp_path) == CONTENT


def test_no_such_file_is_not_asked_for_twice(served: tuple[str, Behaviour], tmp_path: Path) -> None:
    url, way = served
    with pytest.raises(DataError, match=r"^the file: http.*/nothing: 404 Not Found"):
        download(f"{url}/nothing", tmp_path / "target", "the file")
    assert len(way.asked) == 1


def test_offline_says_where_the_file_goes(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="refused") as caught:
        fetched("http://127.0.0.1:9", tmp_path)
    assert f"put the file at {tmp_path / 'target'}" in str(caught.value)


def test_a_silent_server_is_given_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(downloading, "_TIMEOUT", 0.05)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        url = f"http://127.0.0.1:{silent.getsockname()[1]}"
        with pytest.raises(DataError, match="timed out"):
            fetched(url, tmp_path)


def opened(url: str, category: str, form: str = "ndjson") -> Source:
    return build(QuickdrawOptions(category=category, url=url, form=form))  # type: ignore[arg-type]


def test_categories_are_downloaded_once(
    served: tuple[str, Behaviour], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ZOO_CACHE", str(tmp_path))
    url, way = served
    for name in ("cat", "aircraft carrier"):
        drawing = {"key_id": name, "word": name, "drawing": [[[1, 2], [3, 4]]]}
        way.files[f"/full/simplified/{name}.ndjson"] = json.dumps(drawing).encode()
    bitmaps = tmp_path / "bitmaps.npy"
    np.save(bitmaps, np.ones((2, 784), np.uint8))
    way.files["/full/numpy_bitmap/cat.npy"] = bitmaps.read_bytes()
    for _ in range(2):
        source = opened(f"{url}/full", "cat+aircraft_carrier")
        assert [source[i].label for i in range(2)] == ["cat", "aircraft carrier"]
    assert len(way.asked) == 2
    assert opened(f"{url}/full/", "cat", "npy")[1].key == "cat-2"
    with pytest.raises(DataError, match=r'quickdraw category "cta": http.*cta\.ndjson: 404'):
        opened(f"{url}/full", "cta")


FETCH = """
import sys
from pathlib import Path
from zoo.data.download import download
download(sys.argv[1], Path(sys.argv[2]), "the file")
"""


def start(url: str, target: Path, **how: object) -> "subprocess.Popen[str]":
    words = [sys.executable, "-c", FETCH, f"{url}/file", str(target)]
    return subprocess.Popen(words, stderr=subprocess.PIPE, text=True, **how)  # type: ignore[call-overload]


def test_processes_at_once_download_once(served: tuple[str, Behaviour], tmp_path: Path) -> None:
    url, way = served
    running = [start(url, tmp_path / "target") for _ in range(4)]
    assert [process.communicate(timeout=60)[1] for process in running] == [""] * 4
    assert (tmp_path / "target").read_bytes() == CONTENT
    assert way.sent == len(CONTENT)


def test_a_full_disk_leaves_no_target(served: tuple[str, Behaviour], tmp_path: Path) -> None:
    def small_files() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, 100_000))

    process = start(served[0], tmp_path / "target", preexec_fn=small_files, env=os.environ)
    _, said = process.communicate(timeout=60)
    assert "DataError" in said.splitlines()[-1]
    assert "make room" in said.splitlines()[-1]
    assert not (tmp_path / "target").exists()
