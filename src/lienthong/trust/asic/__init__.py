"""Associated signature containers: zip files read with suspicion and written the same every time.

Source: ETSI TS 102 918 v1.2.1.
"""

from lienthong.trust.asic.reading import Container, ContainerLimits, NotAContainerError, read_container
from lienthong.trust.asic.writing import write_container

ASIC_E = "application/vnd.etsi.asic-e+zip"
"""Media type of a container with many data objects."""

__all__ = ["ASIC_E", "Container", "ContainerLimits", "NotAContainerError", "read_container", "write_container"]
