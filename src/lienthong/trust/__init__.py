"""Keys, certificates, OCSP, timestamps, XAdES and ASiC-E; knows nothing of X-Road."""
