"""Fine-tuning data from open models: difficulty-aware rejection sampling into a SQL store.

This folder is the import root. It holds the core and, in the repository, links to the top-level folders
`flows`, `generators`, `verifiers` and `db`; an installed package holds these as folders.
"""

import os as _os

if not _os.path.isdir(_os.path.join(_os.path.dirname(__file__), "verifiers")):  # noqa: PTH112, PTH118, PTH120 - before anything else is imported
    raise ImportError(
        "gristmill/verifiers is no link to ../verifiers: this file system or clone has no symbolic links; "
        "clone with `git clone -c core.symlinks=true` on one that has them, or install the wheel"
    )
