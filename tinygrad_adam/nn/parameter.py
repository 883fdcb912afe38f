"""Parameters, where PyTorch has them; they are in module.py and lazy.py."""
from .lazy import UninitializedParameter as UninitializedParameter  # noqa: F401
from .module import Parameter as Parameter  # noqa: F401
