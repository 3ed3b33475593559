"""Which mutant each check must catch: one light module per kind."""
