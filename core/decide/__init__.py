"""Deciding: which levers from which year, what they cost a tonne, and how the choice stands in other worlds."""
