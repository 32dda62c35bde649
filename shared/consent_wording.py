"""What somebody agrees to who lets us write to them: these words, by the version that is kept with each consent.

Whoever changes the words gives them a new version; what people agreed to before stays what it was.
"""

from typing import Final

from shared.i18n import mark

CONSENT_VERSION: Final = "2026-11"
CONSENT: Final = mark(
    "I agree that this office sends one message to my number, and one reminder, to ask how I was served. Answering"
    " is free and up to me. The officer does not learn my number or that I have answered. I can say at any time that"
    " I want no more messages."
)
GUARDIANS_CONSENT_VERSION: Final = "2026-11-wali"
GUARDIANS_CONSENT: Final = mark(
    "I agree that this school sends a message to my number at most once a month, and one reminder, to ask about"
    " those who teach my child. Answering is free and up to me. The teachers do not learn my number or that I have"
    " answered. I can say at any time that I want no more messages."
)
"""What a guardian agrees to, on the school's own form."""
WISH_VERSION: Final = "2026-11"
"""Of the words in which somebody who rates by message is offered an answer; they stand with the other replies."""
