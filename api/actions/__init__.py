"""What people do, one verb per file; routes and the command line only translate to and from it."""
