"""Global configuration (cấu hình toàn cục): one domain model, its wire versions 2–6, the signed directory, anchors."""

from lienthong.exchange.globalconf.index import KnownCa
from lienthong.exchange.globalconf.lookups import GlobalConfSet
from lienthong.exchange.globalconf.model import GlobalConf

__all__ = ["GlobalConf", "GlobalConfSet", "KnownCa"]
