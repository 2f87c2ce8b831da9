"""A certificate authority of a test's own, and what it signs with."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

EMAIL = ExtendedKeyUsageOID.EMAIL_PROTECTION
SERVER = ExtendedKeyUsageOID.SERVER_AUTH
DOCUMENTS = x509.ObjectIdentifier("1.3.6.1.5.5.7.3.36")
CLAIMS = x509.ObjectIdentifier("1.3.6.1.4.1.62558.2.1")


def write_pair(
    folder: Path,
    *,
    usage=EMAIL,
    days=(-1, 30),
    key=None,
    organization="Archive of Testing",
) -> tuple[Path, Path]:
    """Write a certificate with that of its authority, and its key.

    Args:
        folder: gets certificate.pem and key.pem.
        usage: what the certificate is for.
        days: from when to when it is valid, counted from now.
        key: the private key; None for a new one on P-256.
        organization: whose it is.
    """
    root = ec.generate_private_key(ec.SECP256R1())
    key = key or ec.generate_private_key(ec.SECP256R1())
    authority = (
        _begin("Authority", "Authority", root.public_key(), (-2, 60))
        .add_extension(x509.BasicConstraints(True, None), critical=True)
        .add_extension(_key_usage(key_cert_sign=True), critical=True)
        .sign(root, hashes.SHA256())
    )
    issuer = x509.AuthorityKeyIdentifier.from_issuer_public_key(
        root.public_key()
    )
    certificate = (
        _begin(organization, "Authority", key.public_key(), days)
        .add_extension(x509.BasicConstraints(False, None), critical=True)
        .add_extension(_key_usage(digital_signature=True), critical=True)
        .add_extension(x509.ExtendedKeyUsage([usage]), critical=False)
        .add_extension(issuer, critical=False)
        .sign(root, hashes.SHA256())
    )
    chain = [
        each.public_bytes(serialization.Encoding.PEM)
        for each in (certificate, authority)
    ]
    paths = folder / "certificate.pem", folder / "key.pem"
    paths[0].write_bytes(b"".join(chain))
    paths[1].write_bytes(write_key(key))
    return paths


def write_key(key, password: bytes | None = None) -> bytes:
    """Write a private key in PEM, as OpenSSL does."""
    lock = serialization.NoEncryption()
    if password:
        lock = serialization.BestAvailableEncryption(password)
    modern = isinstance(key, ed25519.Ed25519PrivateKey)
    form = serialization.PrivateFormat
    return key.private_bytes(
        serialization.Encoding.PEM,
        form.PKCS8 if modern else form.TraditionalOpenSSL,
        lock,
    )


def _begin(organization, issuer, public_key, days):
    now = datetime.now(UTC)
    start, end = (now + timedelta(days=each) for each in days)
    return (
        x509.CertificateBuilder()
        .subject_name(_name(organization))
        .issuer_name(_name(issuer))
        .public_key(public_key)
        .serial_number(x509.random_serial_number())
        .not_valid_before(start)
        .not_valid_after(end)
    )


def _name(organization):
    return x509.Name(
        [
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, organization),
            x509.NameAttribute(NameOID.COMMON_NAME, organization),
        ]
    )


def _key_usage(**used):
    names = ("digital_signature", "content_commitment", "key_encipherment")
    names += ("data_encipherment", "key_agreement", "key_cert_sign")
    names += ("crl_sign", "encipher_only", "decipher_only")
    return x509.KeyUsage(**{name: used.get(name, False) for name in names})
