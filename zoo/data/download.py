"""Downloading a file into the cache so that it is whole, or not there."""

import base64
import fcntl
import http.client
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import md5
from http import HTTPStatus
from pathlib import Path
from typing import BinaryIO
from urllib.error import HTTPError
from urllib.request import Request, urlopen

from zoo.cache import cache_failure
from zoo.data.bytes_bar import Report, bytes_bar
from zoo.errors import DataError

_TIMEOUT = 30.0  # seconds that the server may keep silent
_TRIES = 4  # in a row without a byte more
_PAUSE = 0.25  # seconds before the second try, doubled for each one after
_CHUNK = 1 << 16
_PASSING = {408, 429, 500, 502, 503, 504}  # statuses that another try may change


class _BreakError(Exception):
    """The download broke off; another try may go on from there."""


class _RefusalError(Exception):
    """Another try would end the same way."""


def download(url: str, target: Path, what: str) -> None:
    """Download a file, unless another process has just done so.

    A download that broke off, also in an earlier process, goes on where it ended if the server
    allows it. The size is checked, and the MD5 sum where the server sends one (``x-goog-hash``).
    On a terminal, a bar on stderr shows how far it is.

    Args:
        url: Its address.
        target: Where in the cache it is put, whole or not at all.
        what: Name of it for messages.

    Raises:
        DataError: The server cannot be reached, has no such file or sends a damaged one, or the
            file cannot be written.
    """
    partial = target.with_name(f".{target.name}.partial")
    try:
        with partial.open("ab+") as file:
            # Released by the system even if this process is killed.
            fcntl.flock(file, fcntl.LOCK_EX)
            if target.exists():
                partial.unlink(missing_ok=True)
                return
            with bytes_bar(what) as report:
                _fetch(url, file, partial.with_name(f"{partial.name}.tag"), report)
            os.fsync(file.fileno())
            partial.replace(target)
    except _RefusalError as error:
        raise DataError(f"{what}: {url}: {error}") from None
    except _BreakError as error:
        raise DataError(
            f"{what}: {url} cannot be downloaded ({error}): try again when online, or put the "
            f"file at {target}"
        ) from None
    except OSError as error:
        raise cache_failure(error) from None


def _fetch(url: str, file: BinaryIO, tag: Path, report: Report) -> None:
    """Fill the file, from where it ends, in as many tries as bring it on."""
    failures, damaged = 0, False
    while True:
        before = file.seek(0, os.SEEK_END)
        try:
            answer = _receive(url, file, tag, report)
        except _BreakError:
            failures = 0 if file.seek(0, os.SEEK_END) > before else failures + 1
            if failures == _TRIES:
                raise
            time.sleep(_PAUSE * 2**failures)
            continue
        tag.unlink(missing_ok=True)
        if answer.md5 is None or _md5(file) == answer.md5:
            return
        file.truncate(0)
        if damaged:
            raise _RefusalError(
                "what comes does not have the hash that the server names: try later"
            )
        damaged = True


@dataclass(frozen=True)
class _Answer:
    start: int
    total: int | None
    tag: str
    md5: bytes | None


def _receive(url: str, file: BinaryIO, tag: Path, report: Report) -> _Answer:
    """One request for what is missing."""
    have = file.seek(0, os.SEEK_END)
    headers = {}
    if have and tag.exists():
        headers = {"Range": f"bytes={have}-", "If-Range": tag.read_text()}
    with _asked(Request(url, headers=headers), file) as response:
        answer = _answer(response, have)
        if answer.start == 0:
            file.truncate(0)
            tag.write_text(answer.tag) if answer.tag else tag.unlink(missing_ok=True)
        there = answer.start
        while chunk := _read(response):
            file.write(chunk)
            there += len(chunk)
            report(there, answer.total)
        file.flush()
    if answer.total is not None and there < answer.total:
        raise _BreakError(f"it breaks off after {there:,} of {answer.total:,} bytes")
    if answer.total is not None and there > answer.total:
        file.truncate(0)
        raise _BreakError(f"{there:,} bytes came instead of {answer.total:,}")
    return answer


@contextmanager
def _asked(request: Request, file: BinaryIO) -> Iterator[http.client.HTTPResponse]:
    try:
        response = urlopen(request, timeout=_TIMEOUT)
    except HTTPError as error:
        with error:
            if error.code == HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE:
                file.truncate(0)  # the file on the server has become shorter
                raise _BreakError(error.reason) from None
            if error.code in _PASSING:
                raise _BreakError(f"{error.code} {error.reason}") from None
            raise _RefusalError(f"{error.code} {error.reason}: is it spelt right?") from None
    except (OSError, http.client.HTTPException) as error:
        raise _BreakError(str(getattr(error, "reason", error)) or repr(error)) from None
    with response:
        yield response


def _read(response: http.client.HTTPResponse) -> bytes:
    try:
        return response.read(_CHUNK)
    except (OSError, http.client.HTTPException) as error:
        raise _BreakError(str(error) or repr(error)) from None


def _answer(response: http.client.HTTPResponse, have: int) -> _Answer:
    sums = ",".join(response.headers.get_all("x-goog-hash", [])).split(",")
    named = [item.strip().removeprefix("md5=") for item in sums if item.strip()[:4] == "md5="]
    length = response.headers.get("Content-Length", "")
    left = int(length) if length.isdecimal() else None
    start = have if response.status == HTTPStatus.PARTIAL_CONTENT else 0
    if start and not response.headers.get("Content-Range", "").startswith(f"bytes {have}-"):
        raise _RefusalError("the server answers with another part of the file than was asked for")
    return _Answer(
        start=start,
        total=None if left is None else start + left,
        tag=response.headers.get("ETag", ""),
        md5=base64.b64decode(named[0]) if named else None,
    )


def _md5(file: BinaryIO) -> bytes:
    file.seek(0)
    total = md5(usedforsecurity=False)
    while chunk := file.read(_CHUNK):
        total.update(chunk)
    return total.digest()
