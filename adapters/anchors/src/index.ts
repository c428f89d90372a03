export { readCertificates } from './certificates.ts';
export {
  type ChainSettings,
  type ChainTimes,
  chainAddress,
  checkChainAnchor,
  deployAnchorContract,
  openChainProvider,
} from './chain-provider.ts';
export { checkTimestamp, openTimestampProvider, type TimestampSettings } from './timestamp-provider.ts';
export { checkTimestampToken, type TokenExpectation, type TokenFault } from './timestamp-token.ts';
