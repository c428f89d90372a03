export { type CountedImages, countImages } from './counted-dossier.ts';
export { declareSlip, type NewSlip } from './declare-slip.ts';
export { findFilingRefusal } from './filing-gate.ts';
export { listExceptions } from './list-exceptions.ts';
export { checkCount, readCount } from './read-count.ts';
export { type ExceptionSettlement, settleException } from './settle-exception.ts';
export { declaredOf, readSlipsInForce } from './slip-rows.ts';
