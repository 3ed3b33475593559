"""The mutants of the checks of losses."""

from zoo_mutants.mutant import Mutant, Table

MUTANTS: Table = {
    "loss.terms_have_names_of_their_own": Mutant("Two terms of one name"),
    "loss.gives_one_value_per_example": Mutant(
        "Values of shape (B, 1)",
        also={"loss.trains_in_a_step": "Core refuses them"},
    ),
    "loss.survives_extremes": Mutant("A root whose slope is infinite at the truth"),
    "loss.survives_any_critic": Mutant("A root whose slope is infinite for a critic without one"),
    "loss.teaches_its_side": Mutant(
        "A term of the generator that only true drawings change",
        also={"loss.trains_in_a_step": "Nothing moves the generator"},
    ),
    "loss.is_zero_at_the_truth": Mutant("0.1 at the truth"),
    "loss.duplicates_change_nothing": Mutant("Divides by the size of the batch"),
    "loss.examples_are_independent": Mutant("Mixes in the mean over the batch"),
    "loss.same_value_every_time": Mutant("Multiplies by a random number"),
    "loss.declares_what_it_reads": Mutant(
        "Reads the progress without saying so",
        also={"loss.trains_in_a_step": "Core refuses it there"},
    ),
    "loss.reads_what_it_declares": Mutant("Declares a second pass and does not read it"),
    "loss.stages_are_judged_by_what_they_draw": Mutant("Judges the second pass at every stage"),
    "loss.adversaries_pull_apart": Mutant("Both sides want fakes to look fake"),
    "loss.trains_in_a_step": Mutant("Asks for NumPy's numbers, which a graph has not"),
    "loss.leaves_global_state_alone": Mutant("Sets NumPy's seed"),
}
