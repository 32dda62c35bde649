"""Pages for anyone: the start, how scores are made, and the choice of language."""
