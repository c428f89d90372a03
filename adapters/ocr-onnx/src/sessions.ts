import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { CLASSIFIER_WIDTH_PX, type DetectorInput, LINE_HEIGHT_PX, type LineScores, type Networks, openLexicon } from '@lantai/reading';
import { ArchiveError } from '@lantai/values';
import * as ort from 'onnxruntime-node';

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
  const run = async (session: ort.InferenceSession, data: Float32Array, dims: number[]) => {
    const out = await session.run({ [session.inputNames[0]!]: new ort.Tensor('float32', data, dims) });
    return out[session.outputNames[0]!]!;
  };
  return {
    alphabet: readAlphabet(join(modelFolder, 'alphabet.txt')),
    lexicon: openLexicon(readFileSync(join(modelFolder, 'pairs.bin'))),
    detect: async (input: DetectorInput) => (await run(det, input.data, [1, 3, input.height, input.width])).data as Float32Array,
    recognise: async (line: Float32Array, widthPx: number): Promise<LineScores> => {
      const out = await run(rec, line, [1, 3, LINE_HEIGHT_PX, widthPx]);
      return { scores: out.data as Float32Array, steps: out.dims[1]!, classes: out.dims[2]! };
    },
    classifyTurned: async (lines: Float32Array, count: number) => {
      const out = (await run(cls, lines, [count, 3, LINE_HEIGHT_PX, CLASSIFIER_WIDTH_PX])).data as Float32Array;
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
