"""`python -m colorlib`: the command line where `colorlib` is not on the path."""

from colorlib.cli import app

if __name__ == "__main__":
    app()
