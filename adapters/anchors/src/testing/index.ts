export { type Anvil, findAnvil, startAnvil } from './anvil.ts';
export { OpensslAuthority, P256, type Pair, serveAnswers } from './openssl-authority.ts';
export { makeTokenVectors, type TokenVectors, vectorCheckpoint } from './token-vectors.ts';
