"""The page and its HTTP API on Gradio's server: its queue, no analytics, nothing from elsewhere."""

import os
from collections.abc import Awaitable, Callable
from dataclasses import asdict
from pathlib import Path
from typing import Any

# Read when Gradio is imported: it reports nothing to anybody.
os.environ.update(GRADIO_ANALYTICS_ENABLED="False", HF_HUB_DISABLE_TELEMETRY="1")

import gradio
from fastapi import Request, Response
from fastapi.responses import FileResponse, JSONResponse
from fastapi.staticfiles import StaticFiles

import zoo
from zoo_studio.completions import LARGEST, complete
from zoo_studio.models import Models

PAGE = Path(__file__).with_name("page")
# A picture and its mask have four bytes a pixel and a third more as base64; hardly any compress to
# more than half.
_BODY = LARGEST * 4
# The browser itself refuses what is not from here.
_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; "
    "connect-src 'self' data: blob:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)


def make_server(models: Models) -> gradio.Server:
    """The page at ``/`` and the endpoint ``/complete`` of Gradio's API.

    Args:
        models: What it offers.
    """
    server = gradio.Server(title="zoo studio", docs_url=None, redoc_url=None, openapi_url=None)
    server.middleware("http")(_guard)
    server.mount("/page", StaticFiles(directory=PAGE))

    @server.get("/")
    def page() -> Response:
        return FileResponse(PAGE / "studio.html", headers={"Content-Security-Policy": _POLICY})

    @server.get("/offers")
    def offers() -> Response:
        examples = sorted(path.name for path in (PAGE / "examples").glob("*.png"))
        return JSONResponse(
            {"models": [asdict(offer) for offer in models.offers], "examples": examples}
        )

    def answer(
        image: str, mask: str = "", model: str = "", count: int = 1, seed: int = 0
    ) -> list[dict[str, str]]:
        """Complete the hole of a drawing; its pictures are data URLs."""
        try:
            done = complete(models.get(model), image, mask, count, seed)
        except zoo.ZooError as error:
            raise gradio.Error(str(error), print_exception=False) from None
        return [asdict(completion) for completion in done]

    server.api(answer, name="complete", concurrency_limit=1)
    return server


def serve(models: Models, host: str, port: int, *, share: bool = False) -> str:
    """Start the server in threads of its own, which live as long as the process.

    Args:
        models: What it offers.
        host: Address to listen on.
        port: TCP port.
        share: Also open a public address through Gradio's servers.

    Returns:
        The page's address.

    Raises:
        UsageError: The port is taken, or the address is not this machine's.
    """
    server = make_server(models)
    try:
        _, local, public = server.launch(
            server_name=host,
            server_port=port,
            share=share,
            prevent_thread_lock=True,
            quiet=True,
            footer_links=[],
            run_history=False,
            enable_monitoring=False,
            ssr_mode=False,
            mcp_server=False,
            max_file_size=1,
        )
    except OSError:
        raise zoo.UsageError(
            f"{host}:{port} cannot be listened on, it may be taken: choose another --port"
        ) from None
    return str(public or local)


async def _guard(request: Request, call_next: Callable[[Request], Awaitable[Any]]) -> Any:
    """Pictures come with the request, of bounded length, and are never kept."""
    if request.url.path.rstrip("/").endswith("/upload"):
        text = "no uploads here: pictures come with the request, as data URLs"
        return JSONResponse({"detail": text}, 403)
    length = request.headers.get("content-length", "")
    if request.method == "POST" and (not length.isdigit() or int(length) > _BODY):
        text = f"a request may have {_BODY // 1_000_000} million bytes: make the picture smaller"
        return JSONResponse({"detail": text}, 413)
    return await call_next(request)
