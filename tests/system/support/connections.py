"""What the kernel knows of a connection's far end."""
import pathlib

ESTABLISHED = "01"


def is_open_at_server(connection, server_port):
    """Whether the server still holds its end of this socket: false once it has closed, though what it sent be unread."""
    here = f"0100007F:{connection.getsockname()[1]:04X}"
    there = f"0100007F:{server_port:04X}"
    for line in pathlib.Path("/proc/net/tcp").read_text().splitlines()[1:]:
        _, local, remote, state, *_ = line.split()
        if (local, remote) == (there, here):
            return state == ESTABLISHED
    return False
