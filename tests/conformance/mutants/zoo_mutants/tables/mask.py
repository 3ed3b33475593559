"""The mutants of the checks of masks."""

from zoo_mutants.mutant import Mutant, Table

MUTANTS: Table = {
    "mask.holes_fit_the_drawing": Mutant(
        "Its largest hole is float64",
        also={"mask.takes_blank_drawings": "It looks at the largest hole, too"},
    ),
    "mask.same_random_state_same_hole": Mutant("Asks the system for entropy"),
    "mask.other_random_state_other_hole": Mutant("Draws the same hole whatever the state"),
    "mask.removes_more_as_it_grows": Mutant("Its largest hole is a medium one"),
    "mask.can_be_fitted": Mutant(
        "Its holes are tiny",
        also={"mask.does_not_betray_the_line": "In a tiny hole ink is nearly right"},
    ),
    "mask.takes_drawings_without_strokes": Mutant("Counts strokes where there are none"),
    "mask.takes_blank_drawings": Mutant("Looks for the first pixel of ink"),
    "mask.takes_any_progress": Mutant("Divides by the progress"),
    "mask.leaves_its_inputs_alone": Mutant("Halves the ink that it is given"),
    "mask.leaves_global_state_alone": Mutant("Sets NumPy's seed"),
    "mask.does_not_betray_the_line": Mutant("Its holes follow the lines"),
}
