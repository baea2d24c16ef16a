"""Pages of the register for citizens."""
