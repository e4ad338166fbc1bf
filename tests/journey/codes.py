# SPDX-License-Identifier: EUPL-1.2
#
# Every bad code in the world: forged beside a running desk with the key its townhall made, or just
# lying about. Each comes with the phrase the kiosk must answer it with.
import base64
import hashlib
import hmac
import json
import re
import subprocess
import time
import uuid

from desk import ROOT
from screen import PATIENCE_S, Lost

ISSUER = "https://portaal.voorbeeldstad.example"
ACR = "urn:oasis:names:tc:SAML:2.0:ac:classes:MobileTwoFactorContract"
UNKNOWN, CARD, TICKET = "message.code_unknown", "message.code_card", "message.code_ticket"
EXPIRED, OTHER_HALL, INVALID = "message.code_expired", "message.code_other_hall", "message.code_invalid"
USED = "message.code_used"
LINK_EXPIRED, LINK_USED, LOGIN = "message.link_expired", "message.link_used", "message.form_login"


LINK = "/submissions/db530851-200a-40f3-8aec-1618638a7a46/7av-9c45bd8ac14848ab8e13/resume"


def b64(data):
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def compact(value):
    return b64(json.dumps(value, separators=(",", ":")).encode())


class Forge:
    """Signs tokens of any content with the portal's own key, or with another."""

    def __init__(self, desk):
        self.key = desk.folder / "town/portal.key"
        self.other_key = desk.folder / "other.key"
        jwk = json.loads((desk.folder / "town/portal.jwks").read_text(encoding="utf-8"))["keys"][0]
        self.kid = jwk["kid"]
        subprocess.run(["openssl", "ecparam", "-name", "prime256v1", "-genkey", "-noout", "-out", self.other_key],
                       check=True, capture_output=True)
        self.public = subprocess.run(["openssl", "ec", "-in", self.key, "-pubout"], check=True, capture_output=True).stdout

    def header(self, **changes):
        return {"alg": "ES256", "typ": "JWT", "kid": self.kid, **changes}

    def claims(self, **changes):
        now = int(time.time())
        whole = {"iss": ISSUER, "aud": "stadhuis", "iat": now, "exp": now + 300, "jti": str(uuid.uuid4()), "acr": ACR,
                 **changes}
        return {name: value for name, value in whole.items() if value is not None}

    def sign(self, header, claims, key=None):
        signed = f"{compact(header)}.{compact(claims)}"
        der = subprocess.run(["openssl", "dgst", "-sha256", "-sign", key or self.key], input=signed.encode(), check=True,
                             capture_output=True).stdout
        return f"{signed}.{b64(raw_signature(der))}"

    def hs256(self):
        signed = f"{compact(self.header(alg='HS256'))}.{compact(self.claims())}"
        return f"{signed}.{b64(hmac.new(self.public, signed.encode(), hashlib.sha256).digest())}"


def raw_signature(der):
    """SEQUENCE of two INTEGERs into twice 32 bytes; all lengths are below 128."""
    r_len = der[3]
    r = int.from_bytes(der[4:4 + r_len], "big")
    s = int.from_bytes(der[6 + r_len:6 + r_len + der[5 + r_len]], "big")
    return r.to_bytes(32, "big") + s.to_bytes(32, "big")


def flipped(token):
    """The signature with one bit the other way round: not its last letter, whose low bits carry nothing."""
    head, signature = token.rsplit(".", 1)
    letter = "B" if signature[4] == "A" else "A"
    return f"{head}.{signature[:4]}{letter}{signature[5:]}"


def bad_tokens(desk):
    """(name, text, phrase) of everything that looks like a live token and is none."""
    forge = Forge(desk)
    now = int(time.time())
    good = forge.sign(forge.header(), forge.claims())
    minted = desk.ask_town("POST", "/demo/tokens", {"resident": "nadia", "kind": "forged"})["code"]
    return [
        ("never minted", good, UNKNOWN),
        ("expired", forge.sign(forge.header(), forge.claims(iat=now - 3600, exp=now - 3300)), EXPIRED),
        ("for another hall", forge.sign(forge.header(), forge.claims(aud="elders")), OTHER_HALL),
        ("one bit of the signature", flipped(good), INVALID),
        ("one letter of a minted one", minted, INVALID),
        ("another key, same kid", forge.sign(forge.header(), forge.claims(), forge.other_key), INVALID),
        ("unknown kid", forge.sign(forge.header(kid="nobody"), forge.claims()), INVALID),
        ("alg none, no signature", f"{compact(forge.header(alg='none'))}.{compact(forge.claims())}.", UNKNOWN),
        ("alg none, signed", forge.sign(forge.header(alg="none"), forge.claims()), INVALID),
        ("alg HS256 by the public key", forge.hs256(), UNKNOWN),
        ("alg HS256, signed", forge.sign(forge.header(alg="HS256"), forge.claims()), INVALID),
        ("an extra header", forge.sign(forge.header(crit=["exp"]), forge.claims()), INVALID),
        ("an embedded key", forge.sign(forge.header(jwk={"kty": "EC"}), forge.claims()), INVALID),
        ("a subject", forge.sign(forge.header(), forge.claims(sub="somebody")), INVALID),
        ("lives a day", forge.sign(forge.header(), forge.claims(exp=now + 86400)), EXPIRED),
        ("not yet issued", forge.sign(forge.header(), forge.claims(iat=now + 600, exp=now + 800)), EXPIRED),
        ("ends before it begins", forge.sign(forge.header(), forge.claims(exp=now - 1)), EXPIRED),
        ("no jti", forge.sign(forge.header(), forge.claims(jti=None)), INVALID),
        ("4 KB long", forge.sign(forge.header(), forge.claims(jti="j" * 2800))[:4096], UNKNOWN),
        ("8 KB long", forge.sign(forge.header(), forge.claims(jti="j" * 6000))[:8192], UNKNOWN),
    ]


def links(desk):
    """Links of forms that the town's Open Forms does not open: past their days, sent already, behind a login, and one
    that was never given out."""
    held = {who: desk.ask_town("POST", "/demo/tokens", {"resident": who, "kind": "draft"})["code"]
            for who in ("mies", "lars", "pieter")}
    return [("a form's link past its days", held["mies"], LINK_EXPIRED),
            ("a form's link, sent already", held["lars"], LINK_USED),
            ("a form's link behind a login", held["pieter"], LOGIN),
            ("a form's link never given out", held["lars"].replace("-0e9f", "-1e9f"), LINK_USED)]


def other_codes():
    """Everything else that may be held under a scanner. The numbers belong to nobody."""
    return [
        ("empty", "", UNKNOWN),
        ("spaces", "    ", UNKNOWN),
        ("a letter of another town", "KR1:" + "0" * 24, UNKNOWN),
        ("a letter, damaged", "KR1:abc", UNKNOWN),
        ("a number of ours", "KQ1:B042:" + "0" * 24, TICKET),
        ("a web address", "https://www.example.org/?code=1234", UNKNOWN),
        ("a form's link of another host", f"https://forms.example.org{LINK}", UNKNOWN),
        ("a form's link without TLS", f"http://forms.example.org{LINK}", UNKNOWN),
        ("a form's link of another port", f"http://127.0.0.1:1/openforms{LINK}", UNKNOWN),
        ("a form's link with a user", f"https://user@forms.example.org{LINK}", UNKNOWN),
        ("a form's link that leads on", f"https://forms.example.org{LINK}?next=//example.com", UNKNOWN),
        ("a card with lines", "BEGIN:VCARD\r\nVERSION:3.0\r\nFN:Jan Modaal\r\nEND:VCARD\r\n", UNKNOWN),
        ("a wireless network", "WIFI:T:WPA;S:thuis;P:geheim;;", UNKNOWN),
        ("a health certificate", "HC1:6BFOXN%TSMAHN-H3ZSUZK+.V0ET9%6-AH-R61RO RFT5DM*70", UNKNOWN),
        ("a number that passes the eleven test", "111222333", CARD),
        ("one that does not", "111222334", UNKNOWN),
        ("a machine readable zone", "I<NLDSPECI20142<<<<<<<<<<<<<<<\n6503101F2403096NLD<<<<<<<<<<<8\n"
                                    "DE<BRUIJN<<WILLEKE<LISELOTTE<<", UNKNOWN),
        ("no text at all", bytes(range(256)), UNKNOWN),
        ("text with a zero in it", b"KR1:\0" + b"0" * 23, UNKNOWN),
        ("pictures", "\U0001F600" * 40, UNKNOWN),
        ("words that run backwards", "\u202egro.elpmaxe.www//:sptth", UNKNOWN),
        ("4096 digits", "7" * 4096, UNKNOWN),
    ]


def phrases(language):
    """The words of one language as its PO file has them, without plural forms."""
    text = (ROOT / f"assets/strings/{language}.po").read_text(encoding="utf-8")
    pairs = re.findall(r'^msgid "(.+)"\nmsgstr "(.*)"$', text, re.M)
    return {key: words.replace("\\n", "\n").replace('\\"', '"') for key, words in pairs}


def answer(desk, code, said):
    """Holds a code under the kiosk's scanner; gives the title shown, the advice, and how long it took."""
    kiosk = desk.screens["kiosk"]
    began = time.perf_counter()
    desk.hold_bytes(code if isinstance(code, bytes) else code.encode())
    while time.perf_counter() - began < PATIENCE_S:
        shown = {node["id"]: node["name"] for node in kiosk.nodes()}
        if "message" in shown:
            return shown.get("title"), shown.get("so"), (time.perf_counter() - began) * 1000
        time.sleep(0.001)
    raise Lost(f"the kiosk says nothing; there is: {', '.join(shown)}; expected {said}")


def back_to_welcome(desk):
    desk.screens["kiosk"].click("again")
    desk.screens["kiosk"].see("welcome")
