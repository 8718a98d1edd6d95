"""Bytes to records: scanning, reading front matter, repairing text, rendering bodies."""
