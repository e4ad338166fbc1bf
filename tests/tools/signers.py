# SPDX-License-Identifier: EUPL-1.2
#
# Makes a small world of states that sign documents: certificates, security objects, a list of
# withdrawn signers; good ones and every sort of bad one. Written without our own code: OpenSSL makes
# keys and signatures (and two whole objects by `openssl cms`), the DER round them is put together
# here, so that it can also be wrong in ways OpenSSL would not write.
# signers.py <folder>
import ctypes
import hashlib
import pathlib
import subprocess
import sys
import time

LIBRARY = ctypes.CDLL("libcrypto.so.3")
FOLDER = pathlib.Path(sys.argv[1])
NOW = int(time.time())
YEAR = 365 * 24 * 3600
DG1 = b"\x61\x05" + b"hello"  # stands for a file; its hash is what counts


def openssl(*words):
    return subprocess.run(["openssl", *words], check=True, capture_output=True, cwd=FOLDER).stdout


def call(name, *values):
    """A function of OpenSSL's library: two hundred signatures by its program would be two hundred programs."""
    function = getattr(LIBRARY, name)
    function.restype = ctypes.c_void_p
    result = function(*[ctypes.c_void_p(value) if isinstance(value, int) and value > 1 << 20 else value
                        for value in values])
    assert result, name
    return result


# --- DER


def tlv(tag, *parts):
    body = b"".join(parts)
    if len(body) < 128:
        return bytes([tag, len(body)]) + body
    size = len(body).to_bytes((len(body).bit_length() + 7) // 8, "big")
    return bytes([tag, 0x80 | len(size)]) + size + body


def seq(*parts):
    return tlv(0x30, *parts)


def set_of(*parts):
    return tlv(0x31, *parts)


def number(value):
    return tlv(0x02, value.to_bytes(value.bit_length() // 8 + 1, "big"))


def oid(dotted):
    first, second, *rest = map(int, dotted.split("."))
    out = b""
    for arc in [first * 40 + second, *rest]:
        digits = [arc & 0x7F]
        while arc := arc >> 7:
            digits.append(0x80 | arc & 0x7F)
        out += bytes(reversed(digits))
    return tlv(0x06, out)


def octets(*parts):
    return tlv(0x04, *parts)


def bits(value, unused=0):
    return tlv(0x03, bytes([unused]), value)


def moment(seconds):
    return tlv(0x17, time.strftime("%y%m%d%H%M%SZ", time.gmtime(seconds)).encode())


NULL = b"\x05\x00"
HASHES = {"md5": "1.2.840.113549.2.5", "sha1": "1.3.14.3.2.26", "sha256": "2.16.840.1.101.3.4.2.1",
          "sha384": "2.16.840.1.101.3.4.2.2", "sha512": "2.16.840.1.101.3.4.2.3"}
RSA = {"md5": 4, "sha1": 5, "sha256": 11, "sha384": 12, "sha512": 13}
ECDSA = {"sha256": 2, "sha384": 3, "sha512": 4}


def hash_identifier(name):
    return seq(oid(HASHES[name]), NULL)


def pss_identifier(name):
    mask = seq(oid("1.2.840.113549.1.1.8"), hash_identifier(name))
    salt = number(hashlib.new(name).digest_size)
    return seq(oid("1.2.840.113549.1.1.10"),
               seq(tlv(0xA0, hash_identifier(name)), tlv(0xA1, mask), tlv(0xA2, salt)))


# --- keys and certificates


class Key:
    """kind: "rsa", "pss" (an RSA key that signs so) or a curve of OpenSSL's."""

    def __init__(self, name, kind, hash_name="sha256", written_out=False):
        self.path = f"{name}.pem"
        self.kind = kind
        self.hash = hash_name
        if not (FOLDER / self.path).exists():
            if kind in ("rsa", "pss"):
                openssl("genrsa", "-out", self.path, "2048")
            else:
                openssl("ecparam", "-name", kind, "-genkey", "-noout", "-out", self.path)
        encoding = ["-param_enc", "explicit"] if written_out else []
        command = "rsa" if kind in ("rsa", "pss") else "ec"
        self.open = openssl(command, "-in", self.path, "-pubout", "-outform", "DER", *encoding)
        self.id = hashlib.sha1(self.open).digest()

    def identifier(self):
        if self.kind == "pss":
            return pss_identifier(self.hash)
        if self.kind == "rsa":
            return seq(oid(f"1.2.840.113549.1.1.{RSA[self.hash]}"), NULL)
        return seq(oid(f"1.2.840.10045.4.3.{ECDSA[self.hash]}"))

    def sign(self, data):
        pem = (FOLDER / self.path).read_bytes()
        key = call("PEM_read_bio_PrivateKey", call("BIO_new_mem_buf", pem, len(pem)), None, None, None)
        work = call("EVP_MD_CTX_new")
        options = ctypes.c_void_p()
        call("EVP_DigestSignInit", work, ctypes.byref(options), call("EVP_get_digestbyname", self.hash.encode()), None,
             key)
        if self.kind == "pss":
            call("EVP_PKEY_CTX_set_rsa_padding", options, 6)
            call("EVP_PKEY_CTX_set_rsa_pss_saltlen", options, -1)  # as long as the hash
        room = ctypes.create_string_buffer(1024)
        size = ctypes.c_size_t(len(room))
        call("EVP_DigestSign", work, room, ctypes.byref(size), data, ctypes.c_size_t(len(data)))
        return room.raw[:size.value]


def name_of(state, words):
    country = seq(oid("2.5.4.6"), tlv(0x13, state.encode()))
    return seq(set_of(country), set_of(seq(oid("2.5.4.3"), tlv(0x0C, words.encode()))))


def extension(dotted, value, critical=False):
    return seq(oid(dotted), b"\x01\x01\xff" if critical else b"", octets(value))


class Signer:
    """A certificate with its key. `by` is who signs it; nobody: itself."""

    serials = 100

    def __init__(self, name, key, by=None, state="UT", subject_state=None, authority=False, start=NOW - YEAR,
                 end=NOW + YEAR, usage=None, more=(), title=None, signed_with=None, open_key=None, names_key=True):
        Signer.serials += 1
        self.key = key
        self.serial = number(Signer.serials)
        self.subject = name_of(subject_state or state, title or name)
        self.issuer = by.subject if by else self.subject
        with_key = signed_with or (by.key if by else key)
        issuer_key = by.key if by else key
        usage = usage if usage is not None else (0x06 if authority else 0x80)
        extensions = [extension("2.5.29.14", octets(key.id)),
                      *([extension("2.5.29.35", seq(tlv(0x80, issuer_key.id)))] if names_key else []),
                      extension("2.5.29.15", bits(bytes([usage]), 1 if authority else 7), True), *more]
        if authority:
            extensions.append(extension("2.5.29.19", seq(b"\x01\x01\xff", number(0)), True))
        part = seq(tlv(0xA0, number(2)), self.serial, with_key.identifier(), self.issuer,
                   seq(moment(start), moment(end)), self.subject, open_key or key.open, tlv(0xA3, seq(*extensions)))
        self.der = seq(part, with_key.identifier(), bits(with_key.sign(part)))
        (FOLDER / f"{name}.der").write_bytes(self.der)


# --- security objects


def hashes_of(hash_name="sha256", groups=None, version=0):
    digest = hashlib.new(hash_name, DG1).digest()
    groups = groups or [(1, digest), (14, hashlib.new(hash_name, b"other").digest())]
    listed = [seq(number(group), octets(value)) for group, value in groups]
    edition = seq(tlv(0x13, b"0108"), tlv(0x13, b"040000")) if version else b""
    return seq(number(version), hash_identifier(hash_name), seq(*listed), edition)


def attribute(dotted, *values):
    return seq(oid(dotted), set_of(*values))


def sod(name, signer, content=None, content_type="2.23.136.1.1.1", signed_type=None, at=NOW, by_key=False,
        digest=None, hash_name="sha256", signers=1, attributes=True, more_attributes=(), brings=1,
        wrap=lambda whole: whole, key=None, issuer=None):
    content = content or hashes_of()
    digest = digest or hashlib.new(hash_name, content).digest()
    listed = [attribute("1.2.840.113549.1.9.3", oid(signed_type or content_type)),
              *([attribute("1.2.840.113549.1.9.5", moment(at))] if at else []),
              attribute("1.2.840.113549.1.9.4", octets(digest)), *more_attributes]
    inside = b"".join(sorted(listed))
    signature = (key or signer.key).sign(tlv(0x31, inside) if attributes else content)
    who = tlv(0x80, signer.key.id) if by_key else seq(issuer or signer.issuer, signer.serial)
    one = seq(number(3 if by_key else 1), who, hash_identifier(hash_name),
              tlv(0xA0, inside) if attributes else b"", signer.key.identifier(), octets(signature))
    data = seq(number(3), set_of(hash_identifier(hash_name)), seq(oid(content_type), tlv(0xA0, octets(content))),
               tlv(0xA0, signer.der * brings) if brings else b"", set_of(*[one] * signers))
    whole = seq(oid("1.2.840.113549.1.7.2"), tlv(0xA0, data))
    (FOLDER / f"{name}.sod").write_bytes(wrap(tlv(0x77, whole)))


def sod_by_openssl(name, signer, *options):
    """The same made by OpenSSL from end to end."""
    (FOLDER / "content").write_bytes(hashes_of())
    openssl("x509", "-inform", "DER", "-in", f"{signer}.der", "-out", f"{signer}.crt")
    key = FOLDER / f"{signer}.pem"
    whole = openssl("cms", "-sign", "-binary", "-nodetach", "-in", "content", "-econtent_type", "2.23.136.1.1.1",
                    "-signer", f"{signer}.crt", "-inkey", str(key), "-outform", "DER", *options)
    (FOLDER / f"{name}.sod").write_bytes(tlv(0x77, whole))


def indefinite(whole):
    """The outermost length left open, closed by two zeros."""
    start = 2 + (whole[1] & 0x7F if whole[1] & 0x80 else 0)
    return b"\x77\x80" + whole[start:] + b"\0\0"


def crl(name, signer, serials, more=(), entry_more=b""):
    entries = [seq(serial, moment(NOW - 3600), entry_more) for serial in serials]
    listed = [extension("2.5.29.35", seq(tlv(0x80, signer.key.id))), extension("2.5.29.20", number(1)), *more]
    part = seq(number(1), signer.key.identifier(), signer.subject, moment(NOW - 3600), moment(NOW + YEAR),
               seq(*entries) if entries else b"", tlv(0xA0, seq(*listed)))
    (FOLDER / f"{name}.crl").write_bytes(seq(part, signer.key.identifier(), bits(signer.key.sign(part))))


def master_list(name, signer, certificates, **more):
    content = seq(number(0), set_of(*certificates))
    sod(name, signer, content, "2.23.136.1.1.2", wrap=lambda whole: whole[4:] if whole[1] == 0x82 else whole[3:],
        **more)


def good(rsa, curve):
    pss = Key("rsa", "pss", "sha256")
    written_out = Key("brainpool", "brainpoolP384r1", "sha384", written_out=True)
    p384 = Key("p384", "secp384r1", "sha384")
    state_pss = Signer("state-pss", pss, authority=True)
    state_p384 = Signer("state-p384", p384, authority=True)
    state_written_out = Signer("state-explicit", written_out, authority=True)
    signer_rsa = Key("signer-rsa", "rsa")
    Signer("signer-pss", Key("signer-pss", "pss"), state_pss)
    Signer("signer-p384", Key("signer-p384", "secp384r1", "sha384"), state_p384)
    sod_by_openssl("good-pss", "signer-pss", "-md", "sha256", "-keyopt", "rsa_padding_mode:pss")
    sod_by_openssl("good-p384", "signer-p384", "-md", "sha384")
    sod("good-pkcs1", Signer("signer-pkcs1", signer_rsa, rsa))
    out = Key("signer-explicit", "brainpoolP384r1", "sha384", written_out=True)
    sod("good-explicit", Signer("signer-out", out, state_written_out), hashes_of("sha512", version=1),
        hash_name="sha384")
    p521 = Key("p521", "secp521r1", "sha512")
    sod("good-p521", Signer("signer-p521", p521, curve), hash_name="sha512")
    sod("good-by-key", Signer("signer-key", p521, curve), by_key=True)
    sod("good-spelling", Signer("signer-spelling", p521, curve), issuer=name_of("UT", "another spelling"))
    sod("good-no-time", Signer("signer-no-time", p521, curve), at=None)
    old = Signer("signer-old", p521, curve, start=NOW - 40 * 24 * 3600, end=NOW - 20 * 24 * 3600)
    sod("good-old", old, at=NOW - 30 * 24 * 3600)
    sod("good-small-letters", Signer("signer-small", p521, Signer("state-small", p384, state="ut", authority=True),
                                     state="ut"))
    dutch = Signer("state-dutch", Key("dutch", "prime256v1"), state="NL", authority=True)
    sod("good-dutch", Signer("signer-dutch", p521, dutch, state="NL"), content_type="1.2.528.1.1006.1.20.1")
    # A new key and a new name: on the list stands only what links it to the old one.
    new_key = Key("new", "brainpoolP512r1", "sha512")
    Signer("state-link", new_key, curve, authority=True, title="new name")
    sod("good-rollover", Signer("signer-new", p521, Signer("state-new", new_key, authority=True, title="new name")))
    # The next key under the name that stays.
    next_key = Key("next", "brainpoolP256r1")
    again = Signer("state-again", next_key, authority=True, title="state-curve")
    sod("good-same-name", Signer("signer-again", p521, again))
    sod("good-by-name", Signer("signer-by-name", p521, again, names_key=False))


def bad_signers(rsa, curve, key):
    other = Signer("state-other", Key("other", "prime256v1"), authority=True)  # never on the list
    sod("unknown-signer", Signer("signer-other", key, other))
    sod("unknown-state", Signer("signer-elsewhere", key, Signer("elsewhere", other.key, state="ZZ", authority=True),
                                state="ZZ"))
    sod("unknown-brings-none", Signer("signer-absent", key, curve), brings=0)
    sod("unknown-which", Signer("signer-which", key, curve), brings=2, issuer=name_of("UT", "somebody else"))
    sod("forged-chain", Signer("signer-forged", key, curve, signed_with=other.key))
    ended = {"start": NOW - 3 * YEAR // 4, "end": NOW - YEAR // 2}
    sod("expired", Signer("signer-ended", key, curve, **ended))
    sod("expired-no-time", Signer("signer-ended-too", key, curve, **ended), at=None)
    sod("not-yet", Signer("signer-early", key, curve, start=NOW - 3600), at=NOW - 7200)
    sod("future", Signer("signer-future", key, curve), at=NOW + YEAR // 2)
    gone = Signer("state-ended", Key("ended", "prime256v1"), authority=True, start=NOW - YEAR, end=NOW - YEAR // 2)
    sod("expired-state", Signer("signer-of-ended", key, gone))
    withdrawn = Signer("signer-withdrawn", key, curve)
    sod("withdrawn", withdrawn)
    crl("withdrawn", curve, [number(5), withdrawn.serial])
    crl("nobody", curve, [])
    crl("stranger", other, [withdrawn.serial])
    forger = Signer("state-forger", Key("other", "prime256v1"), authority=True, title="state-curve")
    forger.key.id = curve.key.id
    crl("forged", forger, [withdrawn.serial])
    crl("delta", curve, [withdrawn.serial], more=[extension("2.5.29.27", number(1), True)])
    crl("indirect", curve, [withdrawn.serial], entry_more=seq(extension("2.5.29.29", seq(), True)))
    no_lists = Signer("state-no-lists", Key("no-lists", "prime256v1"), authority=True, usage=0x04)
    crl("not-allowed", no_lists, [withdrawn.serial])
    no_ca = Signer("state-no-ca", Key("no-ca", "prime256v1"), usage=0x06)
    sod("no-ca", Signer("signer-of-no-ca", key, no_ca))
    no_usage = Signer("state-no-usage", Key("no-usage", "prime256v1"), authority=True, usage=0x02)
    sod("no-usage", Signer("signer-of-no-usage", key, no_usage))
    sod("authority-signs", Signer("signer-authority", key, curve, authority=True, usage=0x86))
    sod("wrong-usage", Signer("signer-usage", key, curve, usage=0x20))
    sod("wrong-country", Signer("signer-country", key, curve, subject_state="NL"))
    sod("other-purpose", Signer("signer-list", key, curve,
                                more=[extension("2.5.29.37", seq(oid("2.23.136.1.1.3")), True)]))
    sod("unknown-demand", Signer("signer-demand", key, curve, more=[extension("1.2.3.4", NULL, True)]))
    md5 = Key("rsa", "rsa", "md5")
    sod("md5-chain", Signer("signer-md5", key, rsa, signed_with=md5))
    odd = Signer("state-unknown-curve", Key("odd", "brainpoolP320r1"), authority=True)
    sod("unknown-curve", Signer("signer-of-unknown-curve", key, odd))
    # Parameters that differ in their last place, and CVE-2020-0601: the key itself as generator.
    out = Key("near", "brainpoolP384r1", "sha384", written_out=True)
    point = out.open[-97:]
    base = bytes.fromhex("041d1c64f068cf45ffa2a63a81b7c13f6b8847a3e77ef14fe3db7fcafe0cbd10"
                         "e8e826e03436d646aaef87b2e247d4af1e8abe1d7520f9c2a45cb1eb8e95cfd5"
                         "5262b70b29feec5864e19c054ff99129280e4646217791811142820341263c5315")
    b = bytes.fromhex("04a8c7dd22ce28268b39b55416f0447c2fb77de107dcd2a62e880ea53eeb62d57cb4390295dbc9943ab78696fa504c11")
    assert base in out.open and b in out.open
    for name, changed in (("near", out.open.replace(b, b[:-1] + b"\x12")), ("base", out.open.replace(base, point))):
        Signer(f"state-{name}", out, authority=True, open_key=changed, title=f"state-{name}")
        by_name = Signer(f"unlisted-{name}", out, authority=True, title=f"state-{name}")
        sod(f"{name}-state", Signer(f"signer-of-{name}", key, by_name))
        sod(f"{name}-signer", Signer(f"signer-{name}", out, curve, open_key=changed))


def bad_objects(rsa, curve, key):
    signer = Signer("signer-plain", key, curve)
    sod("plain", signer)
    sod("wrong-type", signer, content_type="1.2.3.4")
    sod("dutch-type-elsewhere", signer, content_type="1.2.528.1.1006.1.20.1")
    sod("type-mismatch", signer, signed_type="2.23.136.1.1.2")
    sod("digest-wrong", signer, digest=bytes(32))
    sod("digest-short", signer, digest=hashlib.sha256(hashes_of()).digest()[:20])
    sod("signature-wrong", signer, key=Key("other", "prime256v1"))
    sod("two-signers", signer, signers=2)
    sod("no-signer", signer, signers=0)
    sod("no-attributes", signer, attributes=False)
    sod("two-digests", signer, more_attributes=[attribute("1.2.840.113549.1.9.4", octets(bytes(32)))])
    sod("two-times", signer, more_attributes=[attribute("1.2.840.113549.1.9.5", moment(NOW - 60))])
    sod("indefinite", signer, wrap=indefinite)
    sod("trailing", signer, wrap=lambda whole: whole + b"\0")
    sod("md5", Signer("signer-of-md5", Key("signer-rsa", "rsa", "md5"), curve))
    sod("md5-digest", signer, hash_name="md5")
    sod("md5-hashes", signer, hashes_of("md5"))
    digest = hashlib.sha256(DG1).digest()
    sod("group-twice", signer, hashes_of(groups=[(1, digest), (1, bytes(32))]))
    sod("group-zero", signer, hashes_of(groups=[(0, digest)]))
    sod("group-high", signer, hashes_of(groups=[(17, digest)]))
    sod("hash-short", signer, hashes_of(groups=[(1, digest[:31])]))
    sod("no-groups", signer, seq(number(0), hash_identifier("sha256"), seq()))
    sod("old-digest", signer, hashes_of("sha1"), hash_name="sha1")
    (FOLDER / "dg1").write_bytes(DG1)


def lists(curve, key):
    """Master lists below the root "state-curve"; only the first is one to believe."""
    purpose = [extension("2.5.29.37", seq(oid("2.23.136.1.1.3")), True)]
    signer = Signer("list-signer", key, curve, more=purpose)
    certificates = [curve.der, (FOLDER / "state-p384.der").read_bytes()]
    master_list("good-list", signer, certificates)
    master_list("broken-one-list", signer, [*certificates, seq(b"")])
    master_list("document-signer-list", Signer("list-by-document-signer", key, curve), certificates)
    master_list("expired-list", Signer("list-ended", key, curve, more=purpose, end=NOW - 3600), certificates)
    sod("no-list", signer, wrap=lambda whole: whole[4:])


def main():
    rsa = Signer("state-rsa", Key("rsa", "rsa"), authority=True)
    curve = Signer("state-curve", Key("curve", "prime256v1"), authority=True)
    key = Key("signer-p256", "prime256v1")
    good(rsa, curve)
    bad_signers(rsa, curve, key)
    bad_objects(rsa, curve, key)
    lists(curve, key)


main()
