"""The process in which a learner's file runs: `python child.py FOLDER`. See running.py.

It knows the inputs and not the results that are expected, and writes what it finds, one line of
JSON each, to FOLDER/found. A learner's file may read no files but those of libraries, may write
none, and may start no processes: an audit hook refuses it. This module imports nothing of the
package, and the package does not import it.
"""
from __future__ import annotations

import _imp
import base64
import copy
import faulthandler
import json
import os
import pickle
import sys
import types
import warnings
from typing import Any, Callable, Iterable, Iterator, NoReturn, Sequence, TextIO

import numpy as np
import numpy.random      # noqa: F401, NumPy loads it late, and then there is the hook

FRAMEWORKS = {'tinygrad_adam', 'torch', 'tensorflow', 'keras', 'jax', 'autograd', 'sklearn',
              'scipy', 'mxnet', 'paddle', 'tinygrad', 'cupy', 'optax', 'flax'}
HARMLESS = {'os.listdir', 'os.scandir', 'os.walk', 'os.fwalk', 'os.putenv', 'os.unsetenv'}
REFUSED = ('os.', 'shutil.', 'subprocess.', 'socket.', 'ctypes.', 'resource.', 'sqlite3.', 'mmap.',
           'fcntl.', 'gc.get_', 'winreg.', 'msvcrt.', '_winapi.', 'pty.', 'syslog.', 'webbrowser.',
           'signal.pthread_kill', 'cpython._PySys_ClearAuditHooks')
CHARACTERS = 1000          # of what is printed
NUMBERS = 100_000          # of a result
DEPTH = 4                  # of a result in lists


class RefusedError(PermissionError):
    """What an exercise needs not, and a check does not allow. Libraries go on without it."""


class RefusedImportError(ImportError):
    """A framework, a call of which would answer the exercise."""


def main(folder: str) -> None:
    """Run the file that the task in this folder holds."""
    with open(os.path.join(folder, 'task'), 'rb') as file:
        task = pickle.load(file)
    del sys.path[0]          # the folder of this file
    np.seterr(all='ignore')
    warnings.simplefilter('ignore')
    trace = open(os.path.join(folder, 'trace'), 'w')
    found = open(os.path.join(folder, 'found'), 'w', encoding='ascii')
    limit_memory(task['memory'])
    faulthandler.dump_traceback_later(task['seconds'], file=trace, exit=True)
    end, learner = os._exit, Learner(task, found)
    learner.close_doors()
    learner.run()
    found.flush()
    end(0)


def limit_memory(size: int) -> None:
    """Bound the memory, and the size of files; not on Windows."""
    try:
        import resource
    except ImportError:
        return
    for what, most in (('RLIMIT_AS', size), ('RLIMIT_FSIZE', 2**24), ('RLIMIT_CORE', 0)):
        soft, hard = resource.getrlimit(getattr(resource, what))
        if hard == resource.RLIM_INFINITY or hard > most:
            try:
                resource.setrlimit(getattr(resource, what), (most, most))
            except (ValueError, OSError):      # macOS takes no bound below what it uses
                pass


class Learner:
    """A learner's file, run on the inputs.

    task   what running.py wrote: the file, the inputs, how to call it
    found  where to write what it does
    """

    def __init__(self, task: dict[str, Any], found: TextIO):
        self.found = found
        self.name, self.text, self.cases = task['name'], task['text'], task['cases']
        self.wanted, self.use, self.arguments = task['wanted'], task['use'], task['arguments']
        self.libraries = [self.real(path) for path in
                          {*sys.path, sys.prefix, sys.base_prefix} if path]
        self.line: int | None = None           # of the return that was met last

    # What it may not do.

    def close_doors(self) -> None:
        """Refuse files and processes from now on, also where no audit event tells of them."""
        for name in ('create_builtin', 'create_dynamic'):
            setattr(_imp, name, self.checked_import(getattr(_imp, name)))
        harmless = types.ModuleType('_posixsubprocess')      # for libraries that import it
        setattr(harmless, 'fork_exec', self.refuse_to_fork)
        for module in list(sys.modules.values()):
            if hasattr(module, '_fork_exec'):
                setattr(module, '_fork_exec', self.refuse_to_fork)
            if hasattr(module, '_posixsubprocess'):
                setattr(module, '_posixsubprocess', harmless)
        sys.modules['_posixsubprocess'] = harmless
        sys.addaudithook(self.refuse)

    def checked_import(self, create: Callable) -> Callable:
        """What creates a module in C, and refuses what may not be imported."""
        def checked(spec, *files):
            self.refuse('import', (spec.name,))
            return create(spec, *files)
        return checked

    @staticmethod
    def refuse_to_fork(*arguments: Any) -> NoReturn:
        raise RefusedError('subprocess.Popen')

    def refuse(self, event: str, arguments: tuple) -> None:
        """The audit hook: raises an error for what an exercise needs not."""
        if event == 'import':
            package = str(arguments[0]).partition('.')[0]
            if package in FRAMEWORKS or package == '_posixsubprocess':
                raise RefusedImportError(package)
        elif event == 'open':
            if not isinstance(arguments[0], int):
                self.refuse_file(*arguments)
        elif event.startswith(REFUSED) and event not in HARMLESS:
            raise RefusedError(event)

    @staticmethod
    def real(path: Any) -> str:
        """The one name of a file that may have several."""
        return os.path.normcase(os.path.realpath(os.fsdecode(path)))

    def refuse_file(self, path: Any, mode: Any, flags: int) -> None:
        """Only the files of libraries may be read, and not those of this package."""
        path = self.real(path)
        writes = flags & (os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND)
        roots = [root for root in self.libraries if path.startswith(os.path.join(root, ''))]
        inside = os.path.relpath(path, max(roots, key=len)).split(os.sep) if roots else []
        framework = FRAMEWORKS.intersection(inside)
        if framework:
            raise RefusedImportError(framework.pop())
        if (writes or not roots) and path != self.real(os.devnull):
            raise RefusedError(f'open {os.path.basename(path)}')

    # What it says.

    def say(self, **words: Any) -> None:
        """Write a line."""
        self.found.write(json.dumps(words) + '\n')
        self.found.flush()

    def line_of(self, error: BaseException) -> int | None:
        """The learner's last line on the way to an error."""
        line, trace = None, error.__traceback__
        while trace:
            if trace.tb_frame.f_code.co_filename == self.name:
                line = trace.tb_lineno
            trace = trace.tb_next
        return line

    def say_error(self, error: BaseException, case: int | None = None) -> None:
        """Write what an error is and where it was raised."""
        line = self.line_of(error)
        if isinstance(error, SyntaxError) and error.filename == self.name:
            line = error.lineno
        name = type(error).__name__
        text = error.msg if isinstance(error, SyntaxError) else str(error)
        self.say(error=name, text=str(text)[:300], line=line, returned=self.line, case=case)

    def note_return(self, frame: types.FrameType, event: str, _: Any) -> None:
        """The profiler: notes the line of each return."""
        if event == 'return' and frame.f_code.co_filename == self.name:
            self.line = frame.f_lineno

    # What it does.

    def run(self) -> None:
        """Load the file and call its function with each input."""
        sys.stdout = sys.stderr = Printed(self)
        module = types.ModuleType('exercise')
        sys.modules['exercise'] = module
        try:
            exec(compile(self.text, self.name, 'exec'), vars(module))
        except BaseException as error:
            self.say_error(error)
            return
        missing = [name for name in self.wanted if not callable(getattr(module, name, None))]
        if missing:
            here = [name for name, value in vars(module).items()
                    if getattr(value, '__module__', None) == 'exercise']
            self.say(missing=missing, here=here[:9])
            return
        call = getattr(module, self.wanted[0])
        if self.use:
            namespace: dict[str, Any] = {'np': np}
            exec(self.use[1], namespace)
            call = self.bind(namespace[self.use[0]], module)
        for i, case in enumerate(self.cases):
            try:
                self.try_case(call, i, case)
            except MemoryError as error:       # the next case would take as long to fail
                self.say_error(error, i)
                break
        self.say(done=True)

    @staticmethod
    def bind(use: Callable, module: types.ModuleType) -> Callable:
        """What calls the parts of the file with an input."""
        return lambda *inputs: use(module, *inputs)

    def try_case(self, call: Callable, i: int, case: tuple) -> None:
        """Call the function with one input, and write what it does."""
        given = copy.deepcopy(case)
        self.line = None
        self.say(case=i)
        sys.setprofile(self.note_return)
        try:
            result = call(*given)
        except MemoryError:
            raise
        except BaseException as error:
            self.say_error(error, i)
            return
        finally:
            sys.setprofile(None)
        arrays = list(self.arrays(given))
        shared = any(np.may_share_memory(a, b)
                     for _, a in self.arrays([result]) for _, b in arrays)
        changed = [self.arguments[k] for (k, a), (_, b) in zip(arrays, self.arrays(case))
                   if a.tobytes() != b.tobytes()]
        self.say(case=i, result=self.encode(result), line=self.line)
        if shared:
            self.say(view=True, line=self.line)
        if changed:
            self.say(changed=changed[0], line=self.line_that_changes(call, case))
        if self.has_nan([result]) and not self.has_nan(given):
            self.say(nan=True, case=i, line=self.line_that_makes_nan(call, case))

    def arrays(self, values: Iterable[Any], k: int | None = None
               ) -> Iterator[tuple[int, np.ndarray]]:
        """(the number of the argument, array) for all arrays in some values."""
        for i, value in enumerate(values):
            place = i if k is None else k
            if isinstance(value, np.ndarray):
                yield place, value
            elif isinstance(value, (tuple, list)):
                yield from self.arrays(value, place)

    def has_nan(self, values: Sequence[Any]) -> bool:
        """Whether there is a nan in some values."""
        return any(a.dtype.kind == 'f' and np.isnan(a).any() for _, a in self.arrays(values)
                   ) or any(isinstance(value, float) and value != value
                            for part in values
                            for value in (part if isinstance(part, (tuple, list)) else [part]))

    def line_that_changes(self, call: Callable, case: tuple) -> int | None:
        """Where an input array is changed: there a read-only one raises an error."""
        given = copy.deepcopy(case)
        for _, array in self.arrays(given):
            array.flags.writeable = False
        try:
            call(*given)
        except BaseException as error:
            return self.line_of(error)
        return None

    def line_that_makes_nan(self, call: Callable, case: tuple) -> int | None:
        """Where the first operation has no finite result."""
        with np.errstate(invalid='raise', divide='raise', over='raise'):
            try:
                call(*copy.deepcopy(case))
            except BaseException as error:
                return self.line_of(error)
        return None

    @classmethod
    def encode(cls, value: Any, depth: int = 0) -> Any:
        """A result as JSON; of what is no number or array only the type."""
        if value is None or isinstance(value, (bool, str)):
            return value if value is None or len(str(value)) <= CHARACTERS else {'type': 'str'}
        if isinstance(value, (tuple, list)) and depth < DEPTH and len(value) <= NUMBERS:
            return {type(value).__name__ if type(value) in (tuple, list) else 'tuple':
                    [cls.encode(part, depth + 1) for part in value]}
        if isinstance(value, (int, float)) and abs(value) < 2.0**63 or isinstance(value, float):
            return {'dtype': 'int' if isinstance(value, int) else 'float', 'number': float(value)
                    if isinstance(value, float) else int(value)}
        if isinstance(value, (np.ndarray, np.generic)):
            array = np.array(value, subok=False)
            if array.dtype.kind in 'fiubUS' and array.size <= NUMBERS:
                little = array.astype(array.dtype.newbyteorder('<'))
                return {'dtype': little.dtype.str, 'shape': array.shape,
                        'bytes': base64.b64encode(little.tobytes()).decode()}
            return {'type': f'an array of dtype {array.dtype} and shape {array.shape}'}
        return {'type': type(value).__name__}


class Printed:
    """Takes what is printed, and says it with the line; not all of it, if it is long.

    learner  who says it
    """

    def __init__(self, learner: Learner):
        self.learner, self.left = learner, CHARACTERS

    def write(self, text: str) -> int:
        """Say a text, if not too much has been printed before."""
        if self.left > 0:
            frame = sys._getframe(1)
            while frame and frame.f_code.co_filename != self.learner.name:
                frame = frame.f_back
            self.learner.say(printed=str(text)[:self.left], line=frame and frame.f_lineno)
            self.left -= len(text)
        return len(text)

    def flush(self) -> None:
        """There is nothing to do."""


if __name__ == '__main__':
    main(sys.argv[1])
