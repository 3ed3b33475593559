"""The command ``zoo studio``: a page where people draw and have drawings completed."""

from collections.abc import Mapping

import zoo


@zoo.hookimpl
def zoo_commands() -> Mapping[str, str]:
    """One command; nothing of the page is imported before it runs."""
    return {"studio": "zoo_studio.command:command"}
