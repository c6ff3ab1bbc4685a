"""HTTP: each route asks who and what for, calls one action, and dresses the answer."""
