// Makes test/vectors/timestamp/tokens.json anew with the `openssl` program: node --import tsx tools/make-timestamp-vectors.ts
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { makeTokenVectors } from '@lantai/anchors/testing';

const folder = mkdtempSync(join(tmpdir(), 'lantai-tokens-'));
try {
  const out = join(import.meta.dirname, '..', 'test', 'vectors', 'timestamp');
  mkdirSync(out, { recursive: true });
  writeFileSync(join(out, 'tokens.json'), `${JSON.stringify(await makeTokenVectors(folder), null, 1)}\n`);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
