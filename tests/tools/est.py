# SPDX-License-Identifier: EUPL-1.2
#
# Enrolment as a technician's program does it, with every step open to be done wrongly.
import base64
import hashlib
import ssl
import subprocess

from device import Line


def shell(*words, stdin=None):
    return subprocess.run(words, input=stdin, capture_output=True, check=True).stdout


def key_and_request(folder, name):
    """A new key and a certificate request for it; the request in DER."""
    key = folder / f"{name}.key"
    shell("openssl", "ecparam", "-name", "prime256v1", "-genkey", "-noout", "-out", str(key))
    return shell("openssl", "req", "-new", "-key", str(key), "-subj", f"/CN={name}", "-outform", "DER")


def certify(folder, name, authority, authority_key):
    """A certificate for `name` from whoever holds that key; the registry has never heard of it."""
    request = shell("openssl", "req", "-inform", "DER", "-outform", "PEM", stdin=key_and_request(folder, name))
    made = shell("openssl", "x509", "-req", "-CA", str(authority), "-CAkey", str(authority_key), "-days", "2",
                 "-set_serial", "7", stdin=request)
    (folder / f"{name}.pem").write_bytes(made)


def authority(folder, name):
    """An authority of a stranger."""
    shell("openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2",
          "-subj", f"/CN={name}", "-keyout", str(folder / f"{name}.key"), "-out", str(folder / f"{name}.pem"))


class Enrolment(Line):
    def __init__(self, desk, record=None):
        # Nobody is trusted yet: what came with the one-time code says whom.
        tls = ssl.create_default_context()
        tls.check_hostname = False
        tls.verify_mode = ssl.CERT_NONE
        super().__init__(lambda: desk.enrolment_port, tls, record)

    def authority(self):
        """The authority's certificate and its fingerprint."""
        self.send("GET", "/.well-known/est/cacerts")
        answer = self.receive()
        self.close()  # as the hub does
        assert answer.status == 200, answer.body
        return answer.body, hashlib.sha256(ssl.PEM_cert_to_DER_cert(answer.body)).hexdigest()

    def send_request(self, device, code, request):
        headers = {"Content-Type": "application/pkcs10"}
        if code is not None:
            headers["Authorization"] = "Basic " + base64.b64encode(f"{device}:{code}".encode()).decode()
        self.send("POST", "/.well-known/est/simpleenroll", base64.b64encode(request).decode(), headers)

    def enrol(self, device, code, request):
        self.send_request(device, code, request)
        return self.receive()
