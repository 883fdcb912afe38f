"""The table: what each primitive computes, and its derivatives. Read ten rows of `pointwise.py`."""
