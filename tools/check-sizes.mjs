// Holds the size of files and names functions that grew too long. `npm run check:sizes`
//   fails: a source file of more than 400 lines · warns: one of more than 250, a function of more than 60
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';
import { listTrackedFiles, ROOT } from './tracked-files.mjs';

const FILE_MAX_LINES = 400;
const FILE_AIM_LINES = 250;
const FUNCTION_MAX_LINES = 60;

const SOURCE = /\.(ts|tsx|mjs|cjs|js|sql|css)$/;
/** Generated, or data in the form of source: read by programs, not by people. */
const EXEMPT = [/^contract\/src\/client\/schema\.ts$/, /(^|\/)vectors\//, /(^|\/)data\//, /\.data\.ts$/, /^samples\//];

/** Lines of text, without a last empty one. */
export function countLines(text) {
  return text === '' ? 0 : text.split('\n').length - (text.endsWith('\n') ? 1 : 0);
}

const isFunction = (node) =>
  ts.isFunctionDeclaration(node) ||
  ts.isFunctionExpression(node) ||
  ts.isArrowFunction(node) ||
  ts.isMethodDeclaration(node) ||
  ts.isConstructorDeclaration(node);

function nameOf(node) {
  const named = node.name ?? (ts.isVariableDeclaration(node.parent) || ts.isPropertyAssignment(node.parent) ? node.parent.name : undefined);
  return named ? named.getText() : '(no name)';
}

/** Functions of more than `max` lines: their names, first lines and lengths. */
export function findLongFunctions(name, text, max = FUNCTION_MAX_LINES) {
  const file = ts.createSourceFile(name, text, ts.ScriptTarget.ES2023, true);
  const found = [];
  const visit = (node) => {
    if (isFunction(node)) {
      const first = file.getLineAndCharacterOfPosition(node.getStart()).line + 1;
      const lines = file.getLineAndCharacterOfPosition(node.getEnd()).line + 2 - first;
      if (lines > max) found.push({ name: nameOf(node), line: first, lines });
    }
    ts.forEachChild(node, visit);
  };
  visit(file);
  return found;
}

function main() {
  const sources = listTrackedFiles().filter((name) => SOURCE.test(name) && !EXEMPT.some((pattern) => pattern.test(name)));
  const tooLong = [];
  const warnings = [];
  for (const name of sources) {
    const text = readFileSync(join(ROOT, name), 'utf8');
    const lines = countLines(text);
    if (lines > FILE_MAX_LINES) tooLong.push(`${name}: ${lines} lines, the stop is ${FILE_MAX_LINES}`);
    else if (lines > FILE_AIM_LINES) warnings.push(`${name}: ${lines} lines, the aim is ${FILE_AIM_LINES}`);
    // A describe block of a test is a list of sentences, not a function to understand at once.
    if (!/\.(sql|css)$/.test(name) && !/\.test\.tsx?$/.test(name)) {
      for (const f of findLongFunctions(name, text))
        warnings.push(`${name}:${f.line}: ${f.name} has ${f.lines} lines, the aim is ${FUNCTION_MAX_LINES}`);
    }
  }
  for (const line of warnings) console.warn(`warning ${line}`);
  for (const line of tooLong) console.error(`error ${line}`);
  console.log(`sizes: ${sources.length} files, ${tooLong.length} too long, ${warnings.length} warnings`);
  if (tooLong.length) process.exitCode = 1;
}

if (import.meta.filename === process.argv[1]) main();
