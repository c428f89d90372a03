export { type RunningWeb, serve } from './serve.ts';
