"""The mutants of the checks of every kind: completers, which are checked fastest."""

from zoo_mutants.mutant import Mutant, Table


def _with_options(broken: str, name: str, **also: str) -> Mutant:
    further = {f"common.{check}": reason for check, reason in also.items()}
    return Mutant(broken, also=further, spec={"options": f"zoo_mutants.common_options:{name}"})


MUTANTS: Table = {
    "common.imports_are_light": Mutant(
        "Its options import NumPy", spec={"options": "zoo_mutants.heavy_options:HeavyOptions"}
    ),
    "common.spec_says_what_it_is": Mutant("It has no summary", spec={"summary": ""}),
    "common.target_resolves": Mutant(
        "Its target does not exist",
        also={"kit.enough_checks_run": "what cannot be built skips every check of its kind"},
        spec={"target": "zoo_mutants.completer:no_such_function"},
    ),
    "common.options_are_described": _with_options("A silent option", "SilentOptions"),
    "common.defaults_are_valid": _with_options(
        "A default out of range",
        "DefaultOptions",
        options_survive_json="what is out of range is refused when it is read back",
    ),
    "common.options_survive_json": _with_options("Doubles what it reads", "DoublingOptions"),
    "common.bounds_are_kept": _with_options("Moves a number into its range", "ClampingOptions"),
    "common.unknown_option_is_refused": _with_options("Takes any option", "LaxOptions"),
    "common.listed_in_strict_environment": Mutant("Hides where ZOO_STRICT is set"),
    "common.known_failures_exist": Mutant(
        "Expects a failure of a check that there is not",
        spec={"known_failures": {"completer.no_such_check": "it was renamed"}},
    ),
}
