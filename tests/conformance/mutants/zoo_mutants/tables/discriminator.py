"""The mutants of the checks of discriminators."""

from zoo_mutants.mutant import Table

MUTANTS: Table = {}
