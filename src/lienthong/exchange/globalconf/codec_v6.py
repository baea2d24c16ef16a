"""Wire version 6: cost of trust services, default format of requests. Source: governance dossier s.1.1, s.1.4."""

from lienthong.exchange.globalconf import codec_v2 as v2
from lienthong.exchange.globalconf import codec_v4 as v4
from lienthong.exchange.globalconf import codec_v5 as v5
from lienthong.exchange.globalconf.codec import Codec
from lienthong.exchange.globalconf.lexical import one_of
from lienthong.exchange.globalconf.structure import optional

_COST = optional("costType", one_of("CostType", "FREE", "PAID", "UNDEFINED"))
_CSR_FORMAT = optional("defaultCsrFormat", one_of("CsrFormat", "PEM", "DER"))
_CA_INFO = v2.CA_INFO.replacing(ocsp=v2.OCSP.after("cert", _COST))
_APPROVED_CA = v4.APPROVED_CA.after("certificateProfileInfo", _CSR_FORMAT).replacing(
    topCA=_CA_INFO, intermediateCA=_CA_INFO
)
SHARED = v5.SHARED.replacing(approvedCA=_APPROVED_CA, approvedTSA=v2.APPROVED_TSA.after("cert", _COST))

CODEC = Codec(version=6, shared=SHARED, private=v5.CODEC.private)
