import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { CLASSIFIER_WIDTH_PX, type DetectorInput, LINE_HEIGHT_PX, type LineScores, type Networks, openLexicon } from '@lantai/reading';
import { ArchiveError } from '@lantai/values';
import * as ort from 'onnxruntime-node';

/** The recogniser looks once per this many pixels. */
const STEP_PX = 8;

/** The networks and how to let them go. */
export interface OpenNetworks extends Networks {
  close(): Promise<void>;
}

/**
 * Opens the folded PP-OCRv4 networks of `modelFolder` (made by tools/fold-models.mjs).
 * @param threads threads inside one network; 1 unless the machine is idle: processes scale better
 * @throws ArchiveError `reading/models-missing` (environment)
 */
export async function openNetworks(modelFolder: string, threads: number): Promise<OpenNetworks> {
  const options: ort.InferenceSession.SessionOptions = {
    executionProviders: ['cpu'],
    intraOpNumThreads: threads,
    interOpNumThreads: 1,
    executionMode: 'sequential',
    graphOptimizationLevel: 'all',
    enableCpuMemArena: true,
    enableMemPattern: false,
    // A spinning worker thread burns a core that another page could use.
    extra: { session: { intra_op: { allow_spinning: '0' } } },
  };
  const open = async (name: string) => {
    try {
      return await ort.InferenceSession.create(join(modelFolder, name), options);
    } catch (cause) {
      throw new ArchiveError('reading/models-missing', 'environment', { model: name }, cause);
    }
  };
  const det = await open('det.onnx');
  const rec = await open('rec.onnx');
  const cls = await open('cls.onnx');
  const alphabet = readAlphabet(join(modelFolder, 'alphabet.txt'));
  const rooms = new Map<string, Float32Array>();
  const room = (use: string, length: number) => {
    const known = rooms.get(use);
    if (known && known.length >= length) return known.subarray(0, length);
    const made = new Float32Array(length);
    rooms.set(use, made);
    return made;
  };
  /** Runs a network; its output is written into room that is there already. */
  const run = async (session: ort.InferenceSession, data: Float32Array, dims: number[], outDims: number[]): Promise<Float32Array> => {
    const out = room(
      session.outputNames[0]!,
      outDims.reduce((a, b) => a * b, 1),
    );
    const feeds = { [session.inputNames[0]!]: new ort.Tensor('float32', data, dims) };
    await session.run(feeds, { [session.outputNames[0]!]: new ort.Tensor('float32', out, outDims) });
    return out;
  };
  return {
    room,
    alphabet,
    lexicon: openLexicon(readFileSync(join(modelFolder, 'pairs.bin'))),
    detect: ({ data, width, height }: DetectorInput) => run(det, data, [1, 3, height, width], [1, 1, height, width]),
    recognise: async (line: Float32Array, widthPx: number): Promise<LineScores> => {
      const [steps, classes] = [widthPx / STEP_PX, alphabet.length];
      return { scores: await run(rec, line, [1, 3, LINE_HEIGHT_PX, widthPx], [1, steps, classes]), steps, classes };
    },
    classifyTurned: async (lines: Float32Array, count: number) => {
      const out = await run(cls, lines, [count, 3, LINE_HEIGHT_PX, CLASSIFIER_WIDTH_PX], [count, 2]);
      return Float32Array.from({ length: count }, (_, i) => out[i * 2 + 1]!);
    },
    close: async () => {
      await Promise.all([det.release(), rec.release(), cls.release()]);
    },
  };
}

/** The recogniser's classes: the blank, the 6623 characters of the file, the space. */
function readAlphabet(file: string): string[] {
  const lines = readFileSync(file, 'utf8').replaceAll('\r', '').replace(/\n$/, '').split('\n');
  return ['', ...lines, ' '];
}
