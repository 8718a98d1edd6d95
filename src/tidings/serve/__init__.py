"""`tidings serve`: builds, watches, and shows the site to the publisher's own browser.

It stands above the engine, asks it for builds, and only reads the output folder.
"""
