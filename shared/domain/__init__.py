"""The rules of the product as pure values and functions: no database, no network, no clock of its own."""
