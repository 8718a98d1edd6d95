"""Taking a finished site to where the public reads it: compare, ask, upload, delete.

Start reading at `run.py`; `target.py` says what each kind of target must be able to do.
"""
