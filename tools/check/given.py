"""What was given on the command line: files, verifier keys, roots of time-stamp authorities."""

import os
from hashlib import sha256

from certificate import parse_pem
from container import FolderContainer, ZipContainer
from der import DerFault


class UsageFault(Exception):
    """What is wrong with the command line."""


def read_file(path, count=-1):
    """Bytes of a file, or its first so many."""
    with open(path, "rb") as file:
        return file.read(count)


def digest_of(path):
    """SHA-256 of a file, read in pieces."""
    digest = sha256()
    with open(path, "rb") as file:
        while piece := file.read(1 << 20):
            digest.update(piece)
    return digest.digest()


def key_texts(values):
    """Verifier keys, one a line, of files or of the command line itself."""
    texts = []
    for value in values or []:
        texts += read_file(value).decode("utf-8", "replace").split("\n") if os.path.exists(value) else [value]
    return [text.strip() for text in texts if text.strip()]


def roots_of(path):
    """Roots of time-stamp authorities that are believed."""
    try:
        roots = parse_pem(read_file(path)) if path else []
    except (DerFault, ValueError) as error:
        raise UsageFault("--tsa-roots is no PEM of certificates") from error
    if path and not roots:
        raise UsageFault("--tsa-roots is no PEM of certificates")
    return roots


def open_container(path):
    """A zip or a folder."""
    return FolderContainer(path) if os.path.isdir(path) else ZipContainer(open(path, "rb"))
