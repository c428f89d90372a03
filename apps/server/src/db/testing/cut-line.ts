import { mkdtempSync, rmSync } from 'node:fs';
import { connect, createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';

/** A way to a database that can be cut, as a network can. */
export interface Line {
  readonly connection: pg.PoolConfig;
  /** Breaks every connection that runs over the line now; new ones go through again. */
  readonly cut: () => void;
  close(): Promise<void>;
}

/** Lays a line to where `connection` leads. */
export async function openLine(connection: pg.PoolConfig): Promise<Line> {
  const { host, port, user, database, password } = new pg.Client(connection);
  const target = host.startsWith('/') ? { path: `${host}/.s.PGSQL.${port}` } : { host, port };
  const open = new Set<Socket>();
  const server = createServer((near) => {
    const far = connect(target);
    for (const [from, to] of [
      [near, far],
      [far, near],
    ] as const) {
      open.add(from);
      from.pipe(to);
      // Either end going away is what this is for.
      from.on('error', () => to.destroy()).on('close', () => to.destroy());
    }
  });
  const folder = mkdtempSync(join(tmpdir(), 'lantai-line-'));
  await new Promise<void>((resolve) => server.listen(join(folder, '.s.PGSQL.5432'), resolve));
  const cut = () => {
    for (const socket of open) socket.destroy();
    open.clear();
  };
  return {
    connection: { host: folder, port: 5432, user, database, password, options: connection.options },
    cut,
    close: async () => {
      cut();
      await new Promise((resolve) => server.close(resolve));
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
