"""The processes behind the doors: the recorder of the stream, RQ workers for named jobs, and the clock.

A rating never rides inside a job. Every job may run twice, late or not at all: the clock's sweep is the guarantee.
"""
