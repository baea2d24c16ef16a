"""An authority of one's own: CA, RA, OCSP responder, TSA and CRL, for test and demonstration networks.

Everything works in-process (provisioning) and as an HTTP service (``web.make_app``, ``compose.serve``).
"""

from lienthong.trust.authority.authority import Authority, create_authority, open_authority
from lienthong.trust.authority.records import IssuedRecord, Records
from lienthong.trust.authority.settings import AuthoritySettings, Surroundings

__all__ = [
    "Authority",
    "AuthoritySettings",
    "IssuedRecord",
    "Records",
    "Surroundings",
    "create_authority",
    "open_authority",
]
