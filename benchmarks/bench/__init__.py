"""The benchmark: `make bench`. Start reading at `run.py`."""
