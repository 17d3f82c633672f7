"""From the words of a city's plan and its streets to numbers that can be defended."""

__version__ = "0.1.0"
