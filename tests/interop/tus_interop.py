"""Starts a server and lets tus-js-client fill an upload of it (tus_interop.mjs)."""
import json
import os
import pathlib
import subprocess
import sys

sys.path.insert(0, str(pathlib.Path(__file__).parent.parent / "system"))
from support.server import Server, split_sealed  # noqa: E402


def main():
    here = pathlib.Path(__file__).parent
    with Server(sys.argv[1]) as server:
        sender, recipient = server.account(), server.account()
        content = os.urandom(20_000_000)
        parcel = server.create_parcel(sender, recipient)
        server.put_manifest(sender, parcel, server.seal(b"manifest", recipient))
        header, payload = split_sealed(server.seal(content, recipient))
        upload = server.create_upload(sender, parcel, header, len(payload))
        file = server.folder / "payload"
        file.write_bytes(payload)
        subprocess.run(["node", here / "tus_interop.mjs", server.url + upload.path, upload.key, file],
                       check=True, timeout=120)
        status, _, body = server.call("POST", f"/api/v1/parcels/{parcel}/complete",
                                      token=sender.token)
        assert status == 200, (status, body)
        opening = server.open_parcel(recipient, parcel)
        got = opening.payload()[2]
        assert server.open_sealed(opening.header() + got, recipient) == content
        second = server.create_upload(sender, server.create_parcel(sender, recipient), header,
                                      len(payload))
        subprocess.run(["node", here / "tus_interop.mjs", server.url + second.path, second.key,
                        file, "terminate"], check=True, timeout=120)
        assert server.call("HEAD", second.path, headers=second.headers())[0] == 401
    print(json.dumps({"tus-js-client": "1 upload in pieces, broken off and resumed; 1 terminated"}))


if __name__ == "__main__":
    main()
