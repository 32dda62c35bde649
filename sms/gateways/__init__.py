"""One module per provider: each knows its own inbound form and its own answer, and nothing of the conversation."""
