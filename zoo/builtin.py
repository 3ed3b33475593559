"""Core's own components, through the same hooks as everybody's."""

from zoo.hookspecs import hookimpl
from zoo.specs import CompleterSpec, MaskSpec, MetricSpec, SourceSpec


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
            summary="Quick, Draw! drawings: .ndjson, .bin or .npy files, or downloaded by category",
            target="zoo.data.quickdraw:build",
            options="zoo.data.options:QuickdrawOptions",
            tags=("strokes",),
            reference="Ha and Eck 2017, A Neural Representation of Sketch Drawings",
        ),
        SourceSpec(
            name="svg",
            summary="Line drawings as SVG, a folder or a zip",
            target="zoo.data.svg:build",
            options="zoo.data.options:SvgOptions",
            tags=("strokes",),
        ),
    ]


@hookimpl
def zoo_masks() -> list[MaskSpec]:
    """What is hidden."""
    return [
        MaskSpec(
            name="box",
            summary="A rectangle",
            target="zoo.sketch.shapes:build_box",
            options="zoo.sketch.options:BoxOptions",
        ),
        MaskSpec(
            name="ellipse",
            summary="An ellipse at any angle",
            target="zoo.sketch.shapes:build_ellipse",
            options="zoo.sketch.options:EllipseOptions",
        ),
        MaskSpec(
            name="erase_stroke",
            summary="Whole pen strokes, under blobs that do not show where they ran",
            target="zoo.sketch.erase:build_erase_stroke",
            options="zoo.sketch.options:EraseStrokeOptions",
        ),
        MaskSpec(
            name="files",
            summary="Masks from a folder of images",
            target="zoo.sketch.mask_files:build",
            options="zoo.sketch.options:FilesOptions",
        ),
        MaskSpec(
            name="gap",
            summary="Short cuts along the lines",
            target="zoo.sketch.erase:build_gap",
            options="zoo.sketch.options:GapOptions",
            known_failures={
                "mask.does_not_betray_the_line": "Its holes are as small as the gaps that it is "
                "named after: filled with ink they are nearly right"
            },
        ),
        MaskSpec(
            name="halfplane",
            summary="A side or a corner cut off",
            target="zoo.sketch.shapes:build_halfplane",
            options="zoo.sketch.options:HalfplaneOptions",
        ),
        MaskSpec(
            name="outpaint",
            summary="All but the middle",
            target="zoo.sketch.shapes:build_outpaint",
            options="zoo.sketch.options:OutpaintOptions",
        ),
        MaskSpec(
            name="strokes",
            summary="Free-form brush strokes",
            target="zoo.sketch.brush:build",
            options="zoo.sketch.options:StrokesOptions",
            reference="Yu et al. 2019, Free-Form Image Inpainting with Gated Convolution",
        ),
    ]


@hookimpl
def zoo_metrics() -> list[MetricSpec]:
    """How well a hole was redrawn."""
    return [
        MetricSpec(
            name="ink_f1",
            summary="Do the lines in the hole agree? F1 between skeletons, tolerant by distance",
            target="zoo.evaluation.ink_f1:build",
            tags=("lines",),
            reference="Martin, Fowlkes and Malik 2004, Learning to Detect Natural Image Boundaries",
        ),
        MetricSpec(
            name="chamfer",
            summary="Distance between the lines in the hole, in percent of the diagonal, up to 10",
            target="zoo.evaluation.chamfer:build",
            tags=("lines",),
            higher_is_better=False,
            reference="Barrow et al. 1977, Parametric Correspondence and Chamfer Matching",
        ),
        MetricSpec(
            name="hole_bce",
            summary="Binary cross-entropy in the hole, in nats per pixel",
            target="zoo.evaluation.hole_pixels:build_bce",
            tags=("pixels",),
            higher_is_better=False,
        ),
        MetricSpec(
            name="hole_l1",
            summary="Mean absolute difference in the hole",
            target="zoo.evaluation.hole_pixels:build_l1",
            tags=("pixels",),
            higher_is_better=False,
        ),
        MetricSpec(
            name="ssim",
            summary="Structural similarity in a box around the hole",
            target="zoo.evaluation.ssim:build",
            tags=("pixels",),
            reference="Wang et al. 2004, Image Quality Assessment: From Error Visibility to "
            "Structural Similarity",
        ),
        MetricSpec(
            name="diversity",
            summary="Do noise draws differ? Mean difference of pairs, best and mean ink_f1 of 8",
            target="zoo.evaluation.diversity:build",
            tags=("noise",),
            draws=8,
            known_failures={
                "metric.the_truth_scores_best": "It scores how completions differ from each "
                "other: eight times the truth is no diversity"
            },
            reference="Zhu et al. 2017, Toward Multimodal Image-to-Image Translation",
        ),
    ]


@hookimpl
def zoo_completers() -> list[CompleterSpec]:
    """Floors: what a trained model must beat."""
    return [
        CompleterSpec(
            name="blank",
            summary="Leaves the hole empty",
            target="zoo.evaluation.floors:build_blank",
            tags=("floor",),
        ),
        CompleterSpec(
            name="full",
            summary="Fills the hole with ink",
            target="zoo.evaluation.floors:build_full",
            tags=("floor",),
        ),
        CompleterSpec(
            name="telea",
            summary="OpenCV's inpainting by fast marching",
            target="zoo.evaluation.floors:build_telea",
            options="zoo.evaluation.options:InpaintOptions",
            tags=("floor",),
            reference="Telea 2004, An Image Inpainting Technique Based on the Fast Marching Method",
        ),
        CompleterSpec(
            name="navier_stokes",
            summary="OpenCV's inpainting by fluid dynamics",
            target="zoo.evaluation.floors:build_navier_stokes",
            options="zoo.evaluation.options:InpaintOptions",
            tags=("floor",),
            reference="Bertalmio, Bertozzi and Sapiro 2001, Navier-Stokes, Fluid Dynamics, and "
            "Image and Video Inpainting",
        ),
        CompleterSpec(
            name="nearest",
            summary="Pastes the hole of the training drawing whose visible part matches best",
            target="zoo.evaluation.nearest:build",
            options="zoo.evaluation.options:NearestOptions",
            tags=("floor",),
        ),
    ]
