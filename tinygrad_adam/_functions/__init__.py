"""The public functions of tensors, by kind: checked arguments, and a call of the table in `ops`.

`torch.exp` and `Tensor.exp` are one function, defined here; `ops.pointwise.exp` is its row.
"""
