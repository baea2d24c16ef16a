"""A whole country on one machine: topology, provisioning, launcher, story."""
