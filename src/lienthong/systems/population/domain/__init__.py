"""Rules of the population register, pure: identity verification, what a person and a household are, invention."""
