"""Commands of the population system."""
