"""Start a worker: `python -P -m contara_worker`, with the link at file descriptor 0."""

from contara_worker.process import drop_unsafe_path, take_link


def main() -> None:
    """Take the link away from file descriptor 0, then run until the host or the module ends the process."""
    drop_unsafe_path()
    sock = take_link()
    # Imported now and not above: everything before this line has to work with the link still at descriptor 0.
    from contara_worker.worker import serve  # noqa: PLC0415

    serve(sock)


if __name__ == "__main__":
    main()
