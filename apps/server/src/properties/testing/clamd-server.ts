import { createServer, type Server, type Socket } from 'node:net';

/** How a daemon of the tests behaves. */
export type ClamdBehaviour = 'scans' | 'refuses' | 'hangs' | 'hangs-up' | 'limits' | 'babbles';

/** The test file of the European Institute for Computer Antivirus Research, in two parts so that no scanner takes this source for it. */
export const EICAR = ['X5O!P%@AP[4\\PZX54(P^)7CC)7}$EICAR', '-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*'].join('');

/** A real TCP server that speaks the clamd protocol (clamd(8)): VERSION, and INSTREAM with lengths checked to the last byte. */
export interface ClamdServer {
  readonly port: number;
  /** Bytes of every stream that came whole. */
  readonly streams: readonly Buffer[];
  behave(as: ClamdBehaviour): void;
  close(): Promise<void>;
}

export async function startClamdServer(): Promise<ClamdServer> {
  let behaviour: ClamdBehaviour = 'scans';
  const streams: Buffer[] = [];
  const sockets = new Set<Socket>();
  const server: Server = createServer((socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    // A client that hangs up while it is answered is the client's affair.
    socket.on('error', () => socket.destroy());
    let held = Buffer.alloc(0);
    socket.on('data', (part) => {
      held = Buffer.concat([held, part]);
      if (behaviour === 'hangs-up') socket.destroy();
      else if (behaviour !== 'hangs') answer(socket, held, behaviour, streams);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (!address || typeof address === 'string') throw new Error('a TCP server has a port');
  return {
    port: address.port,
    streams,
    behave: (as) => {
      behaviour = as;
    },
    close: () => {
      for (const socket of sockets) socket.destroy();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}

function answer(socket: Socket, held: Buffer, behaviour: ClamdBehaviour, streams: Buffer[]): void {
  const end = held.indexOf(0);
  if (end < 0) return;
  const command = held.subarray(0, end).toString('latin1');
  if (behaviour === 'babbles') socket.end('what?\0');
  else if (behaviour === 'refuses') socket.end('COMMAND UNAVAILABLE. ERROR\0');
  else if (command === 'zVERSION') socket.end('ClamAV 1.4.3/27800/Sun Nov 22 09:00:00 2026\0');
  else if (command === 'zINSTREAM') {
    const stream = findStream(held.subarray(end + 1));
    if (behaviour === 'limits' && held.length > 100) socket.end('INSTREAM size limit exceeded. ERROR\0');
    else if (stream) {
      streams.push(stream);
      socket.end(stream.includes(EICAR) ? 'stream: Eicar-Test-Signature FOUND\0' : 'stream: OK\0');
    }
  } else socket.end('UNKNOWN COMMAND\0');
}

/** The stream's bytes when its empty chunk has come; null before. */
function findStream(body: Buffer): Buffer | null {
  const chunks: Buffer[] = [];
  for (let at = 0; at + 4 <= body.length; ) {
    const length = body.readUInt32BE(at);
    if (!length) return Buffer.concat(chunks);
    chunks.push(body.subarray(at + 4, at + 4 + length));
    at += 4 + length;
  }
  return null;
}
