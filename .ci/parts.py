"""Draws README.md's picture of the parts, from the imports in the source.

    python .ci/parts.py        writes demos/figures/parts.svg, which a test compares with the source

A row is a part of the package with its files; those of README.md's reading list are bold. An arrow
leads from a part to one that it imports. What follows from other arrows is left out: nn imports
Tensor and Tensor imports ops, so there is no arrow from nn to ops.
"""
from __future__ import annotations

import ast
import re
import textwrap
from functools import lru_cache
from html import escape
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
SOURCE = ROOT / 'tinygrad_adam'
PICTURE = ROOT / 'demos' / 'figures' / 'parts.svg'
WIDTH, NAME, LINE, GAP, LANE = 800, 220, 19, 16, 15    # pixels
CHARACTERS = 64                                        # in a line of files
LISTED = re.compile(r'^\| `([\w/]+)\.py` \| \d+ \|', re.MULTILINE)

# From above to below, each part with what it is to a reader and the beginnings of its modules'
# names; the longest beginning decides. part() moves some modules because of what they import.
PARTS = {
    'teach': ('not in PyTorch', ('teach',)),
    'compile': ('programs written for you', ('_compile',)),
    'distributed': ('several processes', ('distributed', 'nn.parallel', 'utils.data.distributed')),
    'distributions': ('chance, and its logarithms', ('distributions',)),
    'utils': ('data loaders, saved weights', ('utils',)),
    'optim': ('how weights are moved', ('optim', 'amp', '_amp_errors', 'cuda.amp')),
    'nn': ('layers and losses', ('nn',)),
    'derivatives': ('Jacobians and Hessians', ()),
    'Tensor': ('the tensor, its functions', ('', '_functions', 'autograd.versions')),
    'ops': ('what is differentiated', ('ops',)),
    'autograd': ('backward, hooks, no_grad', ('autograd',)),
    'primitive': ('NumPy functions as nodes', ('autograd.primitive',)),
    'graph': ('the chain rule', ('autograd.graph',)),
    'basis': ('imports nothing from here', ()),
}


def modules() -> dict[str, Path]:
    """{nn.linear: its file}, without the package's own __init__ and its commands."""
    files = {'.'.join(path.relative_to(SOURCE).with_suffix('').parts).replace('.__init__', ''): path
             for path in sorted(SOURCE.rglob('*.py')) if '_course' not in path.parts}
    return {name: path for name, path in files.items()
            if not name.startswith('__') and name != 'workshop'}


@lru_cache(maxsize=None)
def imports(name: str) -> dict[str, str]:
    """{name bound in this module: the module of this package where it is defined}."""
    files, path, found = modules(), modules()[name], {}
    folder = name.split('.') if path.name == '__init__.py' else name.split('.')[:-1]
    tree = ast.parse(path.read_text(encoding='utf-8'))
    unseen = {node for block in ast.walk(tree) if isinstance(block, ast.If)
              and ast.unparse(block.test) == 'TYPE_CHECKING' for node in ast.walk(block)}
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.level and node not in unseen:
            base = '.'.join(folder[:len(folder) + 1 - node.level]
                            + (node.module.split('.') if node.module else []))
            for alias in node.names:
                whole = f'{base}.{alias.name}'.lstrip('.')
                home = whole if whole in files else base
                if home in files and home != name:
                    if home == base and files[base].name == '__init__.py':
                        home = imports(base).get(alias.name, base)
                    found[alias.asname or alias.name] = home
    return found


def reached(name: str) -> set[str]:
    """All modules that this one imports, itself or through others."""
    found, todo = set(), [name]
    while todo:
        new = set(imports(todo.pop()).values()) - found
        found |= new
        todo += new
    return found


def by_name(name: str) -> str:
    """The part whose beginning of the name is the longest."""
    return max((len(start), part) for part, (_, starts) in PARTS.items() for start in starts
               if not start or f'{name}.'.startswith(f'{start}.'))[1]


@lru_cache(maxsize=None)
def part(name: str) -> str:
    """Of a module."""
    found = by_name(name)
    if found == 'autograd':
        if any(other.startswith('ops.') for other in reached(name)):
            return 'derivatives'
        for below in 'graph', 'primitive':    # what the graph needs is part of it
            if any(name in reached(user) for user in modules() if by_name(user) == below):
                return below
    if found == 'Tensor':
        if any(other.startswith('nn') for other in reached(name)):
            return 'utils'
        if not reached(name):
            return 'basis'
    return found


def arrows() -> set[tuple[str, str]]:
    """(part, a part it imports), all of them."""
    return {(part(name), part(other)) for name in modules() for other in imports(name).values()
            if part(name) != part(other)}


def needed(pairs: set[tuple[str, str]]) -> set[tuple[str, str]]:
    """The arrows that do not follow from others."""
    def leads(start, end, without):
        found, todo = set(), [start]
        while todo:
            new = {b for a, b in pairs - {without} if a == todo[-1]} - found
            todo.pop()
            found |= new
            todo += new
        return end in found

    return {(a, b) for a, b in pairs if not leads(a, b, (a, b))}


def files_of(name: str, listed: set[str]) -> list[list[tuple[str, bool]]]:
    """Lines of (file or folder, whether it is on the reading list), the listed ones first."""
    files = [module for module in modules() if part(module) == name]
    files = sorted({'/'.join(module.split('.')[:2]) for module in files
                    if modules()[module].name != '__init__.py'
                    and not module.endswith('errors')},    # texts alone
                   key=lambda file: (file not in listed, file))
    names = ', '.join(file.rpartition('/')[2] for file in files)
    rows = textwrap.wrap(names, CHARACTERS, break_long_words=False)
    flags = iter(file in listed for file in files)
    return [[(word, next(flags)) for word in row.split()] for row in rows]


def draw() -> str:
    """The picture as SVG."""
    listed = set(LISTED.findall((ROOT / 'README.md').read_text(encoding='utf-8')))
    pairs = arrows()
    rows, y = {}, 34
    for name in PARTS:
        if not any(part(module) == name for module in modules()):
            continue
        lines = files_of(name, listed)
        height = 14 + LINE * max(len(lines), 2)
        rows[name] = y, height, lines
        y += height + GAP
    shown = sorted(needed(pairs), key=lambda pair: (rows[pair[1]][0] - rows[pair[0]][0], pair))
    names = list(rows)
    lanes, side = [], []    # arrows to the next row are straight, others go around on the right
    for a, b in shown:
        if names.index(b) - names.index(a) == 1:
            continue
        span = range(names.index(a), names.index(b) + 1)
        lane = next((k for k, taken in enumerate(lanes) if not taken & set(span[:-1])), len(lanes))
        if lane == len(lanes):
            lanes.append(set())
        lanes[lane] |= set(span[:-1])
        side.append((a, b, lane))
    right = WIDTH - 20 - LANE * len(lanes)
    out = [f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{y}" '
           f'viewBox="0 0 {WIDTH} {y}" font-family="Helvetica, Arial, sans-serif" font-size="13">',
           '<style>.page{fill:#fff}.box{fill:#f2f2f2;stroke:#555}.arrow{fill:none;stroke:#222;'
           'stroke-width:1.4}.listed{font-weight:bold;fill:#000}.other{fill:#666}</style>',
           '<defs><marker id="tip" markerWidth="9" markerHeight="8" refX="8" refY="4" '
           'orient="auto"><path d="M0 0L9 4L0 8z" fill="#222"/></marker></defs>',
           f'<rect class="page" width="{WIDTH}" height="{y}"/>',
           '<text x="12" y="20">An arrow: imports. <tspan class="listed">Bold: on the reading '
           'list.</tspan> <tspan class="other">Grey: not needed for a first training step.'
           '</tspan></text>']
    for name, (top, height, lines) in rows.items():
        title = name
        out.append(f'<rect class="box" x="12" y="{top}" width="{right - 12}" height="{height}" '
                   'rx="4"/>')
        out.append(f'<text x="24" y="{top + 20}" font-size="15" font-weight="bold">'
                   f'{escape(title)}</text>')
        out.append(f'<text x="24" y="{top + 20 + LINE - 3}" font-size="11">'
                   f'{escape(PARTS[name][0])}</text>')
        for k, line in enumerate(lines):
            words = ' '.join(f'<tspan class="{"listed" if mark else "other"}">{escape(word)}'
                             '</tspan>' for word, mark in line)
            out.append(f'<text x="{NAME}" y="{top + 21 + LINE * k}">{words}</text>')
    starts, ends = {}, {}
    for a, b, lane in side:
        (top, height, _), (below, _, _) = rows[a], rows[b]
        start = starts[a] = starts.get(a, top + height - 4) - 9
        end = ends[b] = ends.get(b, below - 2) + 9
        x = right + 8 + LANE * (lane + 0.5)
        out.append(f'<path class="arrow" marker-end="url(#tip)" '
                   f'd="M{right} {start}H{x:g}V{end}H{right + 1}"/>')
    for a, b in shown:
        if names.index(b) - names.index(a) == 1:
            (top, height, _), (below, _, _) = rows[a], rows[b]
            out.append('<path class="arrow" marker-end="url(#tip)" '
                       f'd="M90 {top + height}V{below - 1}"/>')
    return '\n'.join([*out, '</svg>', ''])


if __name__ == '__main__':
    PICTURE.write_text(draw(), encoding='utf-8')
