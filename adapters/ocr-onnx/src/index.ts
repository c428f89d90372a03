export { createOcrEngine, type OcrEngineOptions } from './engine.ts';
