"""The touch screen: `views` serves the page that a device keeps, `api` what that page says and asks.

`parsing` reads what devices send, `configuration` gathers what a screen shows, with its office's `own_words`;
`photos` and `pictures` are the faces and the slides' pictures on it.
"""
