// Rewrites a PP-OCRv4 graph into an equal one with fewer passes over memory:
// learnable scalars after a convolution go into its weights, the exporter's four-node hard swish becomes HardSigmoid and Mul, a value added to
// its own multiple is multiplied once, scalars that cannot go into the next convolution become one of a single weight a channel (which the runtime
// computes in its blocked layout, where a scalar would have the whole value laid out anew and back), and what follows a transposed convolution
// goes into it.
// Pure functions over an ONNX model; the results differ from the original by less than 2e-5 (checked in adapters/ocr-onnx).
import onnxProto from 'onnx-proto';
import { Graph, nodeOf } from './onnx-graph.mjs';

const { onnx } = onnxProto;

/** Folds the model in `bytes` and gives the new file's bytes. */
export function foldGraph(bytes) {
  const model = onnx.ModelProto.decode(bytes);
  const graph = new Graph(model.graph);
  foldScaledConvolutions(graph);
  foldHardSwish(graph);
  foldOwnScale(graph);
  foldLateAffine(graph);
  foldTransposedConvolutions(graph);
  graph.sortConstants();
  return onnx.ModelProto.encode(model).finish();
}

/** Conv → Mul(s) → Add(a) becomes Conv with weights × s and bias × s + a. */
function foldScaledConvolutions(graph) {
  for (const conv of [...graph.proto.node]) {
    if (conv.opType !== 'Conv' || !graph.constants.has(conv.input[1])) continue;
    const mul = graph.onlyConsumer(conv.output[0]);
    const s = graph.scalarOperand(mul, 'Mul', conv.output[0]);
    if (s === null) continue;
    const add = graph.onlyConsumer(mul.output[0]);
    const a = graph.scalarOperand(add, 'Add', mul.output[0]);
    if (a === null) continue;
    const weights = graph.values(conv.input[1]).map((w) => w * s);
    const bias = graph.bias(conv).map((b) => b * s + a);
    graph.setWeights(conv, weights, bias);
    conv.output[0] = add.output[0];
    graph.remove([mul, add]);
  }
}

/** x × clip(x + 3, 0, 6) ÷ 6 becomes x × HardSigmoid(x); a scale and shift behind it go into the 1 × 1 convolutions that follow. */
function foldHardSwish(graph) {
  for (const clip of [...graph.proto.node]) {
    const swish = hardSwishAround(graph, clip);
    if (!swish) continue;
    const k = graph.serial++;
    const attribute = [
      { name: 'alpha', type: 1, f: 1 / 6 },
      { name: 'beta', type: 1, f: 0.5 },
    ];
    const gate = onnx.NodeProto.create({
      opType: 'HardSigmoid',
      name: `hs${k}`,
      input: [swish.x],
      output: [`lantai_hs${k}`],
      attribute,
    });
    const out = swish.div.output[0];
    const mul = onnx.NodeProto.create({ opType: 'Mul', name: `hsm${k}`, input: [swish.x, `lantai_hs${k}`], output: [out] });
    graph.proto.node.splice(graph.proto.node.indexOf(swish.add), 0, gate, mul);
    graph.remove([swish.add, clip, swish.mul, swish.div]);
    pushAffineDown(graph, out);
  }
}

function hardSwishAround(graph, clip) {
  if (clip.opType !== 'Clip') return null;
  const add = graph.producers.get(clip.input[0]);
  if (add?.opType !== 'Add' || (graph.consumers.get(add.output[0]) ?? []).length !== 1) return null;
  const x = add.input.find((i) => graph.scalar(i) === null);
  if (!x || !add.input.some((i) => graph.scalar(i) === 3)) return null;
  const mul = graph.onlyConsumer(clip.output[0]);
  if (mul?.opType !== 'Mul' || !mul.input.includes(x)) return null;
  const div = graph.onlyConsumer(mul.output[0]);
  if (div?.opType !== 'Div' || graph.scalar(div.input[1]) !== 6) return null;
  return { x, add, mul, div };
}

function pushAffineDown(graph, name) {
  const mul = graph.onlyConsumer(name);
  const s = graph.scalarOperand(mul, 'Mul', name);
  if (s === null) return;
  const add = graph.onlyConsumer(mul.output[0]);
  const shift = graph.scalarOperand(add, 'Add', mul.output[0]);
  if (shift === null || graph.outputs.has(add.output[0])) return;
  const next = graph.consumers.get(add.output[0]) ?? [];
  if (!next.length || !next.every((n) => isPointwise(graph, n))) return;
  for (const conv of next) {
    const weights = graph.values(conv.input[1]);
    const bias = Float32Array.from(graph.bias(conv));
    const per = weights.length / bias.length;
    for (let o = 0; o < bias.length; o++) {
      let sum = 0;
      for (let i = 0; i < per; i++) sum += weights[o * per + i];
      bias[o] += sum * shift;
    }
    graph.setWeights(
      conv,
      weights.map((w) => w * s),
      bias,
    );
    conv.input[0] = name;
  }
  graph.remove([mul, add]);
}

function isPointwise(graph, node) {
  if (node.opType !== 'Conv' || !graph.constants.has(node.input[1])) return false;
  const pads = node.attribute.find((a) => a.name === 'pads')?.ints ?? [];
  return (
    graph
      .dims(node.input[1])
      .slice(2)
      .every((d) => d === 1) && !pads.some((p) => Number(p))
  );
}

/** x + x × s becomes x × (s + 1): the sum is made on the gates of the channels, not on the whole. */
function foldOwnScale(graph) {
  for (const add of [...graph.proto.node]) {
    if (add.opType !== 'Add') continue;
    const mul = add.input.map((i) => graph.producers.get(i)).find((n) => n?.opType === 'Mul');
    const x = add.input.find((i) => i !== mul?.output[0]);
    if (!mul?.input.includes(x) || !graph.onlyConsumer(mul.output[0])) continue;
    const gate = mul.input.find((i) => i !== x);
    if (graph.producers.get(gate)?.opType !== 'HardSigmoid') continue;
    const raised = `${gate}_raised`;
    const one = graph.addConstant('one', Float32Array.of(1), [1]);
    const at = graph.proto.node.indexOf(add);
    graph.proto.node.splice(
      at,
      0,
      nodeOf('Add', `${add.name}_gate`, [gate, one], raised),
      nodeOf('Mul', add.name, [x, raised], add.output[0]),
    );
    graph.remove([mul, add]);
  }
}

/** Mul(s) → Add(a) on a value with channels becomes a 1 × 1 convolution of each channel for itself. */
function foldLateAffine(graph) {
  for (const mul of [...graph.proto.node]) {
    if (mul.opType !== 'Mul') continue;
    const x = mul.input.find((i) => graph.scalar(i) === null);
    const s = x ? graph.scalarOperand(mul, 'Mul', x) : null;
    const add = graph.onlyConsumer(mul.output[0]);
    const a = s === null ? null : graph.scalarOperand(add, 'Add', mul.output[0]);
    const channels = a === null ? null : channelsOf(graph, x);
    if (channels === null) continue;
    const weights = graph.addConstant('w', new Float32Array(channels).fill(s), [channels, 1, 1, 1]);
    const bias = graph.addConstant('b', new Float32Array(channels).fill(a), [channels]);
    const attribute = [
      { name: 'group', type: 2, i: channels },
      { name: 'kernel_shape', type: 7, ints: [1, 1] },
    ];
    graph.proto.node.splice(graph.proto.node.indexOf(add), 0, nodeOf('Conv', add.name, [x, weights, bias], add.output[0], attribute));
    graph.remove([mul, add]);
  }
}

/** Channels of a value that a convolution made, however it was gated since; null when that cannot be told. */
function channelsOf(graph, name) {
  const node = graph.producers.get(name);
  if (node?.opType === 'Conv') return graph.dims(node.input[1])?.[0] ?? null;
  if (node?.opType !== 'Mul') return null;
  const found = node.input.map((i) => (graph.producers.get(i)?.opType === 'Conv' ? channelsOf(graph, i) : null));
  return found.find((n) => n !== null) ?? null;
}

/** ConvTranspose → Add(a of each channel) → BatchNormalization becomes ConvTranspose with a bias. */
function foldTransposedConvolutions(graph) {
  for (const conv of [...graph.proto.node]) {
    if (conv.opType !== 'ConvTranspose' || conv.input[2] || !graph.constants.has(conv.input[1])) continue;
    const add = graph.onlyConsumer(conv.output[0]);
    if (add?.opType !== 'Add') continue;
    const shift = graph.values(add.input.find((i) => i !== conv.output[0]));
    const dims = graph.dims(conv.input[1]);
    const outs = dims[1];
    if (shift?.length !== outs) continue;
    const norm = graph.onlyConsumer(add.output[0]);
    const { scale, bias, last } =
      norm?.opType === 'BatchNormalization'
        ? normalisation(graph, norm)
        : { scale: shift.map(() => 1), bias: shift.map(() => 0), last: add };
    const area = dims[2] * dims[3];
    const weights = graph.values(conv.input[1]).map((w, i) => w * scale[Math.floor(i / area) % outs]);
    conv.input[1] = graph.addConstant('w', weights, dims);
    conv.input[2] = graph.addConstant(
      'b',
      shift.map((v, c) => v * scale[c] + bias[c]),
      [outs],
    );
    conv.output[0] = last.output[0];
    graph.remove(last === add ? [add] : [add, last]);
  }
}

/** A batch normalisation as a scale and a shift of each channel. */
function normalisation(graph, node) {
  const [gamma, beta, mean, variance] = node.input.slice(1, 5).map((i) => graph.values(i));
  const epsilon = node.attribute.find((a) => a.name === 'epsilon')?.f ?? 1e-5;
  const scale = gamma.map((g, c) => g / Math.sqrt(variance[c] + epsilon));
  return { scale, bias: beta.map((b, c) => b - mean[c] * scale[c]), last: node };
}
