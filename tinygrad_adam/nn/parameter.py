"""Parameter, where PyTorch has it; it is in module.py."""
from .module import Parameter as Parameter  # noqa: F401
