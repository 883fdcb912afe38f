"""PyTorch's own test data, run on this package: what agrees, what is refused, what differs.

`python -m tests.parity` prints a table of every operation and optimizer of the lists, and
`python -m tests.parity add Adam` only these, with their first failures.  PyTorch must be installed.
"""
