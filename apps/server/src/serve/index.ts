export { type RunningWeb, serve } from './serve.ts';
export { lookOnce, type WatchOptions, watchFolder } from './watch-folder.ts';
