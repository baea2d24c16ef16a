"""What is wrong with a description of services, in plain words, before callers find out.

A rule is a row of a table: a name and a function that yields where it is broken; severity, cause and cure in Vietnamese
and English stand in ``rules.json``. Nothing is fetched but through the function that is passed.
"""

from lienthong.exchange.metadata.lint.findings import Finding, Severity, Words, known_rules, severity_of, words_of
from lienthong.exchange.metadata.lint.openapi_rules import lint_openapi
from lienthong.exchange.metadata.lint.wsdl_rules import lint_wsdl

__all__ = [
    "Finding",
    "Severity",
    "Words",
    "known_rules",
    "lint_openapi",
    "lint_wsdl",
    "severity_of",
    "words_of",
]
