"""The mutants of the checks of metrics."""

from zoo_mutants.mutant import Mutant, Table

MUTANTS: Table = {
    "metric.gives_named_numbers": Mutant(
        "Returns NumPy's number for a square drawing",
        also={"metric.survives_extremes": "Square drawings, too"},
    ),
    "metric.height_and_width_may_differ": Mutant("Adds the transpose of the mask"),
    "metric.survives_extremes": Mutant("Divides by the ink outside of the hole"),
    "metric.names_are_always_the_same": Mutant("Names another score for a blank drawing"),
    "metric.the_truth_scores_best": Mutant(
        "More is better, says the spec, and counts the mistakes",
        spec={"higher_is_better": False, "target": "zoo_mutants.metric:build"},
    ),
    "metric.judges_the_first_of_several": Mutant("Averages over all that it is given"),
    "metric.same_score_every_time": Mutant(
        "Adds a little at random",
        also={"metric.judges_the_first_of_several": "It compares two scores, too"},
    ),
    "metric.leaves_its_inputs_alone": Mutant("Inks a corner of the completions"),
    "metric.leaves_global_state_alone": Mutant("Sets NumPy's seed"),
}
