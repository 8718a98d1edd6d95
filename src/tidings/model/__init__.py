"""The values that cross borders between steps: frozen, typed, without behaviour that reads or
writes.

Every other package may import from here; this package imports none of them.
"""
