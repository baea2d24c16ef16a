"""The wire versions there are."""

from lienthong.exchange.globalconf import codec_v2, codec_v3, codec_v4, codec_v5, codec_v6
from lienthong.exchange.globalconf.codec import Codec
from lienthong.exchange.globalconf.faults import Code, refuse

CODECS: dict[int, Codec] = {
    module.CODEC.version: module.CODEC for module in (codec_v2, codec_v3, codec_v4, codec_v5, codec_v6)
}
NEWEST = max(CODECS)
OLDEST = min(CODECS)


def codec_for(version: int) -> Codec:
    """The codec of a wire version; raises Fault where nobody knows it."""
    if version not in CODECS:
        raise refuse(Code.VERSION, f"configuration version {version} is not one of {sorted(CODECS)}")
    return CODECS[version]
