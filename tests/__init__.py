"""Tests assert on rows, pages and the stream, never on how our own functions were called."""
