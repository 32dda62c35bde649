"""The same questions on a person's own phone, without a login and without a script.

A link leads to a counter or office (`/r/LOKET`, stable, printed) or to one visit (`/r/v/…`, once, for a day; written
and read by `shared/links.py`). `places` says who may have served there, `browser` tells one phone from another for a
month, `seals` carries what a page must not lose or forge, `parsing` reads the forms, `gate` slows down who asks too
often; `asking` and `pressing` are the first page, `adding` the second, `offers` hands links out to kiosks.

The face pressed is accepted as the rating at once, for most people leave then. What is added on the next page travels
as the same rating, same id and same answer, and completes the one recorded (`shared/db/completing.py`): kept in a
hidden field until the end, the answer of whoever closes the page would be lost; sent as a second rating that replaces
the first, every completed one would be told as set aside, and would come back when a decision takes the second out.
"""
