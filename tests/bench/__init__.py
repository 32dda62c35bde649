"""The bars, measured: `python -m tests.bench [GROUP ...]` prints one table.

Every ratio is measured side by side in the same run, in alternating rounds, so that whatever else the machine does
falls on both sides. Loopback only; everything lives in a temporary folder and ends with the run.
"""
