import { findNoteVerifier, type NoteSigner, type NoteVerifier } from '@lantai/log';
import { nodePrimitives } from '@lantai/primitives-node';
import { ArchiveError } from '@lantai/values';

/**
 * Which keys sign a checkpoint: as many changes as its own tree announces, so many generations after the first. So nobody ever meets a signature
 * by a key that the log has not announced, and a key that was replaced signs nothing more.
 */
export class SigningKeys {
  #verifiers: { readonly of: readonly (readonly NoteSigner[])[]; readonly list: readonly NoteVerifier[] } | null = null;

  /**
   * @param generations the signers of every generation, the first one first
   * @param follows whether the log's changes of keys choose among them
   */
  constructor(
    readonly generations: () => readonly (readonly NoteSigner[])[],
    readonly follows: boolean,
  ) {}

  /**
   * The signers of a checkpoint whose tree holds so many changes.
   * @throws ArchiveError `log/key-differs` (caller) when the key store is older than the log
   */
  signersAfter(keyChanges: number): readonly NoteSigner[] {
    const generations = this.generations();
    const signers = this.follows ? generations[keyChanges] : generations.at(-1);
    if (!signers) throw new ArchiveError('log/key-differs', 'caller', { generation: keyChanges });
    return signers;
  }

  /** The keys of every generation: any may have signed a checkpoint of before. */
  verifiers(): readonly NoteVerifier[] {
    const of = this.generations();
    if (this.#verifiers?.of !== of) {
      const list = of.flat().map((signer) => findNoteVerifier(nodePrimitives, signer.verifierKey));
      this.#verifiers = { of, list: list.filter((v) => v !== null) };
    }
    return this.#verifiers.list;
  }
}
