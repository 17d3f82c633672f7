"""Compiled searches over plain integer arrays; nothing here knows a label, a unit or a map."""
