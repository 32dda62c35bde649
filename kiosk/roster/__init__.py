"""Rosters: who stands at which counter, planned week by week."""
