"""Manifest of a bundle: docs/spec/bundle.md section 3."""

import re
import unicodedata

from canonical import from_canonical, in_code_unit_order, is_hex_32, is_integer, is_uuid
from container import is_path
from note import is_name

FORMAT = "lantai-bundle-1"
MAX_BYTES = 64 << 20
KINDS = ("audit-pack", "evidence-pack", "trace")
FIELDS = {"archiveId", "entries", "files", "format", "kind", "madeAtMs", "materials", "origin"}
NEWER = re.compile(r"lantai-bundle-[0-9]+")
MAX_CODE = 120
MAX_ORIGIN = 200


class ManifestFault(Exception):
    """`manifest-malformed` or `manifest-newer`."""


def _is_own(path):
    """Whether a path belongs to the bundle itself and to no file of the manifest (section 1)."""
    folded = path.lower()
    return folded.startswith(("manifest.", "receipts/", "anchors/", "log/")) and path != "log/keys"


def _is_code(value):
    """An archival code: 1 to 120 characters, none of them a control or format character."""
    return isinstance(value, str) and 1 <= len(value) <= MAX_CODE and not any(unicodedata.category(char) in ("Cc", "Cf") for char in value)


def _is_origin(value):
    """The name of a key (c2sp.org/signed-note), at most 200 characters."""
    return isinstance(value, str) and len(value) <= MAX_ORIGIN and is_name(value)


def _is_file(value):
    return (
        isinstance(value, dict)
        and {"byteCount", "path", "sha256"} <= value.keys() <= {"byteCount", "entryId", "path", "sha256"}
        and is_integer(value["byteCount"], 0)
        and isinstance(value["path"], str)
        and is_path(value["path"])
        and not _is_own(value["path"])
        and is_hex_32(value["sha256"])
        and ("entryId" not in value or is_uuid(value["entryId"]))
    )


def _is_material(value, paths):
    return (
        isinstance(value, dict)
        and value.keys() == {"code", "dossierId", "files", "materialId"}
        and (value["code"] is None or _is_code(value["code"]))
        and is_uuid(value["dossierId"])
        and is_uuid(value["materialId"])
        and isinstance(value["files"], list)
        and all(isinstance(path, str) and path in paths for path in value["files"])
        and len(set(value["files"])) == len(value["files"])
    )


def _are_files(files, entries):
    if not isinstance(files, list) or not all(_is_file(file) for file in files):
        return False
    paths = [file["path"] for file in files]
    claimed = [file["entryId"] for file in files if "entryId" in file]
    return (
        in_code_unit_order(paths)
        and len({path.lower() for path in paths}) == len(paths)
        and len(set(claimed)) == len(claimed)
        and set(claimed) <= set(entries)
    )


def _is_manifest(value):
    if not isinstance(value, dict) or value.keys() != FIELDS:
        return False
    entries, files, materials = value["entries"], value["files"], value["materials"]
    if not isinstance(entries, list) or not all(is_uuid(entry) for entry in entries) or not in_code_unit_order(entries):
        return False
    if not _are_files(files, entries) or not isinstance(materials, list):
        return False
    paths = {file["path"] for file in files}
    return (
        is_uuid(value["archiveId"])
        and value["kind"] in KINDS
        and is_integer(value["madeAtMs"], 0)
        and _is_origin(value["origin"])
        and "log/keys" in paths
        and all(_is_material(material, paths) for material in materials)
        and in_code_unit_order([material["materialId"] for material in materials])
    )


def parse_manifest(data):
    """The manifest that bytes spell; raises ManifestFault."""
    if data is None:
        raise ManifestFault("manifest-malformed")
    try:
        value = from_canonical(data)
    except ValueError as error:
        raise ManifestFault("manifest-malformed") from error
    kind = value.get("format") if isinstance(value, dict) else None
    if isinstance(kind, str) and NEWER.fullmatch(kind) and kind != FORMAT:
        raise ManifestFault("manifest-newer")
    if kind != FORMAT or not _is_manifest(value):
        raise ManifestFault("manifest-malformed")
    return value
