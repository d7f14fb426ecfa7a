"""Peers: what other tools say of the same case, worked out by their own code, and why they differ."""
