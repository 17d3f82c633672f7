"""Peers: one module each, whose class `Peer` has a method for every question it can answer."""
