"""`colorlib` and `python -m colorlib`: the command line.

The command's entry point is `main`. It imports nothing before it can answer
Ctrl-C in one line.
"""

import sys


def main() -> None:
    """Run the command line, and leave with its exit status."""
    try:
        from colorlib.cli import app

        app()
    except KeyboardInterrupt:
        # While modules were still being imported, or after the last line.
        print("colorlib: interrupted", file=sys.stderr)  # noqa: T201
        sys.exit(130)


if __name__ == "__main__":
    main()
