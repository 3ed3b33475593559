"""Losses: adversarial pairs, regularisers, reconstruction, features, diversity."""

from collections.abc import Sequence

import zoo


@zoo.hookimpl
def zoo_losses() -> Sequence[zoo.LossSpec]:
    """All losses of the package."""
    return [
        zoo.LossSpec(
            name="bce",
            summary="Adversarial binary cross-entropy, non-saturating, both sides",
            target="zoo_losses.adversarial:bce",
            tags=("adversarial", "original"),
            reference="Goodfellow et al. 2014, Generative Adversarial Networks",
        ),
        zoo.LossSpec(
            name="lsgan",
            summary="Adversarial least squares",
            target="zoo_losses.adversarial:lsgan",
            tags=("adversarial",),
            reference="Mao et al. 2017, Least Squares Generative Adversarial Networks",
        ),
        zoo.LossSpec(
            name="hinge",
            summary="Adversarial hinge: beyond a margin the discriminator learns no more",
            target="zoo_losses.adversarial:hinge",
            tags=("adversarial",),
            reference="Lim and Ye 2017, Geometric GAN",
        ),
        zoo.LossSpec(
            name="wgan",
            summary="Adversarial difference of logits; needs a regulariser",
            target="zoo_losses.adversarial:wgan",
            tags=("adversarial",),
            reference="Arjovsky et al. 2017, Wasserstein GAN",
        ),
        zoo.LossSpec(
            name="relativistic",
            summary="Adversarial: more real than the same drawing's true part?",
            target="zoo_losses.adversarial:relativistic",
            tags=("adversarial",),
            reference="Jolicoeur-Martineau 2018, The Relativistic Discriminator",
        ),
        zoo.LossSpec(
            name="r1",
            summary="Regulariser: slope of the discriminator at true drawings",
            target="zoo_losses.regularisers:r1",
            tags=("regulariser",),
            reference="Mescheder et al. 2018, Which Training Methods for GANs do Converge?",
        ),
        zoo.LossSpec(
            name="gradient_penalty",
            summary="Regulariser: slope of 1 between true and made drawings",
            target="zoo_losses.regularisers:gradient_penalty",
            tags=("regulariser",),
            reference="Gulrajani et al. 2017, Improved Training of Wasserstein GANs",
        ),
        zoo.LossSpec(
            name="context",
            summary="Keep the visible part: cross-entropy over visible pixels",
            target="zoo_losses.pixels:context",
            options="zoo_losses.options:ContextOptions",
            tags=("original",),
        ),
        zoo.LossSpec(
            name="fillrate",
            summary="Fill the hole with as much ink as the true drawing has there",
            target="zoo_losses.pixels:fillrate",
            options="zoo_losses.options:FillrateOptions",
            tags=("original",),
        ),
        zoo.LossSpec(
            name="l1",
            summary="Mean absolute error of ink in the hole",
            target="zoo_losses.pixels:l1",
            options="zoo_losses.options:L1Options",
            tags=("reconstruction",),
            reference="Isola et al. 2017, Image-to-Image Translation with Conditional GANs",
        ),
        zoo.LossSpec(
            name="ink_bce",
            summary="Cross-entropy of ink per pixel, weighted inside and outside the hole",
            target="zoo_losses.pixels:ink_bce",
            options="zoo_losses.options:InkBceOptions",
            tags=("reconstruction",),
            reference="Xie and Tu 2015, Holistically-Nested Edge Detection",
        ),
        zoo.LossSpec(
            name="focal",
            summary="Cross-entropy that forgets what is nearly right",
            target="zoo_losses.pixels:focal",
            options="zoo_losses.options:FocalOptions",
            tags=("reconstruction",),
            reference="Lin et al. 2017, Focal Loss for Dense Object Detection",
        ),
        zoo.LossSpec(
            name="dice",
            summary="1 - F1 of ink that may be a little off its place, as the metric ink_f1 scores",
            target="zoo_losses.lines:dice",
            options="zoo_losses.options:DiceOptions",
            tags=("reconstruction", "lines"),
            reference="Milletari et al. 2016, V-Net",
        ),
        zoo.LossSpec(
            name="blurred_dice",
            summary="1 - Dice of ink averaged over squares: no fat lines, no combs",
            target="zoo_losses.lines:blurred_dice",
            options="zoo_losses.options:DiceOptions",
            tags=("reconstruction", "lines"),
            reference="Milletari et al. 2016, V-Net",
        ),
        zoo.LossSpec(
            name="distance",
            summary="Ink that is far from the other drawing's, at several radii",
            target="zoo_losses.lines:distance",
            options="zoo_losses.options:DistanceOptions",
            tags=("reconstruction", "lines"),
            reference="Barrow et al. 1977, Parametric Correspondence and Chamfer Matching",
        ),
        zoo.LossSpec(
            name="outline",
            summary="As much ink and as much outline as the true lines have: no fog, no dots",
            target="zoo_losses.lines:outline",
            tags=("lines",),
            reference="Rudin et al. 1992, Nonlinear Total Variation Based Noise Removal Algorithms",
        ),
        zoo.LossSpec(
            name="feature_matching",
            summary="Difference of the discriminator's features of made and true drawing",
            target="zoo_losses.features:feature_matching",
            tags=("features",),
            reference="Salimans et al. 2016, Improved Techniques for Training GANs",
        ),
        zoo.LossSpec(
            name="modeseek",
            summary="Another noise should give another completion",
            target="zoo_losses.diversity:modeseek",
            options="zoo_losses.options:ModeseekOptions",
            tags=("noise",),
            reference="Mao et al. 2019, Mode Seeking Generative Adversarial Networks",
        ),
        zoo.LossSpec(
            name="best_of_two",
            summary="The smaller loss of two noise draws",
            target="zoo_losses.diversity:best_of_two",
            options="zoo_losses.options:BestOfTwoOptions",
            tags=("noise",),
            reference="Bhattacharyya et al. 2018, Best of Many Samples",
        ),
    ]
