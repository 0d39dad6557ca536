"""RFC 8032 section 5.1 without cofactor, S < L, canonical A and R (srd-1 7.4)."""

from __future__ import annotations

import hashlib
import random

import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from fairdraw import ed25519

P, L = ed25519._P, ed25519._L
LONG = bytes.fromhex(
    "08b8b2b733424243760fe426a4b54908632110a66c2f6591eabd3345e3e4eb98fa6e264bf09efe12ee50f8f54e9f77b1e355f6c50544e23f"
    "b1433ddf73be84d879de7c0046dc4996d9e773f4bc9efe5738829adb26c81b37c93a1b270b20329d658675fc6ea534e0810a4432826bf58c"
    "941efb65d57a338bbd2e26640f89ffbc1a858efcb8550ee3a5e1998bd177e93a7363c344fe6b199ee5d02e82d522c4feba15452f80288a82"
    "1a579116ec6dad2b3b310da903401aa62100ab5d1a36553e06203b33890cc9b832f79ef80560ccb9a39ce767967ed628c6ad573cb116dbef"
    "efd75499da96bd68a8a97b928a8bbc103b6621fcde2beca1231d206be6cd9ec7aff6f6c94fcd7204ed3455c68c83f4a41da4af2b74ef5c53"
    "f1d8ac70bdcb7ed185ce81bd84359d44254d95629e9855a94a7c1958d1f8ada5d0532ed8a5aa3fb2d17ba70eb6248e594e1a2297acbbb39d"
    "502f1a8c6eb6f1ce22b3de1a1f40cc24554119a831a9aad6079cad88425de6bde1a9187ebb6092cf67bf2b13fd65f27088d78b7e883c8759"
    "d2c4f5c65adb7553878ad575f9fad878e80a0c9ba63bcbcc2732e69485bbc9c90bfbd62481d9089beccf80cfe2df16a2cf65bd92dd597b07"
    "07e0917af48bbb75fed413d238f5555a7a569d80c3414a8d0859dc65a46128bab27af87a71314f318c782b23ebfe808b82b0ce26401d2e22"
    "f04d83d1255dc51addd3b75a2b1ae0784504df543af8969be3ea7082ff7fc9888c144da2af58429ec96031dbcad3dad9af0dcbaaaf268cb8"
    "fcffead94f3c7ca495e056a9b47acdb751fb73e666c6c655ade8297297d07ad1ba5e43f1bca32301651339e22904cc8c42f58c30c04aafdb"
    "038dda0847dd988dcda6f3bfd15c4b4c4525004aa06eeff8ca61783aacec57fb3d1f92b0fe2fd1a85f6724517b65e614ad6808d6f6ee34df"
    "f7310fdc82aebfd904b01e1dc54b2927094b2db68d6f903b68401adebf5a7e08d78ff4ef5d63653a65040cf9bfd4aca7984a74d371459867"
    "80fc0b16ac451649de6188a7dbdf191f64b5fc5e2ab47b57f7f7276cd419c17a3ca8e1b939ae49e488acba6b965610b5480109c8b17b80e1"
    "b7b750dfc7598d5d5011fd2dcc5600a32ef5b52a1ecc820e308aa342721aac0943bf6686b64b2579376504ccc493d97e6aed3fb0f9cd71a4"
    "3dd497f01f17c0e2cb3797aa2a2f256656168e6c496afc5fb93246f6b1116398a346f1a641f3b041e989f7914f90cc2c7fff357876e506b5"
    "0d334ba77c225bc307ba537152f3f1610e4eafe595f6d9d90d11faa933a15ef1369546868a7f3a45a96768d40fd9d03412c091c6315cf4fd"
    "e7cb68606937380db2eaaa707b4c4185c32eddcdd306705e4dc1ffc872eeee475a64dfac86aba41c0618983f8741c5ef68d3a101e8a3b8ca"
    "c60c905c15fc910840b94c00a0b9d0"
)
VECTORS = {
    "TEST 1": (
        "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
        "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a", b"",
        ("e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24"
        "655141438e7a100b"),
    ),
    "TEST 2": (
        "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb",
        "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c", b"\x72",
        ("92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aee"
        "b00d291612bb0c00"),
    ),
    "TEST 3": (
        "c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7",
        "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025", b"\xaf\x82",
        ("6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28d"
        "c027beceea1ec40a"),
    ),
    "TEST 1024": (
        "f5e5767cf153319517630f226876b86c8160cc583bc013744c6bf255f5cc0ee5",
        "278117fc144c72340f67d0f2316e8386ceffbf2b2428c9c51fef7c597f1d426e", LONG,
        ("0aab4c900501b3e24d7cdf4663326a3a87df5e4843b2cbdb67cbf6e460fec350aa5371b1508f9f4528ecea23c436d94b5e8fcd4f681e30a6"
        "ac00a9704a188a03"),
    ),
}  # fmt: skip

SMALL = {
    "order 1": (1).to_bytes(32, "little"),
    "order 2": (P - 1).to_bytes(32, "little"),
    "order 4": bytes(32),
    "order 4, negative": bytes(31) + b"\x80",
    "order 8": bytes.fromhex("26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05"),
}
NOT_CANONICAL = {
    "y = p": P.to_bytes(32, "little"),
    "y = p + 1": (P + 1).to_bytes(32, "little"),
    "y = 2^255 - 1": (2**255 - 1).to_bytes(32, "little"),
    "order 1 with sign": (1 | 1 << 255).to_bytes(32, "little"),
    "order 2 with sign": (P - 1 | 1 << 255).to_bytes(32, "little"),
}


@pytest.mark.parametrize(("seed", "public", "message", "signature"), VECTORS.values(), ids=list(VECTORS))
def test_rfc_8032_vectors(seed: str, public: str, message: bytes, signature: str) -> None:
    """Section 7.1: key, signature, verification."""
    key, sig = bytes.fromhex(public), bytes.fromhex(signature)
    assert ed25519.public_key(bytes.fromhex(seed)) == key
    assert ed25519.sign(bytes.fromhex(seed), message) == sig
    assert ed25519.verify(key, message, sig)
    assert not ed25519.verify(key, message + b"\x00", sig)


def test_agrees_with_the_cryptography_library() -> None:
    """Keys, signatures and refusals over random inputs and flipped bits."""
    rng = random.Random(8032)
    for _ in range(12):
        seed, message = rng.randbytes(32), rng.randbytes(rng.randint(0, 200))
        private = Ed25519PrivateKey.from_private_bytes(seed)
        public = private.public_key().public_bytes_raw()
        signature = private.sign(message)
        assert ed25519.public_key(seed) == public
        assert ed25519.sign(seed, message) == signature
        flipped = bytearray(signature)
        flipped[rng.randrange(64)] ^= 1 << rng.randrange(8)
        for candidate in (signature, bytes(flipped)):
            assert ed25519.verify(public, message, candidate) == library(public, message, candidate)


def library(public: bytes, message: bytes, signature: bytes) -> bool:
    """The verdict of OpenSSL."""
    try:
        Ed25519PublicKey.from_public_bytes(public).verify(signature, message)
    except InvalidSignature:
        return False
    return True


def test_7_4_signature_with_s_plus_l_is_refused() -> None:
    """S ≥ L would make a second signature of the same message."""
    _, public, message, signature = (bytes.fromhex(x) if isinstance(x, str) else x for x in VECTORS["TEST 2"])
    s = int.from_bytes(signature[32:], "little")
    for other in (s + L, L):
        assert not ed25519.verify(public, message, signature[:32] + other.to_bytes(32, "little"))
    assert not ed25519.verify(public, message, signature[:32] + b"\xff" * 32)


@pytest.mark.parametrize("length", [0, 31, 33, 63, 65])
def test_7_4_keys_and_signatures_of_other_lengths_are_refused(length: int) -> None:
    """False, never an error."""
    public, signature = bytes.fromhex(VECTORS["TEST 1"][1]), bytes.fromhex(VECTORS["TEST 1"][3])
    assert not ed25519.verify(public, b"", (signature + b"\x00" * 2)[:length])
    assert not ed25519.verify((public + b"\x00" * 33)[:length], b"", signature)


@pytest.mark.parametrize("public", NOT_CANONICAL.values(), ids=list(NOT_CANONICAL))
def test_7_4_key_that_is_not_canonical_is_refused(public: bytes) -> None:
    """Even where the equation holds: R = [S]B - [k]A with A of order 1 or 2."""
    for s in range(8):
        r = ed25519._encode(ed25519._multiply(s, ed25519._B))
        assert not ed25519.verify(public, b"m", r + s.to_bytes(32, "little"))


@pytest.mark.parametrize("r", NOT_CANONICAL.values(), ids=list(NOT_CANONICAL))
def test_7_4_r_that_is_not_canonical_is_refused(r: bytes) -> None:
    """A made signature: with A of order 1 and S = 0 the equation asks R = identity."""
    assert not ed25519.verify(SMALL["order 1"], b"m", r + bytes(32))


def test_7_4_no_point_is_refused() -> None:
    """A y without x on the curve, as key and as R."""
    off_curve = (2).to_bytes(32, "little")
    assert ed25519._decode(off_curve) is None
    assert not ed25519.verify(off_curve, b"m", bytes(64))
    assert not ed25519.verify(bytes.fromhex(VECTORS["TEST 1"][1]), b"", off_curve + bytes(32))


@pytest.mark.parametrize("public", SMALL.values(), ids=list(SMALL))
def test_7_4_small_order_key_follows_the_equation_without_cofactor(public: bytes) -> None:
    """RFC 8032 5.1.7 does not forbid such keys; [S]B = R + [k]A decides exactly."""
    a = ed25519._decode(public)
    assert a is not None
    outcomes = []
    for i in range(24):
        message = b"message %d" % i
        r = ed25519._encode(ed25519._multiply(5, ed25519._B))
        k = int.from_bytes(hashlib.sha512(r + public + message).digest(), "little") % L
        holds = ed25519._encode(ed25519._multiply(k, a)) == SMALL["order 1"]
        outcomes.append(ed25519.verify(public, message, r + (5).to_bytes(32, "little")))
        assert outcomes[-1] == holds
    assert any(outcomes)
    assert all(outcomes) == (public == SMALL["order 1"])


def test_7_4_no_cofactor_is_cleared() -> None:
    """R shifted by a point of order 8: with the cofactor this would verify."""
    seed, message = bytes(range(32)), b"m"
    scalar, _ = ed25519._secret_scalar(seed)
    public, torsion = ed25519.public_key(seed), ed25519._decode(SMALL["order 8"])
    assert torsion is not None
    r = ed25519._encode(ed25519._add(ed25519._multiply(7, ed25519._B), torsion))
    k = int.from_bytes(hashlib.sha512(r + public + message).digest(), "little") % L
    signature = r + ((7 + k * scalar) % L).to_bytes(32, "little")
    assert not ed25519.verify(public, message, signature)
    assert not library(public, message, signature)
