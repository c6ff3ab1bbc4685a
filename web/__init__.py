"""Presentation: from frames and plain values to maps, pages and sheets."""
