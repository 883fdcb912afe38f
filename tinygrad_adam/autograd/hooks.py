"""A hook, and the way to take it out again."""


class RemovableHandle:
    """Adds `hook` to the tuple `place.hooks`; `remove()`, or leaving a `with` block, takes it out.

    https://pytorch.org/docs/stable/generated/torch.utils.hooks.RemovableHandle.html
    """

    def __init__(self, place, hook):
        self.place, self.hook = place, hook
        place.hooks = (*place.hooks, hook)

    def remove(self):
        """Take the hook out; a second time does nothing."""
        self.place.hooks = tuple(hook for hook in self.place.hooks if hook is not self.hook)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.remove()
