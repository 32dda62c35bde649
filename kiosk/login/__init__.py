"""Signing in and out, by Flask-Security behind a portal and a form of ours; and the check on every form sent."""
