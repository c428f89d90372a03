import { execFile, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { type Browser, chromium } from 'playwright-core';

const require = createRequire(import.meta.url);
const ROOT = join(import.meta.dirname, '..');

/** Nothing but the pages under test: no updates, no telemetry, no GPU a machine may lack. (--no-sandbox, which root needs, is playwright's.) */
const FLAGS = [
  '--disable-gpu',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-domain-reliability',
  '--disable-sync',
  '--disable-quic',
  '--no-first-run',
  '--no-default-browser-check',
  '--font-render-hinting=none',
];

interface Program {
  readonly path: string;
  readonly env: Readonly<Record<string, string>>;
}

/** The folder of an installed package, whatever its `exports` hide. */
function folderOf(name: string): string {
  const entry = require.resolve(name);
  const at = entry.lastIndexOf(join('node_modules', ...name.split('/')));
  return join(entry.slice(0, at), 'node_modules', ...name.split('/'));
}

/** Fonts of npm packages, so that a machine without any shows Chinese as well as Latin. */
function writeFontList(folder: string): string {
  const fonts = [join(folder, 'fonts'), join(folderOf('@embedpdf/fonts-sc'), 'fonts')];
  const file = join(folder, 'fonts.conf');
  const lines = fonts.map((path) => `  <dir>${path}</dir>`).join('\n');
  // The system's fonts are left out: pages look the same everywhere.
  const text = `<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>
${lines}
  <cachedir>${join(folder, 'font-cache')}</cachedir>
</fontconfig>
`;
  writeFileSync(file, text);
  return file;
}

/**
 * Unpacks the Chromium of `@sparticuz/chromium`, once for each version, into a folder of this checkout (the package would share one in the
 * system's temporary folder with whoever came first). About 2 s and 250 MB.
 */
async function unpackChromium(): Promise<string> {
  const { version } = JSON.parse(readFileSync(join(folderOf('@sparticuz/chromium'), 'package.json'), 'utf8')) as { version: string };
  const folder = join(ROOT, 'dist', 'browser', `chromium-${version}`);
  if (existsSync(folder)) return folder;
  const half = `${folder}.${process.pid}`;
  rmSync(half, { recursive: true, force: true });
  mkdirSync(half, { recursive: true, mode: 0o700 });
  const entry = require.resolve('@sparticuz/chromium');
  const script = `import(${JSON.stringify(entry)}).then(({ default: m }) => (m.default ?? m).executablePath())`;
  await promisify(execFile)(process.execPath, ['-e', script], {
    // The second makes the package unpack the libraries of its home system too.
    env: { PATH: process.env.PATH, TMPDIR: half, AWS_LAMBDA_JS_RUNTIME: 'nodejs20.x' },
  });
  try {
    renameSync(half, folder);
  } catch (error) {
    // Another test file was quicker; its copy is as good.
    if (!existsSync(folder)) throw error;
    rmSync(half, { recursive: true, force: true });
  }
  return folder;
}

/** A system without the libraries of Mozilla's NSS lends those of the package. */
function findLibraries(path: string, folder: string): Readonly<Record<string, string>> {
  const { status } = spawnSync(path, ['--version'], { env: {}, stdio: 'ignore' });
  return status === 0 ? {} : { LD_LIBRARY_PATH: join(folder, 'al2023', 'lib') };
}

async function getProgram(): Promise<Program> {
  const system = process.env.LANTAI_CHROMIUM;
  if (system) return { path: system, env: {} };
  const folder = await unpackChromium();
  const path = join(folder, 'chromium');
  return { path, env: { ...findLibraries(path, folder), FONTCONFIG_FILE: writeFontList(folder) } };
}

/**
 * Starts a real browser without a window: `LANTAI_CHROMIUM` when it names one, else the Chromium that came by npm. Close it after the tests.
 * Its profile is a temporary folder; it sees nothing of this process's environment but the time zone.
 */
export async function launchBrowser(): Promise<Browser> {
  const { path, env } = await getProgram();
  return chromium.launch({
    executablePath: path,
    headless: true,
    args: FLAGS,
    env: { PATH: process.env.PATH ?? '', HOME: dirname(path), TZ: process.env.TZ ?? 'Asia/Shanghai', ...env },
  });
}
