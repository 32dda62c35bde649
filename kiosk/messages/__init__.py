"""What an office's messages came to: how many arrived, why others did not, what they cost, how many were answered.

Nobody is listed, and no figure moves with what one person does: `shared/message_figures.py` has the rules.
"""
