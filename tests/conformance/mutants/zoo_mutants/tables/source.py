"""The mutants of the checks of sources."""

from zoo_mutants.mutant import Mutant, Table

MUTANTS: Table = {
    "source.is_sized_and_indexed": Mutant("Begins again behind its last drawing"),
    "source.drawings_keep_their_contract": Mutant("Its strokes are float64"),
    "source.keys_are_unique": Mutant("Two drawings share each key"),
    "source.groups_agree": Mutant("Says another group than the drawing has"),
    "source.same_index_same_drawing": Mutant(
        "Draws another arm at every look",
        also={
            "source.opened_twice_is_equal": "A second look from a second opening differs, too",
            "source.threads_may_read": "A second look from a thread differs, too",
        },
    ),
    "source.opened_twice_is_equal": Mutant("Is in another order each time it is opened"),
    "source.threads_may_read": Mutant("Remembers the index between two lines of code"),
    "source.says_what_it_skipped": Mutant("Skipped 3, and does not say what"),
    "source.core_can_draw_it": Mutant("Its strokes are empty"),
    "source.split_positions_are_the_groups": Mutant("All split positions are 0"),
    "source.leaves_global_state_alone": Mutant("Sets NumPy's seed"),
}
