"""Wire version 2: the tables that later versions add to. Source: governance dossier s.1.4."""

from __future__ import annotations

from lienthong.exchange.globalconf.codec import Codec
from lienthong.exchange.globalconf.document import IDENTIFIERS
from lienthong.exchange.globalconf.lexical import BASE64, BOOLEAN, DATE_TIME, ID, IDREF, INTEGER, STRING, one_of
from lienthong.exchange.globalconf.structure import Attribute, Child, Sequence, optional, several

_ID = f"{{{IDENTIFIERS}}}"
_OBJECT_TYPES = ("MEMBER", "SUBSYSTEM", "SERVER", "GLOBALGROUP", "LOCALGROUP", "SERVICE")
_CLIENT_ROWS = (
    Child(f"{_ID}xRoadInstance", STRING),
    Child(f"{_ID}memberClass", STRING),
    Child(f"{_ID}memberCode", STRING),
    optional(f"{_ID}subsystemCode", STRING),
)

CLIENT_ID = Sequence(
    _CLIENT_ROWS, {f"{_ID}objectType": Attribute(one_of("XRoadObjectType", *_OBJECT_TYPES), required=True)}
)
_SERVICE_ID = Sequence(
    (*_CLIENT_ROWS, Child(f"{_ID}serviceCode", STRING), optional(f"{_ID}serviceVersion", STRING)),
    {f"{_ID}objectType": Attribute(one_of("SERVICE", "SERVICE"), required=True)},
)
_WITH_ID = {"id": Attribute(ID)}
MEMBER_CLASS = Sequence((Child("code", STRING), Child("description", STRING)))
OCSP = Sequence((Child("url", STRING), optional("cert", BASE64)))
CA_INFO = Sequence((Child("cert", BASE64), several("ocsp", OCSP)))
APPROVED_CA = Sequence(
    (
        Child("name", STRING),
        optional("authenticationOnly", BOOLEAN),
        Child("topCA", CA_INFO),
        several("intermediateCA", CA_INFO),
        Child("certificateProfileInfo", STRING),
    )
)
APPROVED_TSA = Sequence((Child("name", STRING), Child("url", STRING), Child("cert", BASE64)))
SUBSYSTEM = Sequence((Child("subsystemCode", STRING),), _WITH_ID)
MEMBER = Sequence(
    (
        Child("memberClass", MEMBER_CLASS),
        Child("memberCode", STRING),
        Child("name", STRING),
        several("subsystem", SUBSYSTEM),
    ),
    _WITH_ID,
)
SECURITY_SERVER = Sequence(
    (
        Child("owner", IDREF),
        Child("serverCode", STRING),
        optional("address", STRING),
        several("authCertHash", BASE64),
        several("client", IDREF),
    )
)
_GLOBAL_GROUP = Sequence((Child("groupCode", STRING), Child("description", STRING), several("groupMember", CLIENT_ID)))
_CENTRAL_SERVICE = Sequence((Child("serviceCode", STRING), optional("implementingService", _SERVICE_ID)))
_GLOBAL_SETTINGS = Sequence((several("memberClass", MEMBER_CLASS), Child("ocspFreshnessSeconds", INTEGER)))

SHARED = Sequence(
    (
        Child("instanceIdentifier", STRING),
        several("approvedCA", APPROVED_CA),
        several("approvedTSA", APPROVED_TSA),
        several("member", MEMBER),
        several("securityServer", SECURITY_SERVER),
        several("globalGroup", _GLOBAL_GROUP),
        several("centralService", _CENTRAL_SERVICE),
        Child("globalSettings", _GLOBAL_SETTINGS),
    )
)

_ANCHOR_SOURCE = Sequence((Child("downloadURL", STRING), several("verificationCert", BASE64, least=1)))
ANCHOR = Sequence(
    (
        optional("generatedAt", DATE_TIME),
        Child("instanceIdentifier", STRING),
        several("source", _ANCHOR_SOURCE, least=1),
    )
)
_MANAGEMENT_SERVICE = Sequence(
    (
        Child("authCertRegServiceAddress", STRING),
        optional("authCertRegServiceCert", BASE64),
        Child("managementRequestServiceProviderId", CLIENT_ID),
    )
)
PRIVATE = Sequence(
    (
        Child("instanceIdentifier", STRING),
        several("configurationAnchor", ANCHOR),
        Child("managementService", _MANAGEMENT_SERVICE),
        Child("timeStampingIntervalSeconds", INTEGER),
    )
)

CODEC = Codec(version=2, shared=SHARED, private=PRIVATE)
