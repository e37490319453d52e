"""Start a worker: `python -P -m contara_worker [PACKAGES]`, with the link at file descriptor 0.

PACKAGES is the folder of the module's own packages.
"""

import sys

from contara_worker.packages import add_packages
from contara_worker.process import drop_unsafe_path, take_link


def main() -> None:
    """Take the link away from file descriptor 0, then run until the host or the module ends the process."""
    drop_unsafe_path()
    sock = take_link()
    for packages in sys.argv[1:]:
        add_packages(packages)
    del sys.argv[1:]
    # Imported now and not above: everything before this line has to work with the link still at descriptor 0.
    from contara_worker.worker import serve  # noqa: PLC0415

    serve(sock)


if __name__ == "__main__":
    main()
