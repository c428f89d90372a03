/** Constraint length 7, generators 171 and 133 (octal), the code of CCSDS 131.0-B: two bits out for each in. */
const GENERATORS = [0o171, 0o133] as const;
const MEMORY_BITS = 6;
const STATES = 1 << MEMORY_BITS;

/** Parity of the register (newest bit highest) under each generator: output bits of 128 registers. */
const OUTPUTS = GENERATORS.map((g) => Uint8Array.from({ length: 2 * STATES }, (_, register) => parity(register & g)));

function parity(n: number): number {
  let p = 0;
  for (let rest = n; rest; rest >>= 1) p ^= rest & 1;
  return p;
}

/** Coded bits of so many bits, with the six zeros that end the code. */
export const codedLength = (bits: number): number => 2 * (bits + MEMORY_BITS);

/** Encodes bits (0 and 1); six zeros are added so that the decoder ends where it began. */
export function encodeBits(bits: Uint8Array): Uint8Array {
  const out = new Uint8Array(codedLength(bits.length));
  let state = 0;
  for (let i = 0; i < bits.length + MEMORY_BITS; i++) {
    const register = ((bits[i] ?? 0) << MEMORY_BITS) | state;
    out[2 * i] = OUTPUTS[0]![register]!;
    out[2 * i + 1] = OUTPUTS[1]![register]!;
    state = register >> 1;
  }
  return out;
}

/**
 * The likeliest bits behind noisy coded ones (Viterbi).
 * @param soft one value for each coded bit: positive for 1, negative for 0, the larger the surer
 */
export function decodeBits(soft: Float64Array): Uint8Array {
  const steps = soft.length / 2;
  let score = new Float64Array(STATES).fill(Number.NEGATIVE_INFINITY);
  score[0] = 0;
  const came = Array.from({ length: steps }, () => new Uint8Array(STATES));
  for (let i = 0; i < steps; i++) {
    const next = new Float64Array(STATES).fill(Number.NEGATIVE_INFINITY);
    for (let register = 0; register < 2 * STATES; register++) {
      const first = OUTPUTS[0]![register]! ? soft[2 * i]! : -soft[2 * i]!;
      const second = OUTPUTS[1]![register]! ? soft[2 * i + 1]! : -soft[2 * i + 1]!;
      const total = score[register & (STATES - 1)]! + first + second;
      const to = register >> 1;
      if (total > next[to]!) {
        next[to] = total;
        came[i]![to] = register & 1;
      }
    }
    score = next;
  }
  return traceBack(came, steps);
}

/** Bits along the path that ends in state 0. The newest bit of a state is its highest; the one that left is what `came` keeps. */
function traceBack(came: readonly Uint8Array[], steps: number): Uint8Array {
  const bits = new Uint8Array(steps);
  let state = 0;
  for (let i = steps - 1; i >= 0; i--) {
    bits[i] = state >> (MEMORY_BITS - 1);
    state = ((state << 1) & (STATES - 1)) | came[i]![state]!;
  }
  return bits.subarray(0, steps - MEMORY_BITS);
}
