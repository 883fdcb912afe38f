"""Apple's GPUs: not used."""


def is_available() -> bool:
    """Whether there is such a GPU that could compute: False."""
    return False


def is_built() -> bool:
    """Whether this package could use one: False."""
    return False
