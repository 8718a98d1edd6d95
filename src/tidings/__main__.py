"""Lets `python -m tidings` do what the `tidings` command does."""

from tidings.cli import main

if __name__ == "__main__":
    main()
