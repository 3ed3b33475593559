"""The task of a protocol as files, so that any outside system can be scored: never the truth."""

import json
from pathlib import Path
from typing import Any

from zoo.errors import DataError, UsageError
from zoo.evaluation.evaluate import choose_protocol
from zoo.evaluation.predictions import file_name, write_ink
from zoo.evaluation.progress import shown
from zoo.evaluation.summary import Measured
from zoo.evaluation.task import Task, open_task
from zoo.files import write_file, write_folder

_README = """\
# Complete these drawings: {name}

`images/` holds {count} drawings of {size}x{size} pixels, black ink on white paper, a part of each
hidden. `masks/` holds the hidden parts under the same names: white = hidden. The emptied hole of an
image is white, too.

Redraw the hidden parts and return a folder with one PNG per image under the same name and of the
same size: grey, 0 = ink, 255 = paper, values between them for doubt. What is outside of the hole is
not looked at. Ink counts as a line from 0.5 on (grey 127 and darker); beside the pictures a file
`predictions.json` such as `{{"threshold": 0.4}}` says otherwise.

It is scored by: `zoo evaluate FOLDER {flags}`

`task.json` lists keys and files, and holds the protocol.
"""


def export_task(
    folder: str | Path,
    *,
    protocol: str | Path | None = None,
    data: str | None = None,
    data_root: str | Path | None = None,
    quiet: bool = True,
    **changes: Any,
) -> Path:
    """Write masked drawings, holes and what is to be done. Arguments otherwise as ``evaluate``.

    Args:
        folder: A new folder.

    Returns:
        The folder.

    Raises:
        UsageError: The folder exists, or the arguments do not fit each other.
        DataError: Drawings are missing, or the folder cannot be written.
    """
    place = Path(folder)
    if place.exists():
        raise UsageError(f"{place} exists: give --export-task another name")
    chosen = choose_protocol(protocol, data, changes, None)
    task = open_task(chosen, data if protocol else None, Path(data_root) if data_root else None)
    try:
        with write_folder(place) as partial:
            _fill(partial, task, quiet)
    except OSError as error:
        raise DataError(f"{place}: cannot be written: {error.strerror or error}") from None
    return place


def _fill(folder: Path, task: Task, quiet: bool) -> None:
    protocol, measured, names = task.protocol, Measured(), {}
    for kind in ("images", "masks"):
        (folder / kind).mkdir()
    for case in measured.note(shown(task.cases(), len(task), "drawings", quiet=quiet)):
        name = names[case.key] = file_name(case.key)
        write_ink(folder / "images" / name, case.masked)
        write_ink(folder / "masks" / name, 1 - case.mask)
    if not names:
        raise DataError(f"protocol {protocol.name}: none of {len(task)} drawings can be used")
    known = "+" not in protocol.name
    flags = f"--protocol {protocol.name}" if known else "and the flags that this was exported with"
    about = {"name": protocol.name, "count": len(names), "size": protocol.size, "flags": flags}
    write_file(folder / "README.md", _README.format(**about))
    said = {
        "protocol_hash": protocol.hash,
        "holes": measured.holes,
        "files": names,
        "protocol": protocol.model_dump(mode="json", exclude_none=True),
    }
    write_file(folder / "task.json", json.dumps(said, indent=2) + "\n")
