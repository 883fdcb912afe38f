"""Fails unless type checkers know the type of every symbol that the package exports."""
import json
import os
import subprocess
import sys
from pathlib import Path

SHOWN = 20
PYTHON = Path(sys.executable).parent     # pyright looks at the packages of the first in PATH
done = subprocess.run([sys.executable, '-m', 'pyright', '--verifytypes', 'tinygrad_adam',
                       '--ignoreexternal', '--outputjson'], stdout=subprocess.PIPE, text=True,
                      env={**os.environ, 'PATH': f'{PYTHON}{os.pathsep}{os.environ["PATH"]}'})
report = json.loads(done.stdout)
for line in report['generalDiagnostics']:
    print(line['message'])
report = report['typeCompleteness']
symbols = report['symbols']
unknown = [symbol for symbol in symbols if symbol['isExported'] and not symbol['isTypeKnown']]
counts = report['exportedSymbolCounts']
total = sum(counts.values())
print(f'{counts["withKnownType"]} of {total} exported symbols have known types '
      f'({100 * report["completenessScore"]:.1f} %)')
for symbol in unknown[:SHOWN]:
    said = [line['message'].replace('\n', ' ') for line in symbol['diagnostics']]
    print(f'  {symbol["name"]}: {"; ".join(said) or "unknown"}')
if len(unknown) > SHOWN:
    print(f'  and {len(unknown) - SHOWN} more')
sys.exit(total == 0 or counts['withKnownType'] < total)
