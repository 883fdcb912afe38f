"""What samples refuse."""


def no_second_derivative_of_samples():
    return NotImplementedError(
        'create_graph=True through samples of a gamma, beta or Dirichlet distribution: only their '
        'first derivative is implemented, as in PyTorch. Use backward() without it.')
