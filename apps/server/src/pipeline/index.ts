export { startPipeline } from './start-pipeline.ts';
