import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { parseClamdPlace } from '../clamd-place.ts';
import { askVersion, scanBytes } from './clamd.ts';
import { type ClamdServer, EICAR, startClamdServer } from './testing/clamd-server.ts';

let server: ClamdServer;
const place = () => ({ host: '127.0.0.1', port: server.port });
const PATIENCE_MS = 20_000;
const SHORT_MS = 150;

beforeAll(async () => {
  server = await startClamdServer();
});
beforeEach(() => server.behave('scans'));
afterAll(() => server.close());

describe('a scan', () => {
  it('sends a file of any length whole, in chunks, and hears that it is clean', async () => {
    for (const length of [0, 1, 65_536, 65_537, 3_000_000]) {
      const bytes = new Uint8Array(randomBytes(length));
      expect(await scanBytes(place(), bytes, PATIENCE_MS)).toEqual({ kind: 'clean' });
      expect(server.streams.at(-1)?.equals(bytes)).toBe(true);
    }
  });

  it('names what was found', async () => {
    expect(await scanBytes(place(), Buffer.from(`before ${EICAR} behind`), PATIENCE_MS)).toEqual({
      kind: 'infected',
      name: 'Eicar-Test-Signature',
    });
  });

  it.each([
    ['refuses', 'clamd/refused'],
    ['hangs', 'clamd/timeout'],
    ['hangs-up', 'clamd/protocol'],
    ['babbles', 'clamd/protocol'],
    ['limits', 'clamd/too-large'],
  ] as const)('is never clean where the scanner %s', async (behaviour, code) => {
    server.behave(behaviour);
    const result = await scanBytes(place(), new Uint8Array(200_000), behaviour === 'hangs' ? SHORT_MS : PATIENCE_MS);
    expect(result.kind).toBe('unscanned');
    // Whether the connection is reset or ended first is the system's affair.
    if (behaviour === 'hangs-up') expect(['clamd/protocol', 'clamd/refused']).toContain((result as { code: string }).code);
    else expect(result).toEqual({ kind: 'unscanned', code });
  });

  it('is never clean where nobody listens', async () => {
    const gone = await startClamdServer();
    const { port } = gone;
    await gone.close();
    expect(await scanBytes({ host: '127.0.0.1', port }, new Uint8Array(3), PATIENCE_MS)).toEqual({
      kind: 'unscanned',
      code: 'clamd/unreachable',
    });
    expect(await askVersion({ path: '/nowhere/clamd.sock' }, PATIENCE_MS)).toEqual({ code: 'clamd/unreachable' });
  });
});

it('asks for the version, and takes nothing else for one', async () => {
  expect(await askVersion(place(), PATIENCE_MS)).toEqual({ version: expect.stringMatching(/^ClamAV 1\.4\.3/) });
  server.behave('babbles');
  expect(await askVersion(place(), PATIENCE_MS)).toEqual({ code: 'clamd/protocol' });
});

it('knows a place by host and port or by a path, and nothing else', () => {
  expect(parseClamdPlace('127.0.0.1:3310')).toEqual({ host: '127.0.0.1', port: 3310 });
  expect(parseClamdPlace('[::1]:3310')).toEqual({ host: '::1', port: 3310 });
  expect(parseClamdPlace('/run/clamav/clamd.ctl')).toEqual({ path: '/run/clamav/clamd.ctl' });
  for (const wrong of ['clamd', 'host:', 'host:0', 'host:70000', 'a b:1', ':3310'])
    expect(() => parseClamdPlace(wrong)).toThrow('config/clamd');
});
