"""Fails unless type checkers know the type of every symbol that the package exports."""
import json
import os
import subprocess
import sys
from pathlib import Path

SHOWN = 20
PROGRAM = 'tinygrad_adam.teach.workshop.'     # is run, not imported
PYTHON = Path(sys.executable).parent     # pyright looks at the packages of the first in PATH
done = subprocess.run([sys.executable, '-m', 'pyright', '--verifytypes', 'tinygrad_adam',
                       '--ignoreexternal', '--outputjson'], stdout=subprocess.PIPE, text=True,
                      env={**os.environ, 'PATH': f'{PYTHON}{os.pathsep}{os.environ["PATH"]}'})
report = json.loads(done.stdout)
for line in report['generalDiagnostics']:
    print(line['message'])
report = report['typeCompleteness']
symbols = [symbol for symbol in report['symbols']
           if symbol['isExported'] and not symbol['name'].startswith(PROGRAM)]
unknown = [symbol for symbol in symbols if not symbol['isTypeKnown']]
print(f'{len(symbols) - len(unknown)} of {len(symbols)} exported symbols have known types')
for symbol in unknown[:SHOWN]:
    said = [line['message'].replace('\n', ' ') for line in symbol['diagnostics']]
    print(f'  {symbol["name"]}: {"; ".join(said) or "unknown"}')
if len(unknown) > SHOWN:
    print(f'  and {len(unknown) - SHOWN} more')
sys.exit(not symbols or bool(unknown))
