"""Certificates for 127.0.0.1 that sign themselves, made anew for a test that speaks TLS."""

import ssl
from collections.abc import Callable, Container
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from itertools import count
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

_HOST = "127.0.0.1"


def now_and_then_untrusted(
    trusted: ssl.SSLContext, other: ssl.SSLContext, handshakes: Container[int], shown: Callable[[], None]
) -> None:
    """In the handshakes of these numbers (0, 1, ...) a server shows the certificate of `other`."""
    numbers = count()

    def choose(connection: ssl.SSLObject, name: str | None, context: ssl.SSLContext) -> None:
        if next(numbers) in handshakes:
            connection.context = other
            shown()

    trusted.sni_callback = choose


def server_context(folder: Path) -> tuple[ssl.SSLContext, Path]:
    """A server's context, and the file that makes a client trust it."""
    folder.mkdir()
    key = ec.generate_private_key(ec.SECP256R1())
    path = folder / "certificate.pem"
    path.write_bytes(_certificate(key).public_bytes(serialization.Encoding.PEM))
    key_path = folder / "key.pem"
    key_path.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(path, key_path)
    return context, path


def _certificate(key: ec.EllipticCurvePrivateKey) -> x509.Certificate:
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, _HOST)])
    now = datetime.now(UTC)
    builder = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
    builder = builder.serial_number(x509.random_serial_number())
    builder = builder.not_valid_before(now - timedelta(days=1)).not_valid_after(now + timedelta(days=1))
    names = x509.SubjectAlternativeName([x509.IPAddress(ip_address(_HOST))])
    return builder.add_extension(names, critical=False).sign(key, hashes.SHA256())
