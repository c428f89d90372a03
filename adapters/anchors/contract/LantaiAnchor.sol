// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.20;

/// Keeps the roots of checkpoints of Lantai logs (docs/spec/anchor.md). Anybody may write, each sender under its own address alone:
/// a reader believes one sender for one log. Nothing is ever overwritten, so a sender that says two things of one size is refused.
contract LantaiAnchor {
    /// A checkpoint was kept. `log` is SHA-256 of the log's origin, `root` the RFC 6962 root over its first `size` entries.
    event Anchored(address indexed sender, bytes32 indexed log, uint64 indexed size, bytes32 root);

    /// The sender has kept another root for this size before: two histories.
    error RootDiffers(bytes32 known);

    mapping(address => mapping(bytes32 => mapping(uint64 => bytes32))) private roots;

    /// Keeps a checkpoint. Doing it again changes nothing and costs little; no event is given the second time.
    function anchor(bytes32 log, uint64 size, bytes32 root) external {
        bytes32 known = roots[msg.sender][log][size];
        if (known == root && known != 0) return;
        if (known != 0) revert RootDiffers(known);
        roots[msg.sender][log][size] = root;
        emit Anchored(msg.sender, log, size, root);
    }

    /// The root that a sender kept; zero when none.
    function rootOf(address sender, bytes32 log, uint64 size) external view returns (bytes32) {
        return roots[sender][log][size];
    }
}
