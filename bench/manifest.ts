/**
 * A list of materials checked dry by `lantai manifest check`: time from start to end, and resident memory of the command with its children (the
 * database apart). `shared`: a workbook with a string table, as Excel itself writes it.
 *
 *   node tools/build.mjs && node --import tsx bench/manifest.ts --rows 100000 --format xlsx
 *   node --import tsx bench/manifest.ts --rows 100000 --format csv --images 300000
 */
import { execFileSync, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { parseArgs } from 'node:util';
import { streamTableXlsx } from '@lantai/documents/sheets';
import { idNumberCheck } from '@lantai/values';
import ExcelJS from 'exceljs';

const { values } = parseArgs({
  options: {
    rows: { type: 'string', default: '100000' },
    format: { type: 'string', default: 'xlsx' },
    images: { type: 'string', default: '0' },
    'per-dossier': { type: 'string', default: '20' },
  },
});
const ROWS = Number(values.rows);
const PER_DOSSIER = Number(values['per-dossier']);
const IMAGES = Number(values.images);
const HEADINGS = ['档号', '姓名', '公民身份号码', '性别', '出生日期', '类号', '类内序号', '材料名称', '形成时间', '份数', '页数', '备注'];
const TITLES = [
  ['1', '干部履历表'],
  ['2', '自传'],
  ['3', '年度考核登记表'],
  ['4-1', '学籍卡'],
  ['4-1', '高等学校毕业生登记表'],
  ['4-2', '专业技术职务任职资格评审表'],
  ['6', '中国共产党入党志愿书'],
  ['9-1', '工资变动审批表'],
  ['9-2', '干部任免审批表'],
  ['10', '派遣证'],
] as const;

function* rows(): Generator<string[]> {
  for (let at = 0; at < ROWS; at++) {
    const n = Math.floor(at / PER_DOSSIER) + 1;
    const day = new Date(Date.UTC(1950, 0, 1) + (n % 18_000) * 86_400_000).toISOString().slice(0, 10).replaceAll('-', '');
    const first = `110105${day}${String(n % 1000).padStart(3, '0')}`;
    const line = at % PER_DOSSIER;
    const [classCode, title] = TITLES[line % TITLES.length]!;
    const number = Math.floor(line / TITLES.length) * (classCode === '4-1' ? 2 : 1) + (title.startsWith('高等') ? 2 : 1);
    // Every thousandth row has a day that no calendar has.
    const date = at % 1000 === 999 ? '1982-02-30' : `${1970 + line}.${(line % 12) + 1}`;
    const sex = Number(first[16]) % 2 ? '男' : '女';
    yield [
      `Z109-RS-${100 + n}`,
      `公冶${n}`,
      first + idNumberCheck(first),
      sex,
      day,
      classCode,
      String(number),
      title,
      date,
      '1',
      '2',
      at % 50 ? '' : '复印件',
    ];
  }
}

const statusOf = (pid: number | string, key: string) => {
  try {
    return new RegExp(`^${key}:\\s+(\\S+)`, 'm').exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? '';
  } catch {
    return ''; // it ended meanwhile
  }
};

/** Resident memory of the command and of the processes it reads the list in; the database is not counted. */
function rssMb(pid: number): number {
  const children = readdirSync('/proc').filter(
    (p) => /^\d+$/.test(p) && statusOf(p, 'PPid') === String(pid) && statusOf(p, 'Name') === 'node',
  );
  return [pid, ...children].reduce<number>((sum, p) => sum + Number(statusOf(p, 'VmRSS')) / 1024, 0);
}

/** Runs the command as a user does. Its last line but for --json says the sums. */
async function check(file: string, images: string, env: NodeJS.ProcessEnv): Promise<Record<string, unknown>> {
  const began = performance.now();
  const args = ['dist/cli.mjs', 'manifest', 'check', file, ...(IMAGES ? ['--images', images] : [])];
  const command = spawn(process.execPath, args, { env, stdio: ['ignore', 'pipe', 'inherit'] });
  let said = '';
  command.stdout.on('data', (text: Buffer) => {
    said = (said + text).slice(-400);
  });
  let peak = 0;
  const look = setInterval(() => {
    peak = Math.max(peak, rssMb(command.pid!));
  }, 50);
  const code = await new Promise((resolve) => command.once('close', resolve));
  clearInterval(look);
  const seconds = Math.round((performance.now() - began) / 100) / 10;
  return { seconds, peakRssMb: Math.round(peak), exitCode: code, said: said.trim().split('\n').at(-1) };
}

const folder = mkdtempSync(join(tmpdir(), 'lantai-bench-'));
try {
  const file = join(folder, `list.${values.format === 'csv' ? 'csv' : 'xlsx'}`);
  if (values.format === 'shared') {
    const book = new ExcelJS.stream.xlsx.WorkbookWriter({ filename: file, useSharedStrings: true });
    const page = book.addWorksheet('目录');
    for (const row of [HEADINGS, ...rows()]) page.addRow(row).commit();
    page.commit();
    await book.commit();
  } else if (values.format === 'csv') writeFileSync(file, [HEADINGS, ...rows()].map((r) => r.join(',')).join('\r\n'));
  else {
    const parts: Uint8Array[] = [];
    for await (const part of Readable.from(
      streamTableXlsx({ name: '目录', columns: HEADINGS.map((heading) => ({ heading, width: 12 })), rows: rows() }),
    ))
      parts.push(part as Uint8Array);
    writeFileSync(file, Buffer.concat(parts));
  }
  const env = {
    ...process.env,
    LANTAI_DATA: join(folder, 'data'),
    LANTAI_KEYS: join(folder, 'keys'),
    LANTAI_READERS: '0',
    LANTAI_LANG: 'en',
  };
  execFileSync(process.execPath, ['dist/cli.mjs', 'init', '--trial'], { env, stdio: 'ignore' });
  const images = join(folder, 'images');
  const perDossier = Math.max(1, Math.round(IMAGES / (ROWS / PER_DOSSIER)));
  for (let i = 0; i < IMAGES; i++) {
    const of = join(images, `Z109-RS-${101 + Math.floor(i / perDossier)}`, '1', '1');
    if (i % perDossier === 0) mkdirSync(of, { recursive: true });
    writeFileSync(join(of, `${i % perDossier}.jpg`), '');
  }
  console.log(
    JSON.stringify({
      rows: ROWS,
      format: values.format,
      fileMb: Math.round(statSync(file).size / 1e5) / 10,
      images: IMAGES,
      ...(await check(file, images, env)),
    }),
  );
} finally {
  rmSync(folder, { recursive: true, force: true });
}
