"""The mutants of the checks of discriminators."""

from zoo_mutants.mutant import Mutant, Table

MUTANTS: Table = {
    "discriminator.logits_fit_the_contract": Mutant("Its map of logits is flattened"),
    "discriminator.features_fit_the_contract": Mutant("Stops the gradient of its features"),
    "discriminator.height_and_width_may_differ": Mutant("Adds its own transpose: squares only"),
    "discriminator.takes_the_smallest_size_or_says_why_not": Mutant(
        "Fails for small drawings without a word"
    ),
    "discriminator.survives_extremes": Mutant("Divides by the share of the page that is visible"),
    "discriminator.logits_are_unbounded": Mutant("Logits squashed by tanh"),
    "discriminator.examples_are_independent": Mutant("Subtracts the mean over the batch"),
    "discriminator.depends_on_the_mask": Mutant("Multiplies the mask by zero"),
    "discriminator.gradient_reaches_the_drawing": Mutant(
        "Stops the gradient of one of its two maps"
    ),
    "discriminator.has_second_order_gradients": Mutant("An operation whose gradient is constant"),
    "discriminator.every_weight_learns": Mutant("Stops the gradient behind a convolution"),
    "discriminator.same_seed_same_weights": Mutant("Initialised with the system's entropy"),
    "discriminator.tells_blank_from_striped": Mutant("Sees only what differs 4 pixels further on"),
    "discriminator.traced_once_per_shape": Mutant("Creates a variable in its first pass"),
    "discriminator.draws_no_random_numbers": Mutant("Adds a little noise of its own"),
    "discriminator.owns_no_seed_generator": Mutant("Owns a seed generator"),
    "discriminator.batch_statistics_are_synchronised": Mutant("Batch statistics of one replica"),
    "discriminator.a_pass_moves_statistics_only": Mutant("Counts its passes in a variable"),
    "discriminator.leaves_global_state_alone": Mutant("Sets NumPy's seed when it is built"),
}
