"""The mutants of the checks of generators."""

from zoo_mutants.mutant import Mutant, Table

MUTANTS: Table = {
    "generator.logits_fit_the_drawing": Mutant("Draws in float64"),
    "generator.stages_fit_the_drawing": Mutant("Its earlier stage is half as large"),
    "generator.takes_every_size_it_claims": Mutant("Adds its own transpose: squares only"),
    "generator.says_which_sizes_it_takes": Mutant(
        "Its size multiple is 8.0",
        spec={"options": "zoo_mutants.options:FloatMultipleOptions"},
    ),
    "generator.survives_extremes": Mutant("Divides by the share of the page that is visible"),
    "generator.examples_are_independent": Mutant("Subtracts the mean over the batch"),
    "generator.depends_on_the_mask": Mutant("Multiplies the mask by zero"),
    "generator.depends_on_the_drawing": Mutant("Multiplies the drawing by zero"),
    "generator.depends_on_the_noise": Mutant("Multiplies the noise by zero"),
    "generator.every_weight_learns": Mutant("Stops the gradient behind a convolution"),
    "generator.same_seed_same_weights": Mutant("An initialiser that asks the system for entropy"),
    "generator.overfits_a_drawing": Mutant("Logits squashed by tanh"),
    "generator.traced_once_per_shape": Mutant("Creates a variable in its first pass"),
    "generator.draws_no_random_numbers": Mutant("Adds a little noise of its own"),
    "generator.owns_no_seed_generator": Mutant("Owns a seed generator"),
    "generator.batch_statistics_are_synchronised": Mutant("Batch statistics of one replica"),
    "generator.a_pass_moves_statistics_only": Mutant("Counts its passes in a variable"),
    "generator.leaves_global_state_alone": Mutant("Sets NumPy's seed when it is built"),
    "generator.survives_a_fresh_process": Mutant("Keeps a factor outside of its weights"),
    "generator.compiles_with_xla": Mutant(
        "Uses an operation that XLA does not have",
        also={"generator.exports_to_litert": "LiteRT does not have it either"},
    ),
    "generator.exports_to_savedmodel": Mutant(
        "Hides a variable from what is saved",
        also={"generator.exports_to_litert": "It is made from a SavedModel"},
    ),
    "generator.exports_to_onnx": Mutant("Uses an operation that ONNX does not have"),
    "generator.exports_to_litert": Mutant("Uses an operation that LiteRT does not have"),
}
