"""The mutants of the checks of completers."""

from zoo_mutants.mutant import Mutant, Table

MUTANTS: Table = {
    "completer.ink_fits_the_drawings": Mutant(
        "Returns float64",
        also={
            "completer.survives_extremes": "Its ink has the wrong type there, too",
            "completer.works_without_training_drawings": "And there",
        },
    ),
    "completer.survives_extremes": Mutant("Divides by the share that is visible"),
    "completer.examples_are_independent": Mutant("Paints the mean over the batch"),
    "completer.same_seed_same_completion": Mutant(
        "Asks the system for entropy",
        also={"completer.examples_are_independent": "Alone it is another completion, too"},
    ),
    "completer.works_without_training_drawings": Mutant("Counts training drawings that are None"),
    "completer.leaves_its_inputs_alone": Mutant("Empties the images that it is given"),
    "completer.leaves_global_state_alone": Mutant("Sets NumPy's seed"),
}
