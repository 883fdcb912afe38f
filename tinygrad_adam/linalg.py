"""Linear algebra by its names in torch.linalg."""
from .ops.reductions import vector_norm

__all__ = ['norm', 'vector_norm']


def norm(A, ord=None, dim=None, keepdim=False, *, dtype=None):
    """The length of A as one vector, or of the vectors along dim. Not built: of matrices."""
    if ord is not None and (A.ndim > 1 if dim is None else isinstance(dim, (tuple, list))):
        raise NotImplementedError(f'linalg.norm: the norm {ord!r} of a matrix is not built: it '
                                  'needs singular values. Use vector_norm for vectors.')
    return vector_norm(A, 2 if ord is None else ord, dim, keepdim, dtype=dtype)
