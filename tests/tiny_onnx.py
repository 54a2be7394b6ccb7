"""A network of one convolution as ONNX bytes, written by hand: no package of that format needed."""

import struct


def _varint(number):
    digits = bytearray()
    while number > 127:
        digits.append(number & 127 | 128)
        number >>= 7
    return bytes([*digits, number])


def _field(number, value):
    """Encode a field of a protocol buffer: a number, or text, bytes or an encoded message."""
    if isinstance(value, int):
        return _varint(number << 3) + _varint(value)
    content = value.encode() if isinstance(value, str) else value
    return _varint(number << 3 | 2) + _varint(len(content)) + content


def _tensor(name, shape, values):
    packed = struct.pack(f"<{len(values)}f", *values)
    dims = b"".join(_field(1, side) for side in shape)
    return dims + _field(2, 1) + _field(8, name) + _field(9, packed)


def _value(name, shape):
    dims = b"".join(
        _field(1, _field(1, side) if isinstance(side, int) else _field(2, side)) for side in shape
    )
    return _field(1, name) + _field(2, _field(1, _field(1, 1) + _field(2, dims)))


def _node(kind, inputs, output):
    named = b"".join(_field(1, name) for name in inputs)
    return named + _field(2, output) + _field(4, kind)


def darkness(*, side=16, sigmoid=True, channels=3, n_outputs=1, inputs=("image",)):
    """Return a network that finds what is dark.

    Parameters
    ----------
    side : int or str
        Height and width of the input; a text makes both of any size.
    sigmoid : bool
        Whether the output is a probability; else it is what comes before.
    channels : int
        Of the input.
    n_outputs : int
        Channels of the output.
    inputs : tuple of str
        More than one makes a network that is not for single images.
    """
    shape = (1, channels, side, side)
    weights = [-4.0 / channels] * (channels * n_outputs)
    nodes = [_node("Conv", ["image", "weights", "offset"], "value" if sigmoid else "mask")]
    if sigmoid:
        nodes.append(_node("Sigmoid", ["value"], "mask"))
    graph = b"".join(_field(1, node) for node in nodes)
    graph += _field(2, "darkness")
    graph += _field(5, _tensor("weights", (n_outputs, channels, 1, 1), weights))
    graph += _field(5, _tensor("offset", (n_outputs,), [0.0] * n_outputs))
    graph += b"".join(_field(11, _value(name, shape)) for name in inputs)
    graph += _field(12, _value("mask", (1, n_outputs, side, side)))
    return _field(1, 8) + _field(7, graph) + _field(8, _field(1, "") + _field(2, 13))
