"""Wire version 4: ACME profiles by certificate usage. Source: governance dossier s.1.1, s.1.4."""

from lienthong.exchange.globalconf import codec_v3 as v3
from lienthong.exchange.globalconf.codec import Codec
from lienthong.exchange.globalconf.lexical import STRING
from lienthong.exchange.globalconf.structure import optional

_ACME = v3.ACME.after(
    "ipAddress", optional("authenticationCertificateProfileId", STRING), optional("signingCertificateProfileId", STRING)
)
APPROVED_CA = v3.APPROVED_CA.replacing(acmeServer=_ACME)
SHARED = v3.SHARED.replacing(approvedCA=APPROVED_CA)

CODEC = Codec(version=4, shared=SHARED, private=v3.PRIVATE)
