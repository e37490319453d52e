"""Start the spawner: `python -P -m contara_worker.spawner`, with its socket at file descriptor 0."""

from contara_worker.process import drop_unsafe_path, take_link


def main() -> None:
    """Load everything, then start workers until the host is gone. A child of it goes on here as a worker."""
    drop_unsafe_path()
    sock = take_link()
    # Imported now and not above: everything before this line has to work with the socket still at descriptor 0.
    from contara_worker.spawner.preload import freeze, preload  # noqa: PLC0415

    preload()
    # After what workers need, because the loader looks at the names of all that was imported after it.
    from contara_worker.spawner.birth import become_worker  # noqa: PLC0415
    from contara_worker.spawner.spawner import Spawner  # noqa: PLC0415

    spawner = Spawner(sock)
    freeze()
    become_worker(spawner.run())


if __name__ == "__main__":
    main()
