"""What `make bench` measures: ratios against peers and limits, in one run."""
