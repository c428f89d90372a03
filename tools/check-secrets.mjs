// Refuses secrets, paths of one machine and addresses of one network in the repository. `npm run check:secrets`
import { lstatSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { listTrackedFiles, ROOT } from './tracked-files.mjs';

/** What must not be there, and why. Written so that this file does not find itself. */
export const FORBIDDEN = [
  { what: 'a private key', pattern: /-----BEGIN (?:[A-Z]+ )*PRIVATE[ ]KEY-----/ },
  {
    what: 'an access key',
    pattern: /\b(?:AKIA|ASIA)[0-9A-Z]{16}\b|\bgh[pousr]_[A-Za-z0-9]{36}\b|\bnpm_[A-Za-z0-9]{36}\b|\bxox[abps]-[0-9A-Za-z-]{20,}/,
  },
  { what: 'a token of a registry', pattern: /_authToken\s*=\s*[^$\s]/ },
  {
    what: 'an address that holds a password',
    pattern: /\b(?:postgres(?:ql)?|https?|redis|amqp):\/\/[^\s:/@'"`${<]+:[^\s@'"`${<]{6,}@(?!host\b|localhost\b|127\.0\.0\.1)[a-z0-9]/i,
  },
  {
    what: "a path of somebody's machine",
    pattern:
      /(?:^|[\s'"`=(:])\/(?:work\/(?:main|shared)|root\/[a-z]|home\/(?!you\b|user\b|lantai\b)[a-z][\w-]*\/|Users\/(?!you\b)[A-Za-z][\w-]*\/)/m,
  },
  { what: 'the place a package was fetched from', pattern: /"resolved":\s*"https?:\/\/(?!registry\.npmjs\.org\/)/ },
];

const SIZE_MAX_BYTES = 5 * 1024 * 1024;
const isText = (bytes) => !bytes.subarray(0, 8000).includes(0);

/** What is wrong with a text: `line: what` each. */
export function findForbidden(text) {
  return FORBIDDEN.flatMap(({ what, pattern }) => {
    const match = pattern.exec(text);
    return match ? [`${text.slice(0, match.index + 1).split('\n').length}: ${what}`] : [];
  });
}

function main() {
  const found = [];
  const names = listTrackedFiles();
  for (const name of names) {
    const path = join(ROOT, name);
    const stat = lstatSync(path);
    if (!stat.isFile() || stat.size > SIZE_MAX_BYTES) continue;
    const bytes = readFileSync(path);
    if (isText(bytes)) found.push(...findForbidden(bytes.toString('utf8')).map((line) => `${name}:${line}`));
  }
  for (const line of found) console.error(`error ${line}`);
  console.log(`secrets: ${names.length} files, ${found.length} found`);
  if (found.length) process.exitCode = 1;
}

if (import.meta.filename === process.argv[1]) main();
