"""Words that every system shares: numbers of persons, names, places, agencies, terms and code lists. Pure.

Nothing here reads a clock, a network or a database; tables are data files with validity dates and a named source.
"""
