"""The backend: what is known, who may see it, how it is asked for."""
