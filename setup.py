"""What setup.cfg cannot say: a wheel carries the demos, an editable install uses the ones here.

They go to tinygrad_adam/_course/demos, with a folder between: it is put on Python's path for the
demos, which import `demos.common`, and must not hold the package's own random.py and types.py.
"""
from pathlib import Path

from setuptools import setup
from setuptools.command.build_py import build_py


class BuildWithDemos(build_py):
    """Takes the folders of demos for packages, unless the install is editable."""

    def finalize_options(self):
        super().finalize_options()
        if not self.editable_mode:
            self.packages = list(self.packages)
            self.package_dir = dict(self.package_dir)
            self.package_data = dict(self.package_data)
            for folder in sorted({path.parent for path in Path('demos').rglob('*.py')}):
                package = '.'.join(['tinygrad_adam', '_course', *folder.parts])
                self.packages.append(package)
                self.package_dir[package] = folder.as_posix()
                self.package_data[package] = ['times.json', 'rates/*.csv']


setup(cmdclass={'build_py': BuildWithDemos})
