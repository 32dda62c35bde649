"""Visits whose people agreed to be asked: told by a queue system, or written down at the front desk.

Officers tell of none: they would choose whom to ask. What becomes of an invitation is shown to its office only as far
as the clock tells; that somebody has answered, or wants no messages, is nobody's business there.
"""
