"""`python -m colorlib`: the command line, on the path or not."""

from colorlib.cli import app

if __name__ == "__main__":
    app()
