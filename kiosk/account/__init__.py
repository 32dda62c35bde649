"""A person's own account: who they are here, where they are signed in, and what they were about to save."""
