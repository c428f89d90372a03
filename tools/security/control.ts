import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** Runs a statement as it is written, on the database of the archive under scan. @returns how many rows came */
export type RawStatement = (text: string) => Promise<number>;

/**
 * A server that is wrong on purpose, on this machine alone and for this run: it glues a value into a statement, shows what the database says,
 * and writes another value back into its page. A scanner that does not find this would not have found it in Lantai either.
 */
export async function serveControl(query: RawStatement): Promise<{ url: string; close(): Promise<void> }> {
  const page = (text: string) => `<html><body><a href="/?echo=1">1</a> <a href="/?code=P1101">2</a> ${text}</body></html>`;
  const server = createServer((request, response) => {
    const values = new URL(request.url ?? '/', 'http://control').searchParams;
    const code = values.get('code');
    const end = (status: number, text: string) => void response.writeHead(status, { 'content-type': 'text/html' }).end(page(text));
    if (code === null) return end(200, values.get('echo') ?? '');
    query(`select code from dossier where code = '${code}'`).then(
      (rows) => end(200, rows ? '<p>on shelf four, in the second room on the left</p>' : '<p>nothing is here</p>'),
      (error: unknown) => end(500, `PostgreSQL query failed: ERROR: ${wordsOf(error)}`),
    );
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () =>
      new Promise((done) => {
        server.closeAllConnections();
        server.close(() => done());
      }),
  };
}

/** The database's own words, which Lantai's errors keep to themselves. */
const wordsOf = (error: unknown): string => {
  const { cause } = error as { cause?: unknown };
  return cause instanceof Error ? cause.message : String(error);
};
