"""There is no GPU: programs that ask whether there is one run on the CPU."""


def is_available() -> bool:
    """Whether there is a GPU: False."""
    return False


def device_count() -> int:
    """The number of GPUs: 0."""
    return 0
