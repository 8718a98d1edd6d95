"""Catalog to page plans: addresses, views, lists. Pure: nothing here reads or writes."""
