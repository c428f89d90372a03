export { createHttp } from './create-http.ts';
export { createHandlers } from './handlers.ts';
