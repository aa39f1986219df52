"""Training sets cut from the store: what goes in, in which format, in which container, and where it came
from.
"""
