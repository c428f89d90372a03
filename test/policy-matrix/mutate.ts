// Takes every line, and every part of every line, out of the default policy, one at a time, and says which the matrix does not miss.
//   node --import tsx test/policy-matrix/mutate.ts
import { DEFAULT_POLICY, loadPolicy } from '@lantai/policy/document';
import { failuresOf } from './check-cases.ts';
import { readMatrix } from './matrix.ts';
import { withoutEachLine, withoutEachPart } from './mutants.ts';

const policy = loadPolicy(DEFAULT_POLICY);
const { cases } = readMatrix();
const survivors = (mutants: ReturnType<typeof withoutEachLine>) => mutants.filter((m) => !failuresOf(m.policy, cases).length);
const lines = withoutEachLine(policy);
const parts = withoutEachPart(policy);
const [wholeLeft, partsLeft] = [survivors(lines), survivors(parts)];
console.log(
  `${cases.length} cases; ${lines.length} lines taken out, ${wholeLeft.length} unmissed; ${parts.length} parts, ${partsLeft.length} unmissed`,
);
for (const { name } of [...wholeLeft, ...partsLeft]) console.log(`  unmissed: ${name}`);
process.exitCode = wholeLeft.length ? 1 : 0;
