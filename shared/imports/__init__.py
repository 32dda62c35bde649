"""What offices already have, brought in from tables: ratings on paper, officers, the roster of postings.

`tables` reads a file as spreadsheets write it and keeps the rows that do not go in, `moments` and `profiles`
read cells, and `ratings`, `officers` and `roster` say what a row means. Good rows go in and bad ones come back
with a reason; the same file twice changes nothing.
"""
