"""Analysis: pure functions over frames and arrays, in metres."""
