"""Targets by the SBTi's method: rates, gates, the pathway by year, and how likely a plan is to stay under it.

A reference pathway, never a validated target: only the SBTi validates, and only whole companies.
"""
