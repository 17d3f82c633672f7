"""The streets of a base packed so small that a page answers clicks without a server."""

from ._walk_graph import walk_graph

__all__ = ["walk_graph"]
