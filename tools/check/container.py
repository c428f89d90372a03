"""The container of a bundle, a zip of one fixed form or a folder: docs/spec/bundle.md sections 1 and 2. Nothing is unpacked; members are read in pieces."""

import os
import re
import stat
from struct import pack, unpack
from zlib import crc32

PIECE = 1 << 20
MAX_MEMBERS = 65534
MAX_ZIP_BYTES = 2**32 - 1
MAX_PATH_PARTS = 8
MAX_FOLDERS = 64
PART = re.compile(r"[A-Za-z0-9_][A-Za-z0-9._-]{0,79}")
DEVICE = re.compile(r"(?:con|prn|aux|nul|com[0-9]|lpt[0-9])(?:\..*)?", re.IGNORECASE)
DATE_1980 = 0x21


class ContainerFault(Exception):
    """A fault of the container: code without `bundle/`, and the member it concerns, or None."""

    def __init__(self, code, path=None):
        super().__init__(code)
        self.code, self.path = code, path


def is_path(path):
    """Whether a path is of section 1."""
    parts = path.split("/")
    return len(parts) <= MAX_PATH_PARTS and all(
        PART.fullmatch(part) and not part.endswith(".") and not DEVICE.fullmatch(part) for part in parts
    )


class _Members:
    """Members in the order of the container; paths that differ in case alone are one path."""

    def __init__(self):
        self.sizes = {}
        self._folded = set()

    def add(self, path, size):
        if not is_path(path):
            raise ContainerFault("path", path)
        if path.lower() in self._folded:
            raise ContainerFault("duplicate", path)
        self._folded.add(path.lower())
        self.sizes[path] = size


class ZipContainer:
    """A zip of section 2, opened from a file that can seek; raises ContainerFault."""

    def __init__(self, file):
        self._file = file
        self._length = file.seek(0, os.SEEK_END)
        self._places = {}
        self.rotten = []
        self._members = _Members()
        self._read_directory()
        self.sizes = self._members.sizes

    def _at(self, offset, count):
        self._file.seek(offset)
        return self._file.read(count)

    def _read_directory(self):
        if self._at(0, 4) not in (b"PK\x03\x04", b"PK\x05\x06"):
            raise ContainerFault("not-zip")
        end = self._at(self._length - 22, 22) if self._length >= 22 else b""
        if end[:4] != b"PK\x05\x06":
            raise ContainerFault("truncated")
        disk, disk_of, here, count, size, offset = unpack("<HHHHII", end[4:20])
        if (disk, disk_of) != (0, 0) or here != count or count > MAX_MEMBERS or self._length > MAX_ZIP_BYTES or end[20:] != b"\0\0":
            raise ContainerFault("zip-form")
        if offset + size + 22 != self._length:
            raise ContainerFault("zip-form")
        self._read_entries(self._at(offset, size), count, offset)

    def _read_entries(self, directory, count, directory_offset):
        place, begin = 0, 0
        for _ in range(count):
            header = directory[place : place + 46]
            if len(header) != 46:
                raise ContainerFault("zip-form")
            flags, method = unpack("<HH", header[8:12])
            crc, packed, size, name_length = unpack("<IIIH", header[16:30])
            name = directory[place + 46 : place + 46 + name_length]
            path = "".join(chr(byte) if 32 <= byte < 127 else "?" for byte in name)
            if flags & 1:
                raise ContainerFault("encrypted", path)
            if method:
                raise ContainerFault("compressed", path)
            if unpack("<I", header[42:])[0] != begin:
                raise ContainerFault("overlap", path)
            self._members.add(path, size)
            if header != self._central_header(crc, size, name, begin):
                raise ContainerFault("zip-form", path)
            self._places[path] = (begin, crc, name)
            place += 46 + name_length
            begin += 30 + name_length + size
        if place != len(directory):
            raise ContainerFault("zip-form")
        if begin != directory_offset:
            raise ContainerFault("overlap")

    @staticmethod
    def _common(crc, size, name):
        return pack("<HHHHHIIIHH", 20, 0, 0, 0, DATE_1980, crc, size, size, len(name), 0)

    def _central_header(self, crc, size, name, begin):
        return b"PK\x01\x02" + pack("<H", 20) + self._common(crc, size, name) + pack("<HHHII", 0, 0, 0, 0, begin)

    def pieces(self, path):
        """The bytes of a member in pieces; raises ContainerFault when its local header is not what the directory says. A member whose checksum is
        not of its bytes is noted in `rotten`: what is wrong with the bytes themselves is said first."""
        begin, crc, name = self._places[path]
        local = b"PK\x03\x04" + self._common(crc, self.sizes[path], name) + name
        if self._at(begin, len(local)) != local:
            raise ContainerFault("zip-form", path)
        offset, left, found = begin + len(local), self.sizes[path], 0
        while left:
            piece = self._at(offset, min(left, PIECE))
            found, offset, left = crc32(piece, found), offset + len(piece), left - len(piece)
            yield piece
        if found != crc:
            self.rotten.append(path)


class FolderContainer:
    """A folder without links and special files; raises ContainerFault."""

    def __init__(self, folder):
        self._folder = folder
        self.rotten = ()
        self._members = _Members()
        self._walk("")
        self.sizes = self._members.sizes

    def _walk(self, prefix):
        """Files in the order of their names; folders count for nothing but the files in them."""
        with os.scandir(os.path.join(self._folder, prefix)) as found:
            items = sorted(found, key=lambda one: one.name)
        for item in items:
            path, kind = prefix + item.name, item.stat(follow_symlinks=False).st_mode
            if stat.S_ISDIR(kind):
                if path.count("/") >= MAX_FOLDERS:
                    raise ContainerFault("path", path)
                self._walk(path + "/")
            elif stat.S_ISREG(kind):
                self._members.add(path, item.stat(follow_symlinks=False).st_size)
            else:
                raise ContainerFault("not-a-file", path)

    def pieces(self, path):
        """The bytes of a member in pieces."""
        with open(os.path.join(self._folder, *path.split("/")), "rb") as file:
            while piece := file.read(PIECE):
                yield piece
