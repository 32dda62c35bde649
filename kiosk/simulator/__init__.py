"""The phone on the screen of a demo: whoever tries the product writes messages by it, and is invited to rate.

What is typed goes to the real webhook with a real signature; what the phone shows is what was really taken and sent.
"""
