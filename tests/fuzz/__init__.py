"""Hostile inputs for every reader: made from sound ones by a seed, so that each can be made again."""
