"""The Merkle tree of RFC 6962 section 2.1 and its proofs, checked as RFC 9162 sections 2.1.3.2 and 2.1.4.2 say (docs/spec/log.md section 1)."""

from hashlib import sha256


def leaf_hash(entry):
    """Hash of a leaf."""
    return sha256(b"\0" + entry).digest()


def node_hash(left, right):
    """Hash of an inner node."""
    return sha256(b"\1" + left + right).digest()


def inclusion_fault(position, size, leaf, path, root):
    """Why a proof does not lead from a leaf hash to the root of `size` leaves, or None when it does."""
    if position >= size:
        return "position-outside"
    if any(len(step) != 32 for step in [leaf, root, *path]):
        return "hash-length"
    inner = (position ^ (size - 1)).bit_length()
    if len(path) != inner + (position >> inner).bit_count():
        return "proof-length"
    node, index, last = leaf, position, size - 1
    for step in path:
        if index & 1 or index == last:
            node = node_hash(step, node)
            while not index & 1 and index:
                index, last = index >> 1, last >> 1
        else:
            node = node_hash(node, step)
        index, last = index >> 1, last >> 1
    return None if node == root else "root-differs"


def consistency_holds(first, second, first_root, second_root, path):
    """Whether a proof shows that the tree of `second` leaves continues that of `first` leaves. From an empty tree nothing is proved."""
    if not 0 < first <= second:
        return False
    if first == second:
        return not path and first_root == second_root
    if first & (first - 1) == 0:
        path = [first_root, *path]
    if not path:
        return False
    index, last = first - 1, second - 1
    while index & 1:
        index, last = index >> 1, last >> 1
    old = new = path[0]
    for step in path[1:]:
        if last == 0:
            return False
        if index & 1 or index == last:
            old, new = node_hash(step, old), node_hash(step, new)
            while not index & 1 and index:
                index, last = index >> 1, last >> 1
        else:
            new = node_hash(new, step)
        index, last = index >> 1, last >> 1
    return last == 0 and old == first_root and new == second_root


class GrowingTree:
    """A tree that takes leaves in order and keeps only the roots of its full subtrees."""

    def __init__(self):
        self.size = 0
        self._peaks = []

    def add(self, leaf):
        """Appends a leaf hash."""
        count, node = self.size, leaf
        while count & 1:
            node, count = node_hash(self._peaks.pop(), node), count >> 1
        self._peaks.append(node)
        self.size += 1

    def root(self):
        """Root of what was added so far; of nothing, the hash of nothing."""
        if not self._peaks:
            return sha256(b"").digest()
        node = self._peaks[-1]
        for peak in reversed(self._peaks[:-1]):
            node = node_hash(peak, node)
        return node
