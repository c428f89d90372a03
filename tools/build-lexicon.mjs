// Makes pairs.bin out of the word list of @node-rs/jieba (MIT): how much two characters attract each other inside words.
// Read by lib/reading/src/lexicon.ts, where the format is described.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

const MIN_COUNT = 3;
const SCALE = 30;

/** The bytes of pairs.bin. */
export function buildLexicon() {
  const folder = dirname(createRequire(import.meta.url).resolve('@node-rs/jieba/package.json'));
  const words = readFileSync(join(folder, 'dict.txt'), 'utf8').split('\n');
  const pairs = new Map();
  const singles = new Map();
  let total = 0;
  for (const line of words) {
    const [word, countText] = line.split(' ');
    const count = Number(countText);
    if (!count || !/^\p{Script=Han}+$/u.test(word)) continue;
    const units = [...word].map((c) => c.codePointAt(0));
    if (units.some((u) => u > 0xffff)) continue;
    units.forEach((u, i) => {
      singles.set(u, (singles.get(u) ?? 0) + count);
      total += count;
      if (i) {
        const key = units[i - 1] * 0x10000 + u;
        pairs.set(key, (pairs.get(key) ?? 0) + count);
      }
    });
  }
  const kept = [];
  for (const [key, count] of pairs) {
    if (count < MIN_COUNT) continue;
    const independent = (singles.get(Math.floor(key / 0x10000)) * singles.get(key % 0x10000)) / total;
    const attraction = Math.min(8, Math.log(count / independent)) * (count / (count + 8));
    const weight = Math.round(attraction * SCALE);
    if (weight > 0) kept.push([key, Math.min(255, weight)]);
  }
  kept.sort((a, b) => a[0] - b[0]);
  const bytes = new Uint8Array(8 + kept.length * 5);
  const view = new DataView(bytes.buffer);
  bytes.set([0x4c, 0x54, 0x50, 0x31]);
  view.setUint32(4, kept.length, true);
  kept.forEach(([key, weight], i) => {
    view.setUint32(8 + i * 4, key, true);
    bytes[8 + kept.length * 4 + i] = weight;
  });
  return bytes;
}
