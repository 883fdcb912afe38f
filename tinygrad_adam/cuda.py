"""There is no GPU here: asked for one, programs go on with the CPU."""


def is_available() -> bool:
    """False."""
    return False


def device_count() -> int:
    """0."""
    return 0
