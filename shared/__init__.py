"""What is true whichever door a rating came in by.

`domain` is pure; `db` and `stream` keep what happened; `intake` accepts; `standings` keeps the scores;
`cli` is the operator's hand. Nothing here knows a web framework.
"""
