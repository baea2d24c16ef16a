"""How a message travels between two security servers: multipart framing and the order of its parts. Sans I/O."""
