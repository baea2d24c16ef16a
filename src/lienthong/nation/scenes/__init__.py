"""The scenes of the story; each shows one thing that must hold."""
