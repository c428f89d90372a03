// An ONNX graph as the folding sees it: constants by name, who makes and who uses each value.
import onnxProto from 'onnx-proto';

const { onnx } = onnxProto;
const FLOAT = 1;

/** A node of the given kind. */
export const nodeOf = (opType, name, input, output, attribute = []) =>
  onnx.NodeProto.create({ opType, name, input, output: [output], attribute });

/** A graph that is rewritten in place; call `sortConstants` last. */
export class Graph {
  constructor(proto) {
    this.proto = proto;
    this.outputs = new Set(proto.output.map((o) => o.name));
    this.constants = new Map();
    this.serial = 0;
    for (const n of proto.node) if (n.opType === 'Constant') this.constants.set(n.output[0], n.attribute[0].t);
    this.reindex();
  }

  reindex() {
    this.consumers = new Map();
    this.producers = new Map();
    for (const n of this.proto.node) {
      for (const i of n.input) this.consumers.set(i, [...(this.consumers.get(i) ?? []), n]);
      for (const o of n.output) this.producers.set(o, n);
    }
  }

  /** The values of a float constant, or null. */
  values(name) {
    const t = this.constants.get(name);
    if (!t || t.dataType !== FLOAT) return null;
    if (!t.rawData?.length) return Float32Array.from(t.floatData);
    return new Float32Array(Uint8Array.from(t.rawData).buffer);
  }

  dims(name) {
    return this.constants.get(name)?.dims.map(Number);
  }

  /** The value of a constant of one element, or null. */
  scalar(name) {
    const dims = this.dims(name);
    if (dims?.reduce((a, b) => a * b, 1) !== 1) return null;
    return this.values(name)?.[0] ?? null;
  }

  /** The one consumer of a value that is no output of the graph, or null. */
  onlyConsumer(name) {
    const list = this.consumers.get(name) ?? [];
    return list.length === 1 && !this.outputs.has(name) ? list[0] : null;
  }

  /** The scalar that `node` combines with `name`, or null when `node` is not an `opType` with a scalar. */
  scalarOperand(node, opType, name) {
    if (node?.opType !== opType) return null;
    return this.scalar(node.input.find((i) => i !== name));
  }

  addConstant(prefix, values, dims) {
    const name = `lantai_${prefix}${this.serial++}`;
    const t = onnx.TensorProto.create({ dims, dataType: FLOAT, rawData: new Uint8Array(values.slice().buffer) });
    this.proto.node.unshift(onnx.NodeProto.create({ opType: 'Constant', output: [name], attribute: [{ name: 'value', type: 4, t }] }));
    this.constants.set(name, t);
    return name;
  }

  setWeights(conv, weights, bias) {
    const dims = this.dims(conv.input[1]);
    conv.input[1] = this.addConstant('w', weights, dims);
    conv.input[2] = this.addConstant('b', bias, [bias.length]);
  }

  bias(conv) {
    return conv.input[2] ? this.values(conv.input[2]) : new Float32Array(this.dims(conv.input[1])[0]);
  }

  remove(nodes) {
    const gone = new Set(nodes);
    this.proto.node = this.proto.node.filter((n) => !gone.has(n));
    this.reindex();
  }

  /** Constants first, unused ones dropped: a graph must be in topological order. */
  sortConstants() {
    const used = new Set(this.proto.node.flatMap((n) => n.input));
    const isConstant = (n) => n.opType === 'Constant';
    const kept = this.proto.node.filter((n) => isConstant(n) && used.has(n.output[0]));
    this.proto.node = [...kept, ...this.proto.node.filter((n) => !isConstant(n))];
  }
}
