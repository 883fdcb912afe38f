"""save and load: tensors in plain files.

A file is a zip archive of the arrays `0.npy`, `1.npy`, ... and of `data.json`, which describes the
object, with {"tensor": 2} in place of a tensor. It is not a pickle: loading it runs no code that
its writer chose. README.md, "From here to PyTorch", carries it over to PyTorch's format and back.

>>> import io, tinygrad_adam as torch
>>> file = io.BytesIO()
>>> torch.save({'weight': torch.tensor([1.0, 2.0]), 'epoch': 3}, file)
>>> torch.load(file)
{'weight': tensor([1., 2.]), 'epoch': 3}
"""
from __future__ import annotations

import io
import json
import math
import os
import zipfile
from collections import Counter, OrderedDict
from typing import Any, Callable

import numpy as np

from .nn import Parameter
from ._temporary import open_temporary, remove_leftovers
from ._tensor import Tensor
from .types import Size, device, dtype, holdable, on_cpu

FORMAT = 'tinygrad_adam 1'
DECODERS: dict[str, Callable[[Any], Any]] = {
    'tuple': tuple, 'Size': Size, 'float': float, 'dtype': dtype.named, 'dict': dict,
    'OrderedDict': OrderedDict, 'Counter': lambda pairs: Counter(dict(pairs)),
    'state_dict': lambda both: _with_attributes(OrderedDict(both[0]), both[1])}


def save(obj: Any, f: Any) -> None:
    """Write an object to a file.

    obj  tensors, numbers, strings, None, dtypes, and dicts, lists and tuples of these; anything
         else raises TypeError
    f    a path, or a file object with write()

    A tensor that occurs twice is one tensor again after loading, and memory that tensors share as a
    whole is shared again. A path is replaced atomically when everything is on disk: after an
    interruption there is the old file or the new one. If the process is killed, what it wrote stays
    next to it as PATH.0123abcd.tmp; the next save to this path removes it.
    https://pytorch.org/docs/stable/generated/torch.save.html
    """
    tensors: dict = {}
    data = _encoded(obj, tensors, 'obj')
    if hasattr(f, 'write'):
        return _write(data, tensors.values(), f)
    path = os.path.realpath(f)
    if not os.path.isdir(os.path.dirname(path)):
        raise RuntimeError(
            f'Parent directory {os.path.dirname(f)} does not exist: save() makes files, no '
            'folders. Make it before training, with os.makedirs(..., exist_ok=True).')
    remove_leftovers(path)
    temporary, file = open_temporary(path)
    try:
        with file:
            _write(data, tensors.values(), file)
            file.flush()
            os.fsync(file.fileno())
        os.replace(temporary, path)
    finally:
        if os.path.exists(temporary):
            os.remove(temporary)


def load(f: Any, map_location: Any = None, *, weights_only: bool = True,
         mmap: bool | None = None) -> Any:
    """Read what was saved to a file.

    f             a path, or a file object with read() and seek()
    map_location  where tensors go: None or 'cpu'; a dict whose value for 'cpu', if it has one, is
                  'cpu'; or a function, called with each tensor and 'cpu', which returns that
                  tensor or None
    weights_only  makes no difference: a file holds only data
    mmap          makes no difference: the file is read, not mapped into memory. True needs a path

    Returns the object. Raises RuntimeError if the file is damaged or of another format.
    https://pytorch.org/docs/stable/generated/torch.load.html
    """
    moved = callable(map_location) and not isinstance(map_location, device)
    if isinstance(map_location, dict):
        on_cpu(map_location.get('cpu', 'cpu'))
    elif map_location is not None and not moved:
        on_cpu(map_location)
    if mmap and hasattr(f, 'read'):
        raise ValueError(
            'f must be a file path in order to use the mmap argument: only a file on disk can be '
            'mapped. Leave mmap out, or give the path.')
    if not hasattr(f, 'read'):
        with open(f, 'rb') as file:
            return load(file, map_location)
    try:
        tensors, data = _read(f)
        found = _decoded(data, tensors)
    except Exception as error:   # damage can show in many ways
        raise RuntimeError(
            f'{getattr(f, "name", f)} is damaged, or was not written by save(): '
            f'{type(error).__name__}: {error}. Load another copy. How a file of PyTorch '
            'is carried over is in README.md, "From here to PyTorch".') from error
    for tensor in tensors if moved else ():
        values = tensor.detach()
        placed = map_location(values, 'cpu')
        if placed is not None and placed is not values:
            raise NotImplementedError(
                'load(map_location=) got a function that returns something else than what it was '
                'given: there is no other device, and no other memory. Return the first argument.')
    return found


def _encoded(obj, tensors, path):
    """The object for JSON; what JSON lacks becomes a dict with one key. Collects the tensors."""
    kind = type(obj)
    if obj is None or kind in (bool, int, str) or kind is float and math.isfinite(obj):
        return obj
    if isinstance(obj, Tensor):
        return {'tensor': tensors.setdefault(id(obj), (len(tensors), obj))[0]}
    if isinstance(obj, float):   # inf, nan, NumPy's float64
        return {'float': repr(float(obj))}
    if kind is dtype:
        return {'dtype': obj.name}
    if kind in (list, tuple, Size):
        items = [_encoded(x, tensors, f'{path}[{i}]') for i, x in enumerate(obj)]
        return items if kind is list else {kind.__name__: items}
    if kind is OrderedDict and vars(obj):    # the state of a module, with the versions of its parts
        pairs = _encoded(OrderedDict(obj), tensors, path)['OrderedDict']
        return {'state_dict': [pairs, _encoded(vars(obj), tensors, f'vars({path})')]}
    if kind in (dict, OrderedDict, Counter):
        return {kind.__name__: [[_encoded(key, tensors, f'a key of {path}'),
                                 _encoded(value, tensors, f'{path}[{key!r}]')]
                                for key, value in obj.items()]}
    raise TypeError(
        f'save() got a {kind.__module__}.{kind.__qualname__} at {path}: files hold only tensors, '
        'numbers, strings, and dicts, lists and tuples of them, nothing that would have to run. '
        'Save model.state_dict(), not the model.')


def _decoded(data, tensors):
    if isinstance(data, list):
        return [_decoded(x, tensors) for x in data]
    if not isinstance(data, dict):
        return data
    (kind, value), = data.items()
    return tensors[value] if kind == 'tensor' else DECODERS[kind](_decoded(value, tensors))


def _with_attributes(obj, attributes):
    vars(obj).update(attributes)
    return obj


def _write(data, tensors, file):
    arrays, records = {}, []
    for _, tensor in tensors:
        a = tensor.numpy(force=True)
        memory = a.__array_interface__['data'][0], a.shape, a.strides, a.dtype
        number, _ = arrays.setdefault(memory, (len(arrays), a))
        records.append([number, isinstance(tensor, Parameter), tensor.requires_grad])
    text = json.dumps({'format': FORMAT, 'tensors': records, 'data': data})
    with zipfile.ZipFile(file, 'w') as whole:
        whole.writestr(zipfile.ZipInfo('data.json'), text)
        for number, a in arrays.values():
            with whole.open(zipfile.ZipInfo(f'{number}.npy'), 'w', force_zip64=True) as member:
                np.lib.format.write_array(member, np.asarray(a, order='C'), allow_pickle=False)


def _read(file):
    size = file.seek(0, os.SEEK_END)
    with zipfile.ZipFile(file) as whole:
        claimed = sum(max(entry.file_size, entry.compress_size) for entry in whole.infolist())
        if claimed > size:
            raise ValueError(f'{claimed} bytes are announced, but the file has {size}')
        content = json.loads(whole.read('data.json'))   # read() verifies the checksum
        if content['format'] != FORMAT:
            raise ValueError(f'its format is {content["format"]}, not {FORMAT}')
        arrays = {number: _array(whole.read(f'{number}.npy')) for number, *_ in content['tensors']}
    tensors = []
    for number, is_parameter, requires_grad in content['tensors']:
        tensor = Tensor._of(arrays[number])
        tensors.append(Parameter(tensor, requires_grad) if is_parameter else
                       tensor.requires_grad_(requires_grad))
    return tensors, content['data']


def _array(npy):
    """The array of a .npy file, whose header may not claim more than there is."""
    member = io.BytesIO(npy)
    np.lib.format.read_magic(member)
    shape, _, kind = np.lib.format.read_array_header_1_0(member)
    array = holdable(np.frombuffer(npy, kind, offset=member.tell()).reshape(shape))
    if array.shape != shape:
        raise ValueError(f'an array cannot have the shape {shape}')
    return array.copy()
