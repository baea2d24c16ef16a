"""Wire version 5: names of subsystems, maintenance mode. Source: governance dossier s.1.1, s.1.4."""

from lienthong.exchange.globalconf import codec_v2 as v2
from lienthong.exchange.globalconf import codec_v4 as v4
from lienthong.exchange.globalconf.codec import Codec
from lienthong.exchange.globalconf.lexical import STRING
from lienthong.exchange.globalconf.structure import Sequence, optional

_MAINTENANCE = Sequence((optional("message", STRING),))
_SUBSYSTEM = v2.SUBSYSTEM.after("subsystemCode", optional("subsystemName", STRING))
SHARED = v4.SHARED.replacing(
    member=v2.MEMBER.replacing(subsystem=_SUBSYSTEM),
    securityServer=v2.SECURITY_SERVER.after("client", optional("inMaintenanceMode", _MAINTENANCE)),
)

CODEC = Codec(version=5, shared=SHARED, private=v4.CODEC.private)
