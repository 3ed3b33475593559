"""``zoo studio``."""

import threading

import click


@click.command()
@click.option(
    "--model",
    "models",
    multiple=True,
    metavar="NAME|RUN",
    help="model to offer, the first is chosen; repeats; default: all installed and all in runs/",
)
@click.option(
    "--host", default="127.0.0.1", help="address to listen on; default: this machine only"
)
@click.option("--port", type=click.IntRange(1, 65535), default=7860, help="default: 7860")
@click.option("--share", is_flag=True, help="also a public address, through Gradio's servers")
@click.pass_context
def command(
    ctx: click.Context, /, models: tuple[str, ...], host: str, port: int, share: bool
) -> None:
    """Open a page to draw on, mark a part and have it completed.

    Prints the page's address and runs until Ctrl-C. The same completions are had over HTTP.

    \b
      zoo studio
      zoo studio --model best-256 --model runs/001-unet-convdense --port 8000
    """
    from zoo_studio.models import Models, offered
    from zoo_studio.server import serve

    offers = offered(models)
    if not ctx.obj.quiet:
        click.echo(f"loading {offers[0].name}", err=True)
    address = serve(Models(offers), host, port, share=share)
    click.echo(f"studio at {address} (Ctrl-C ends it)")
    try:
        threading.Event().wait()
    except KeyboardInterrupt:
        click.echo("studio closed", err=True)
