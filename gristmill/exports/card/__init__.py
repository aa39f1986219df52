"""The data card of an export."""
