"""The parts of the exchange benchmark: the network it measures, the baseline, the load, what processes cost."""
