"""The store: engine, migrations, the queries that say what may be seen, and the change log."""
