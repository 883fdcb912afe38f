"""What recurrent layers and CTC refuse."""


def no_second_derivative_through_time():
    return NotImplementedError(
        'create_graph=True through a recurrent layer: its sequence is one operation, of which only '
        'the first derivative is implemented. For higher ones, call a cell (nn.RNNCell, LSTMCell '
        'or GRUCell) in a loop.')


def no_second_derivative_of_ctc():
    return NotImplementedError(
        'create_graph=True through ctc_loss: only its first derivative is implemented, as in '
        'PyTorch. Use backward() without it.')
