"""tidings turns a folder of news records into a finished topic news digest."""

__version__ = "0.1.0"
