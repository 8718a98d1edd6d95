"""Lets `python -m tidings` do what the `tidings` command does."""

from tidings.cli import console

if __name__ == "__main__":
    console()
