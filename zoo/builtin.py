"""Core's own components, through the same hooks as everybody's."""

from zoo.hookspecs import hookimpl
from zoo.specs import MaskSpec, SourceSpec


@hookimpl
def zoo_sources() -> list[SourceSpec]:
    """Where drawings come from."""
    return [
        SourceSpec(
            name="doodles",
            summary="Endless procedural drawings: faces, houses, cats, boats and more",
            target="zoo.data.doodles:build",
            options="zoo.data.options:DoodlesOptions",
            tags=("strokes", "built-in"),
        ),
        SourceSpec(
            name="folder",
            summary="A folder of image files",
            target="zoo.data.folder:build",
            options="zoo.data.options:FolderOptions",
            tags=("raster",),
        ),
        SourceSpec(
            name="quickdraw",
            summary="Quick, Draw! drawings: .ndjson or .ndjson.gz, a file, a folder or a glob",
            target="zoo.data.quickdraw:build",
            options="zoo.data.options:QuickdrawOptions",
            tags=("strokes",),
            reference="Ha and Eck 2017, A Neural Representation of Sketch Drawings",
        ),
    ]


@hookimpl
def zoo_masks() -> list[MaskSpec]:
    """What is hidden."""
    return [
        MaskSpec(
            name="box",
            summary="A rectangle",
            target="zoo.sketch.masks:build_box",
            options="zoo.sketch.options:BoxOptions",
        ),
        MaskSpec(
            name="strokes",
            summary="Free-form brush strokes",
            target="zoo.sketch.masks:build_strokes",
            options="zoo.sketch.options:StrokesOptions",
            reference="Yu et al. 2019, Free-Form Image Inpainting with Gated Convolution",
        ),
    ]
