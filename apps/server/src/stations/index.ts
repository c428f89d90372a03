export { type ClaimOrder, claimStation } from './claim-station.ts';
export { createBatch, type NewBatch } from './create-batch.ts';
export { finishClaim, releaseClaim, returnClaim } from './end-claim.ts';
export { judgePage, type PageVerdict } from './judge-page.ts';
export { listBatches, listContractors, readBatch } from './read-batches.ts';
export { listClaims, listDefectKinds, readClaim } from './read-claims.ts';
