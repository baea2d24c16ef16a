"""XAdES signatures as the exchange writes and reads them.

Source: ETSI TS 101 903 v1.3.2; XMLDSIG; message-path dossier s.4.3.
"""

from lienthong.trust.xades.exemplar import parse_signature
from lienthong.trust.xades.reading import XadesReference, XadesSignature
from lienthong.trust.xades.template import (
    XROAD_SIGNATURE_POLICY,
    SignatureTemplate,
    SignedObject,
    SignedPolicy,
    build_signature,
)
from lienthong.trust.xades.timestamping import add_timestamp
from lienthong.trust.xades.xml import canonicalize, read_xml

__all__ = [
    "XROAD_SIGNATURE_POLICY",
    "SignatureTemplate",
    "SignedObject",
    "SignedPolicy",
    "XadesReference",
    "XadesSignature",
    "add_timestamp",
    "build_signature",
    "canonicalize",
    "parse_signature",
    "read_xml",
]
