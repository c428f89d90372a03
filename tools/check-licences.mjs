// Refuses dependencies whose licence does not go with Apache-2.0. `npm run check:licences`
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from './tracked-files.mjs';

const ALLOWED = new Set([
  ...['MIT', 'MIT/X11', 'ISC', '0BSD', 'BSD-2-Clause', 'BSD-3-Clause', 'Apache-2.0', 'MPL-2.0', 'BlueOak-1.0.0', 'Unlicense'],
  ...['CC0-1.0', 'Zlib', 'Python-2.0', 'OFL-1.1', 'CC-BY-4.0'],
]);

/** Packages that the rule alone would refuse, and why they may stay. Each is read again when its version changes. */
const EXCEPTIONS = [
  {
    name: /^@img\/sharp-(libvips-.*|win32-.*|wasm32)$/,
    reason: 'libvips under LGPL-3.0: an unmodified shared library of its own file, which a user may replace; named in NOTICE',
  },
  {
    name: /^buffers$/,
    reason: 'names no licence; comes with exceljs through unzipper (both MIT), which only reads spreadsheets with it; not shipped by us',
  },
  { name: /^combine-errors$/, reason: 'package.json names no licence; its README says MIT' },
];

/** Whether an SPDX expression leaves us a licence we may take. `OR` lets us choose, `AND` binds us to all. */
export function isAllowed(expression) {
  const text = expression.trim().replace(/^\((.*)\)$/, '$1');
  if (/ OR /.test(text) && !/[()]/.test(text)) return text.split(' OR ').some(isAllowed);
  if (/ AND /.test(text) && !/[()]/.test(text)) return text.split(' AND ').every(isAllowed);
  return ALLOWED.has(text);
}

const nameOf = (path) => path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length);

/** Packages of a lock file that may not be used: `name licence` lines. */
export function findRefused(lock) {
  const installed = Object.entries(lock.packages).filter(([path, entry]) => path.includes('node_modules/') && !entry.link);
  return installed
    .filter(([path, { license }]) => !isAllowed(license ?? 'none') && !EXCEPTIONS.some(({ name }) => name.test(nameOf(path))))
    .map(([path, { license }]) => `${nameOf(path)} ${license ?? 'none'}`);
}

function main() {
  const lock = JSON.parse(readFileSync(join(ROOT, 'package-lock.json'), 'utf8'));
  const refused = findRefused(lock);
  for (const line of refused) console.error(`error ${line}: not on the list of tools/check-licences.mjs`);
  console.log(`licences: ${Object.keys(lock.packages).length} packages, ${refused.length} refused`);
  if (refused.length) process.exitCode = 1;
}

if (import.meta.filename === process.argv[1]) main();
