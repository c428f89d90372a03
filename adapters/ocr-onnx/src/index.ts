export { type DecodedPage, decodePage } from './decode.ts';
export { createOcrEngine, type OcrEngineOptions } from './engine.ts';
