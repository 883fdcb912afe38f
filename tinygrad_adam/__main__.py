"""`python -m tinygrad_adam` lists the chapters and demos; with a number or a name it runs one.

    python -m tinygrad_adam                  what there is, with the seconds it takes
    python -m tinygrad_adam 8 --reveal       runs chapter 8 with this option
    python -m tinygrad_adam train_mlp
    python -m tinygrad_adam --measure        in a checkout: runs all, records what they reach
"""
from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any, Iterable

PACKAGE = Path(__file__).resolve().parent
INSTALLED = PACKAGE / '_course' / 'demos'     # a wheel carries them there: see setup.py
DEMOS = INSTALLED if INSTALLED.is_dir() else PACKAGE.parent / 'demos'
TIMES = DEMOS / 'times.json'                  # written by --measure


def scripts() -> dict[str, Path]:
    """The demos by name, chapters first: those scripts that begin with a heading."""
    files = [file for folder in ('.', 'applications', 'claims')
             for file in sorted((DEMOS / folder).glob('*.py'))]
    return {file.relative_to(DEMOS).with_suffix('').as_posix(): file for file in files
            if file.read_text(encoding='utf-8').startswith('# %% [markdown]')}


def idea(file: Path) -> str:
    """The heading of a demo."""
    heading = next(line for line in file.read_text(encoding='utf-8').splitlines()
                   if line.startswith('# # '))
    return heading[4:].split('. ', 1)[-1]


def find(word: str, names: Iterable[str]) -> list[str]:
    """The demos meant by a number (of a chapter) or a part of the name."""
    chapter = [name for name in names if word.isdigit() and name.startswith(f'{int(word):02d}_')]
    return chapter or [name for name in names if word == name] or [
        name for name in names if word in name and not word.isdigit()]


def run(file: Path, *words: str, **options: Any) -> subprocess.CompletedProcess[str]:
    """Run a demo with this package, installed or not."""
    paths = [str(DEMOS.parent), str(PACKAGE.parent),
             *filter(None, [os.environ.get('PYTHONPATH')])]
    return subprocess.run([sys.executable, str(file), *words], **options,
                          env={**os.environ, 'PYTHONPATH': os.pathsep.join(paths)})


def measure(demos: dict[str, Path]) -> None:
    """Run every demo as it is; write down how long it took and what it reached, also in README."""
    times = {}
    for name, file in demos.items():
        with tempfile.TemporaryDirectory() as folder:
            start = time.perf_counter()
            done = run(file, '--out', folder, stdout=subprocess.PIPE, text=True, check=True)
            seconds = time.perf_counter() - start
        reached = [line for line in done.stdout.splitlines()
                   if line.startswith(('verdict: ', 'reached: ')) or ': test accuracy ' in line]
        times[name] = {'seconds': round(seconds, 1), 'reached': ' '.join(reached[-1:])}
        print(f'{seconds:6.1f} s  {name}', flush=True)
    TIMES.write_text(json.dumps(times, indent=1) + '\n', encoding='utf-8')
    subprocess.run([sys.executable, str(PACKAGE.parent / 'tests' / 'test_readme.py')], check=True,
                   env={**os.environ, 'PYTHONPATH': str(PACKAGE.parent)})


def main(words: list[str]) -> int:
    """List, run or measure; returns the exit status."""
    demos = scripts()
    if not demos:
        print(f'There are no demos in {DEMOS}, though a wheel carries them and a checkout has them '
              'beside the package. Install the package again.', file=sys.stderr)
        return 2
    if words and words[0] == '--measure':
        if DEMOS == INSTALLED:
            print(f'--measure rewrites {TIMES.name}, a file of the repository, and these demos are '
                  'part of an installed package. Run it in a checkout.', file=sys.stderr)
            return 2
        measure(demos)
    elif words and words[0] not in ('-h', '--help'):
        found = find(words[0], demos)
        if len(found) != 1:
            print(f'{words[0]!r} means {" or ".join(found) or "no demo"}: it must mean one. Give '
                  'the number of a chapter or more of a name; without a word, all are listed.',
                  file=sys.stderr)
            return 2
        return run(demos[found[0]], *words[1:]).returncode
    else:
        times = json.loads(TIMES.read_text(encoding='utf-8')) if TIMES.exists() else {}
        width = max(map(len, demos))
        for name, file in demos.items():
            seconds = f'{times[name]["seconds"]:5.1f} s' if name in times else ' ' * 7
            print(f'{name:<{width}}{seconds}  {idea(file)}')
        print('\nTo run one, add its number or a part of its name, then its options: '
              'python -m tinygrad_adam 8 --help')
    return 0


if __name__ == '__main__':
    sys.exit(main(sys.argv[1:]))
