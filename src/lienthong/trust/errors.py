"""Errors of the trust layer.

TrustError
├── UnsupportedAlgorithmError    an algorithm or key size that the policy does not allow, or nobody knows
├── MalformedEvidenceError       bytes that are not what they claim to be (certificate, OCSP answer, token, XML, zip)
├── KeyAccessError               a key cannot be opened or used (wrong password, missing, unusable)
└── AuthorityError               an authority service refused or could not answer

A verdict about evidence is a value (``validation.SignatureReport``); these errors say that no verdict could be reached.
"""


class TrustError(Exception):
    """Root of everything this layer raises."""


class UnsupportedAlgorithmError(TrustError):
    """An algorithm, curve or key size outside the policy in force; fail closed."""


class MalformedEvidenceError(TrustError):
    """Bytes that cannot be read as the structure they are said to be."""


class KeyAccessError(TrustError):
    """A private key cannot be opened or used."""


class AuthorityError(TrustError):
    """An authority service (CA, OCSP responder, TSA) refused or did not answer."""
