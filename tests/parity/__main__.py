"""Prints the table of parity, of everything or of the operations and optimizers given."""

import sys

from . import operations, optimizers, table

names = sys.argv[1:] or operations.NAMES + optimizers.NAMES
reports = [(operations if name in operations.NAMES else optimizers).report(name) for name in names]
for report in reports:
    for failure in report.failures[:3 if len(names) > 5 else 30]:
        print(f'{report.name}: {failure}')
print(table.table(reports))
