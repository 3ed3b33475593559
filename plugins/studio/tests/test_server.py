"""How the studio starts, ends, and what it lets in."""

import json
import os
import signal
import socket
import subprocess
import sys
from pathlib import Path
from typing import Any
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import pytest
from zoo_studio.models import offered

import zoo


def studio_fails(*words: str, **more: object) -> str:
    done = subprocess.run(
        [sys.executable, "-m", "zoo", "studio", *words], capture_output=True, text=True, **more
    )
    assert done.returncode == 2
    (line,) = [line for line in done.stderr.splitlines() if line.startswith("Error")]
    assert "Traceback" not in done.stderr
    return line


def test_help_and_wrong_models_are_told_without_gradio(tmp_path: Path) -> None:
    code = (
        "import sys, click.testing, zoo_studio.command as c\n"
        "said = click.testing.CliRunner().invoke(c.command, ['--help'])\n"
        "assert 'zoo studio --model best-256' in said.output, said.output\n"
        "assert not {'gradio', 'tensorflow', 'numpy', 'PIL'} & {*sys.modules}"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
    line = studio_fails("--model", "best-127", cwd=tmp_path)
    assert 'No run, bundle or model "best-127". Did you mean "best-128"?' in line
    blocked = os.environ | {"ZOO_DISABLE": "models"}
    line = studio_fails(cwd=tmp_path, env=blocked)
    assert "no model is installed and none is in runs/: pip install sketch-zoo-models" in line


def test_models_to_choose_from(tmp_path: Path) -> None:
    (tmp_path / "007-unet" / "best").mkdir(parents=True)
    (tmp_path / "007-unet" / "best" / "manifest.json").write_text("{}")
    (tmp_path / "008-unet").mkdir()
    names = [offer.name for offer in offered([], tmp_path)]
    installed = {component.spec.name for component in zoo.list_components("model")}
    assert {*names} == installed | {str(tmp_path / "007-unet")}
    assert names[0].startswith("best-")
    assert names[-1] == str(tmp_path / "007-unet")
    assert [offer.label for offer in offered(["a/b"], tmp_path)] == ["b"]


def test_a_port_that_is_taken(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        line = studio_fails("--model", "fast-64", "--port", port, cwd=tmp_path)
    assert f"127.0.0.1:{port} cannot be listened on, it may be taken: choose another --port" in line


def test_it_listens_here_alone_and_ctrl_c_ends_it(launch: Any, tmp_path: Path) -> None:
    process, url = launch(tmp_path / "studio", "--model", "fast-64")
    port = url.rpartition(":")[2]
    listening = [
        line.split()[1].split(":")
        for file in ("/proc/net/tcp", "/proc/net/tcp6")
        for line in Path(file).read_text().splitlines()[1:]
        if line.split()[3] == "0A"
    ]
    assert [host for host, at in listening if int(at, 16) == int(port)] == ["0100007F"]
    process.send_signal(signal.SIGINT)
    assert process.wait(30) == 0
    assert (tmp_path / "studio" / "stderr").read_text().splitlines()[-1] == "studio closed"
    assert not [path for path in (tmp_path / "studio" / "tmp").rglob("*") if path.is_file()]


def test_uploads_are_refused_and_requests_bounded(studio: Any) -> None:
    def post(path: str, body: bytes, **headers: str) -> tuple[int, str]:
        request = Request(studio.url + path, body, headers)
        try:
            with urlopen(request) as answer:
                return answer.status, ""
        except HTTPError as error:
            return error.code, json.loads(error.read())["detail"]

    status, detail = post("/gradio_api/upload", b"x")
    assert (status, detail) == (
        403,
        "no uploads here: pictures come with the request, as data URLs",
    )
    path = "/gradio_api/call/complete"
    status, detail = post(path, b"{}", **{"Content-Length": "100000001"})
    assert status == 413
    assert "a request may have 100 million bytes: make the picture smaller" in detail


def test_the_page_forbids_what_is_not_from_here(studio: Any) -> None:
    with urlopen(studio.url) as answer:
        policy, text = answer.headers["Content-Security-Policy"], answer.read().decode()
    assert "default-src 'none'" in policy
    assert "http" not in policy
    assert "//" not in text
    page = Path(__file__).parents[1] / "zoo_studio" / "page"
    for file in page.glob("*.*s"):
        assert "https://" not in file.read_text().replace("http://www.w3.org", "")


@pytest.mark.parametrize(
    "path", ["/page/../server.py", "/page/%2e%2e/server.py", "/gradio_api/file=/etc/passwd"]
)
def test_no_other_file_is_served(path: str, studio: Any) -> None:
    host, _, port = studio.url.removeprefix("http://").partition(":")
    with socket.create_connection((host, int(port))) as connection:
        connection.sendall(
            f"GET {path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n".encode()
        )
        head = connection.makefile("rb").readline()
    assert int(head.split()[1]) in (403, 404)
