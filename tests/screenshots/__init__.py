"""Every screen of the running demo: pictured by `make screenshots`, tried by the accessibility test."""
