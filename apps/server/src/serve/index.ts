export { type RunningWeb, serve } from './serve.ts';
export { type FolderWatch, lookOnce, type WatchOptions, watchFolder } from './watch-folder.ts';
