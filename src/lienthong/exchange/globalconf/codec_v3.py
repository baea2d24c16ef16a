"""Wire version 3: sources with their certificates, ACME, unknown elements at the end. Source: s.1.1, s.1.4."""

from dataclasses import replace

from lienthong.exchange.globalconf import codec_v2 as v2
from lienthong.exchange.globalconf.codec import Codec
from lienthong.exchange.globalconf.lexical import BASE64, STRING
from lienthong.exchange.globalconf.structure import Child, Sequence, optional, several

_SOURCE = Sequence(
    (
        Child("address", STRING),
        several("internalVerificationCert", BASE64),
        several("externalVerificationCert", BASE64),
    )
)
ACME = Sequence((Child("directoryURL", STRING), optional("ipAddress", STRING)))
APPROVED_CA = v2.APPROVED_CA.after("certificateProfileInfo", optional("acmeServer", ACME))
SHARED = replace(
    v2.SHARED.after("instanceIdentifier", several("source", _SOURCE, least=1)).replacing(approvedCA=APPROVED_CA),
    tolerant=True,
)
PRIVATE = replace(v2.PRIVATE, tolerant=True)

CODEC = Codec(version=3, shared=SHARED, private=PRIVATE)
