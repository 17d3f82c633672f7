"""The benchmark: our engine beside its peers, on the same graphs, with the same questions."""
