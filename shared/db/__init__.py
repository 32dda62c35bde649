"""The database: tables whose constraints repeat every rule, and functions that take a Session."""
