"""A made-up city, drawn idea by idea: ground, towns, roads, people, places."""
