"""One exchanged message: header blocks, request hashes, signatures, hash chains, faults, evidence. Pure."""
