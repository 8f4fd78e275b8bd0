"""Certificates for a server's own files, and the one that it shows."""
import hashlib
import socket
import ssl
import subprocess


def make_certificate(folder, name):
    subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt",
                    "ec_paramgen_curve:P-256", "-nodes", "-days", "2", "-subj", f"/CN={name}",
                    "-addext", "subjectAltName=IP:127.0.0.1", "-keyout", folder / "key.pem",
                    "-out", folder / "certificate.pem"], check=True, capture_output=True)


def make_chain(folder, name):
    """leaf.pem and leaf.key for a name, good for 90 days; chain.pem, with the one between after it; the authority's path."""
    def openssl(*words):
        subprocess.run(["openssl", *map(str, words)], check=True, capture_output=True)

    fresh = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"]
    openssl("req", "-x509", *fresh, "-days", "90", "-subj", "/CN=authority", "-keyout", folder / "authority.key",
            "-out", folder / "authority.pem")
    for mine, issuer, extension in (("between", "authority", "basicConstraints=critical,CA:TRUE"),
                                    ("leaf", "between", f"subjectAltName=DNS:{name}")):
        (folder / "extension").write_text(extension + "\n")
        openssl("req", *fresh, "-subj", f"/CN={mine}", "-keyout", folder / f"{mine}.key", "-out", folder / f"{mine}.csr")
        openssl("x509", "-req", "-days", "90", "-in", folder / f"{mine}.csr", "-CA", folder / f"{issuer}.pem",
                "-CAkey", folder / f"{issuer}.key", "-CAcreateserial", "-extfile", folder / "extension", "-out", folder / f"{mine}.pem")
    (folder / "chain.pem").write_text((folder / "leaf.pem").read_text() + (folder / "between.pem").read_text())
    return folder / "authority.pem"


def served_certificate(server):
    context = ssl.create_default_context()
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    with socket.create_connection(("127.0.0.1", server.port)) as plain:
        with context.wrap_socket(plain) as secured:
            return hashlib.sha256(secured.getpeercert(binary_form=True)).hexdigest()
