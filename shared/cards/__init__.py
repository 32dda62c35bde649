"""Desk cards: who serves here, and how to say how it was. `deck` gathers them, `printing` lays them out as PDF."""
