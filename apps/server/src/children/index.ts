export type { ChildLimits } from './child.ts';
export type {
  AlterationsReply,
  CodesReply,
  DecodedReply,
  DecoderPart,
  DecoderReply,
  DecoderRequest,
  DecoderTrust,
  OptimisedReply,
  PhotoOrder,
  SignaturesReply,
  TableEnd,
  TablePart,
  TablesReply,
} from './decoder-messages.ts';
export { retryIfKilled } from './killed-from-outside.ts';
export { type ChildPool, type ChildPoolOptions, createChildPool, type PoolState, type RunOptions, type Urgency } from './pool.ts';
export { runThread, type ThreadKind } from './run-thread.ts';
