"""Signing in and out, by Flask-Security behind a portal and forms of ours, with a second step."""
