// Builds what runs into dist/: bundles of the programs, migrations, schemes, the reader's weights and the web page.
//   node tools/build.mjs [--quiet]
// Each step is skipped when nothing it was made from has changed. A step whose source is not there is left out.
import { createHash } from 'node:crypto';
import { cpSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { fingerprint, listFiles, Stamps } from './build-stamp.mjs';

const ROOT = resolve(dirname(fileURLToPath(import.meta.url)), '..');
const DIST = join(ROOT, 'dist');
const at = (...names) => join(ROOT, ...names);

/** Bundles: the file in dist, and where it begins. */
const PROGRAMS = [
  ['cli.mjs', 'apps/cli/src/main.ts'],
  ['server.mjs', 'apps/server/src/main.ts'],
  ['decoder-child.mjs', 'apps/server/src/children/decoder-child.ts'],
  ['reader-child.mjs', 'apps/server/src/children/reader-child.ts'],
  ['propose-worker.mjs', 'apps/server/src/proposing/propose-worker.ts'],
  ['learn-worker.mjs', 'apps/server/src/learning/learn-worker.ts'],
  ['copy-worker.mjs', 'apps/server/src/copies/copy-worker.ts'],
  ['sheet-worker.mjs', 'apps/server/src/catalogue/sheet-worker.ts'],
];

/** Folders copied as they are: the folder in dist, its source, and which files. */
const COPIES = [
  ['migrations', 'apps/server/src/db/migrations', '.sql'],
  ['schemes', 'schemes', '.yaml'],
  ['schemes/pages', 'schemes/pages', '.yaml'],
  ['schemes/quality', 'schemes/quality', '.yaml'],
  ['schemes/properties', 'schemes/properties', '.yaml'],
  ['schemes/metadata', 'schemes/metadata', '.yaml'],
  ['schemes/process', 'schemes/process', '.yaml'],
];

/** Changes of these rebuild everything: other tools, other versions. */
const COMMON_INPUTS = [at('package-lock.json'), at('tools', 'build.mjs'), at('tools', 'build-stamp.mjs')];

/** Whatever the web page may be made from; it is bundled by Vite, which does not say. */
const WEB_SOURCES = ['apps/web', 'contract', 'lib', 'adapters/primitives-web'];

/** Leaves installed packages where they are and takes our own (TypeScript source) in. */
const ownPackagesOnly = {
  name: 'own-packages-only',
  setup(build) {
    build.onResolve({ filter: /^[^./]/ }, ({ path, kind }) => {
      if (kind === 'entry-point' || path.startsWith('@lantai/')) return undefined;
      return { path, external: true };
    });
  },
};

/** Writes a file whole or not at all: a program may be starting from it just now. */
function replaceFile(file, contents) {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(`${file}.new`, contents);
  renameSync(`${file}.new`, file);
}

async function bundle(name, entry) {
  const { build } = await import('esbuild');
  const { outputFiles, metafile } = await build({
    entryPoints: [at(entry)],
    outfile: join(DIST, name),
    absWorkingDir: ROOT,
    bundle: true,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    plugins: [ownPackagesOnly],
    sourcemap: 'linked',
    sourcesContent: false,
    legalComments: 'none',
    logLevel: 'silent',
    metafile: true,
    write: false,
  });
  for (const { path, contents } of outputFiles) replaceFile(path, contents);
  return Object.keys(metafile.inputs).map((input) => at(input));
}

function programStep([name, entry]) {
  return {
    name,
    exists: () => existsSync(at(entry)),
    inputs: (stamps) => [...COMMON_INPUTS, ...(stamps.findInputs(name) ?? []).filter((file) => !COMMON_INPUTS.includes(file))],
    outputs: [join(DIST, name)],
    make: async () => [...COMMON_INPUTS, ...(await bundle(name, entry))],
  };
}

function copyStep([name, source, ending]) {
  const files = () => listFiles(at(source)).filter((file) => file.endsWith(ending));
  return {
    name,
    exists: () => existsSync(at(source)),
    inputs: files,
    outputs: [join(DIST, name)],
    make: async () => {
      const half = join(DIST, `${name}.new`);
      rmSync(half, { recursive: true, force: true });
      mkdirSync(half, { recursive: true });
      for (const file of files()) cpSync(file, join(half, relative(at(source), file)));
      rmSync(join(DIST, name), { recursive: true, force: true });
      renameSync(half, join(DIST, name));
      return files();
    },
  };
}

const modelStep = {
  name: 'models',
  exists: () => existsSync(at('tools', 'fold-models.mjs')),
  inputs: () => [
    at('package-lock.json'),
    at('tools', 'fold-models.mjs'),
    at('tools', 'fold-graph.mjs'),
    at('tools', 'onnx-graph.mjs'),
    at('tools', 'build-lexicon.mjs'),
  ],
  outputs: [join(DIST, 'models')],
  make: async () => {
    const { foldModels } = await import(pathToFileURL(at('tools', 'fold-models.mjs')).href);
    await foldModels(join(DIST, 'models'));
    return modelStep.inputs();
  },
};

const webStep = {
  name: 'web',
  exists: () => existsSync(at('apps', 'web', 'vite.config.ts')),
  inputs: () => [...COMMON_INPUTS, ...WEB_SOURCES.flatMap((folder) => listFiles(at(folder))).filter((file) => !file.includes('.test.'))],
  outputs: [join(DIST, 'web', 'index.html')],
  make: async () => {
    const inputs = webStep.inputs();
    const { build } = await import('vite');
    const root = at('apps', 'web');
    await build({ root, logLevel: 'warn', build: { outDir: join(DIST, 'web'), emptyOutDir: true } });
    return inputs;
  },
};

/** The checking page alone in one file: script and style stand in it, and its policy names them by digest and allows nothing else, no connection above all. */
const verifyStep = {
  name: 'verify.html',
  exists: () => existsSync(at('apps', 'web', 'src', 'verify-page.tsx')),
  inputs: (stamps) => [...COMMON_INPUTS, ...(stamps.findInputs('verify.html') ?? []).filter((file) => !COMMON_INPUTS.includes(file))],
  outputs: [join(DIST, 'verify.html')],
  make: async () => {
    const { build } = await import('esbuild');
    const { outputFiles, metafile } = await build({
      entryPoints: [at('apps', 'web', 'src', 'verify-page.tsx')],
      outdir: DIST,
      absWorkingDir: ROOT,
      bundle: true,
      minify: true,
      format: 'iife',
      platform: 'browser',
      target: ['chrome107', 'firefox115', 'safari16'],
      jsx: 'automatic',
      define: { 'process.env.NODE_ENV': '"production"' },
      legalComments: 'none',
      logLevel: 'silent',
      metafile: true,
      write: false,
    });
    const textOf = (ending) => outputFiles.find(({ path }) => path.endsWith(ending)).text;
    replaceFile(join(DIST, 'verify.html'), verifyPage(textOf('.js'), textOf('.css')));
    return [
      ...COMMON_INPUTS,
      ...Object.keys(metafile.inputs)
        .map((input) => at(input))
        .filter((file) => !file.includes('node_modules')),
    ];
  },
};

/** @param keys filled in by `lantai verify --page`; a block of data, which the policy for scripts does not concern */
function verifyPage(script, style) {
  const digest = (text) => `'sha256-${createHash('sha256').update(text).digest('base64')}'`;
  const policy = `default-src 'none'; script-src ${digest(script)}; style-src ${digest(style)}; img-src data:; base-uri 'none'; form-action 'none'`;
  return `<!doctype html>
<html lang="zh-CN">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="referrer" content="no-referrer">
<link rel="icon" href="data:,">
<title>兰台 Lantai</title>
<style>${style}</style>
</head>
<body>
<div id="root"></div>
<noscript>此页需要启用 JavaScript。 This page needs JavaScript.</noscript>
<script type="application/json" id="lantai-keys">[]</script>
<script>${script}</script>
</body>
</html>
`;
}

const STEPS = [...PROGRAMS.map(programStep), ...COPIES.map(copyStep), modelStep, webStep, verifyStep];

function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
}

/** One build at a time in one checkout. A lock whose holder died is taken over. */
async function withLock(work) {
  const file = join(DIST, 'build.lock');
  for (;;) {
    try {
      writeFileSync(file, String(process.pid), { flag: 'wx' });
      break;
    } catch (error) {
      if (error.code !== 'EEXIST') throw error;
      const holder = Number(existsSync(file) ? readFileSync(file, 'utf8') : 0);
      if (holder && !isAlive(holder)) rmSync(file, { force: true });
      await new Promise((done) => setTimeout(done, 100));
    }
  }
  try {
    return await work();
  } finally {
    rmSync(file, { force: true });
  }
}

const stale = (stamps) => STEPS.filter((step) => step.exists() && !stamps.isFresh(step.name, step.inputs(stamps), step.outputs));

/**
 * Brings dist/ up to date.
 * @param say told about each step that was made; silence is the sign that nothing had to be done
 * @throws when a step failed; the others were made all the same
 */
export async function buildProgram(say = (line) => console.error(line)) {
  const stampFile = join(DIST, 'build.json');
  if (!stale(new Stamps(ROOT, stampFile)).length) return;
  mkdirSync(DIST, { recursive: true });
  await withLock(async () => {
    const stamps = new Stamps(ROOT, stampFile);
    const failed = [];
    for (const step of stale(stamps)) {
      const startedMs = performance.now();
      try {
        const before = fingerprint(ROOT, step.inputs(stamps));
        const inputs = [...new Set(await step.make())];
        // Of a bundle the inputs are known only now; an edit within this second of an unknown file is seen at its next change.
        const known = JSON.stringify(inputs) === JSON.stringify(step.inputs(stamps));
        stamps.record(step.name, inputs, known ? before : undefined);
        say(`built ${step.name} in ${Math.round(performance.now() - startedMs)} ms`);
      } catch (error) {
        failed.push(step.name);
        say(`${step.name}: ${error.message}`);
      }
    }
    if (failed.length) throw new Error(`not built: ${failed.join(', ')}`);
  });
}

if (process.argv[1] && resolve(process.argv[1]) === fileURLToPath(import.meta.url)) {
  await buildProgram(process.argv.includes('--quiet') ? () => undefined : undefined).catch((error) => {
    console.error(error.message);
    process.exitCode = 1;
  });
}
