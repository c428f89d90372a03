import { createHash } from 'node:crypto';
import type { CornerMarks } from '@lantai/reading/photo';
import sharp from 'sharp';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { createChildPool, type DecoderRequest } from '../children/index.ts';
import { findFlatRecipe } from '../ingest/flat-recipe.ts';
import { importUploads } from '../ingest/import-uploads.ts';
import { checkArchive } from '../keeping/index.ts';
import { LINK_LIFE_MS, LINK_UPLOADS_MAX } from '../phone/index.ts';
import { useWeb, type Visitor } from './testing/web-fixture.ts';

const web = useWeb();
const TUS = { 'tus-resumable': '1.0.0' };
const CORNERS: CornerMarks = [
  [11093, 7680],
  [54613, 9600],
  [58880, 57600],
  [7680, 55040],
];
const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');

/** A sheet on a dark table, of its own content each time. */
let drawn = 0;
async function aPhotograph(): Promise<Buffer> {
  const mark = ++drawn;
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="576" height="768"><rect width="100%" height="100%" fill="#54483c"/>
    <polygon points="97,90 480,112 518,675 68,645" fill="#ece8dc"/><rect x="200" y="${200 + mark * 20}" width="160" height="12" fill="#223"/></svg>`;
  return sharp(Buffer.from(svg)).jpeg({ quality: 88 }).toBuffer();
}

let archivist: Visitor & { accountId: string; name: string };
let dossierId: string;
beforeAll(async () => {
  archivist = await web.enter('archivist');
  dossierId = await web.addDossier();
});

// So that no test has the links of another to count.
afterEach(() => web.served.db.system('test').query('update capture_link set ended_at_ms = created_at_ms where ended_at_ms is null'));

const make = async (by: Visitor = archivist) => (await by.call('POST', `/api/v1/dossiers/${dossierId}/capture-links`)).body;
const open = (token: string) => web.visitor().call('POST', '/api/v1/phone/opening', { token });
/** A telephone that holds a link. */
async function hold(by: Visitor = archivist) {
  const { token, link } = await make(by);
  const { body } = await open(token);
  return { link, token, secret: body.secret as string, headers: { 'lantai-phone': body.secret as string } };
}
const phone = (headers: Record<string, string>) => web.visitor().call('GET', '/api/v1/phone', undefined, headers);

async function send(headers: Record<string, string>, bytes: Buffer, upTo = bytes.length): Promise<string> {
  const made = await web.app.inject({
    method: 'POST',
    url: '/api/v1/phone/uploads',
    headers: { ...TUS, ...headers, 'upload-length': String(bytes.length) },
  });
  expect(made.statusCode).toBe(201);
  const url = String(made.headers.location);
  const sent = await append(headers, url, 0, bytes.subarray(0, upTo));
  expect(sent.statusCode).toBe(204);
  return url.split('/').at(-1)!;
}
const append = (headers: Record<string, string>, url: string, offset: number, bytes: Buffer) =>
  web.app.inject({
    method: 'PATCH',
    url,
    headers: { ...TUS, ...headers, 'upload-offset': String(offset), 'content-type': 'application/offset+octet-stream' },
    payload: bytes,
  });
const toDossier = (headers: Record<string, string>, photographs: unknown) =>
  web.visitor().call('POST', '/api/v1/phone/photographs', { photographs }, headers);
const importsOf = (linkId: string) =>
  web.served.db.system('test').query<{ id: string }>('select id from import where link_id = $1 order by id', [linkId]);

describe('photographs by telephone', () => {
  it('come into the dossier in their order, laid flat by a recipe, with the bytes received kept beside them', async () => {
    const { link, headers } = await hold();
    const photographs = [await aPhotograph(), await aPhotograph()];
    const photo = { corners: CORNERS, paper: 'A4' };
    const [first, second] = [await send(headers, photographs[0]!), await send(headers, photographs[1]!, 900)];
    // A line that broke: asked how much is there, the rest goes on from it.
    const url = `/api/v1/phone/uploads/${second}`;
    const asked = await web.app.inject({ method: 'HEAD', url, headers: { ...TUS, ...headers } });
    expect(asked.headers['upload-offset']).toBe('900');
    expect((await toDossier(headers, [{ uploadId: second, photo }])).body.code).toBe('upload/incomplete');
    await append(headers, url, 900, photographs[1]!.subarray(900));
    expect((await archivist.call('GET', `/api/v1/capture-links/${link.id}`)).body).toMatchObject({ state: 'open', held: 2, pages: 0 });

    const answer = await toDossier(headers, [
      { uploadId: second, photo },
      { uploadId: first, photo: null },
    ]);
    expect(answer).toMatchObject({ status: 202, body: { dossierCode: link.dossierCode, held: 0 } });
    for (const { id } of await importsOf(link.id)) await importUploads(web.served, id);
    expect((await phone(headers)).body).toMatchObject({ pages: 2, arriving: 0, attention: 0 });

    const rows = await web.served.db
      .system('test')
      .query<{ id: string; origin: string; resolution_dpi: number | null; media_type: string }>(
        'select id, origin, resolution_dpi, media_type from page where dossier_id = $1 order by arrival',
        [dossierId],
      );
    expect(rows.map((r) => r.origin)).toEqual(['flattened', 'as_received']);
    expect(rows[0]).toMatchObject({ media_type: 'image/jpeg' });
    const recipe = await findFlatRecipe(web.served, rows[0]!.id);
    expect(recipe).toMatchObject({
      name: 'lantai-lay-flat',
      inputSha256: sha256(photographs[1]!),
      parameters: { corners: CORNERS, paper: 'A4' },
    });
    const original = await archivist.call('POST', `/api/v1/pages/${rows[0]!.id}/original`);
    expect(original.status).toBe(200);
    // The same photograph, corners and paper make the same bytes in another process.
    const other = createChildPool({ entry: 'decoder', count: 1, memoryLimitMb: 1500, timeoutMs: 120_000 });
    const again: Uint8Array[] = [];
    const request: DecoderRequest = {
      kind: 'receive',
      name: 'x',
      check: 'structure',
      photo: { corners: recipe!.parameters.corners, paper: recipe!.parameters.paper },
    };
    await other.run(request, [new Uint8Array(photographs[1]!)], { onPart: (_, [bytes]) => void again.push(bytes!) });
    await other.close();
    expect(sha256(again[0]!)).toBe(recipe!.outputSha256);

    const kinds = await web.kindsOf(archivist.accountId);
    expect(kinds).toEqual(
      expect.arrayContaining(['phone-link.made', 'phone-link.opened', 'import.started', 'file.received', 'page.received', 'import.ended']),
    );
    expect((await checkArchive(web.served)).findings).toEqual([]);
  });

  it('are refused where corners are none, and where the file is no photograph, and the rest comes in', async () => {
    const { link, headers } = await hold();
    const crossed = [CORNERS[0], CORNERS[2], CORNERS[1], CORNERS[3]];
    const uploads = [await send(headers, await aPhotograph()), await send(headers, Buffer.from('%PDF-1.4 no photograph'))];
    await toDossier(headers, [
      { uploadId: uploads[0], photo: { corners: crossed, paper: null } },
      { uploadId: uploads[1], photo: { corners: CORNERS, paper: null } },
      { uploadId: await send(headers, await aPhotograph()), photo: { corners: CORNERS, paper: null } },
    ]);
    const [started] = await importsOf(link.id);
    await importUploads(web.served, started!.id);
    const { files } = (await archivist.call('GET', `/api/v1/imports/${started!.id}`)).body;
    expect(files.map((f: { outcome: string }) => f.outcome)).toEqual(['refused', 'refused', 'pages']);
    expect(files[0].code).toBe('photo/corners');
    expect((await phone(headers)).body).toMatchObject({ pages: 1, attention: 2 });
  });
});

describe('the link of a telephone', () => {
  it('is opened once: whoever comes after with the same code has nothing, and that is an entry', async () => {
    const { token } = await make();
    expect((await open(token)).status).toBe(200);
    expect(await open(token)).toMatchObject({ status: 410, body: { code: 'phone/link-over' } });
    expect((await open('x'.repeat(43))).body.code).toBe('phone/link-over');
    const refused = await web.served.db
      .system('test')
      .query(`select 1 from entry where kind = 'request.refused' and convert_from(bytes, 'utf8') like '%phone/link-over%'`);
    expect(refused.length).toBeGreaterThan(0);
  });
  it('keeps neither secret, only digests, and stands in no address', async () => {
    const { token, secret } = await hold();
    const rows = await web.served.db.system('test').query<{ all: string }>('select l::text as all from capture_link l');
    expect(rows.some((r) => r.all.includes(token) || r.all.includes(secret))).toBe(false);
    const { body } = await web.visitor().call('GET', '/openapi.json');
    const phones = Object.keys(body.paths).filter((path) => path.includes('/phone'));
    expect(phones.length).toBeGreaterThan(3);
    expect(phones.every((path) => !/token|secret/.test(path))).toBe(true);
  });
  it('is over when the desk ends it, and when its maker signs out', async () => {
    const ended = await hold();
    expect((await phone(ended.headers)).status).toBe(200);
    await archivist.call('POST', `/api/v1/capture-links/${ended.link.id}/end`);
    expect((await phone(ended.headers)).status).toBe(410);
    expect((await archivist.call('GET', `/api/v1/capture-links/${ended.link.id}`)).body.state).toBe('ended');

    const other = await web.enter('archivist');
    const signedOut = await hold(other);
    expect((await phone(signedOut.headers)).status).toBe(200);
    await other.call('DELETE', '/api/v1/session');
    expect((await phone(signedOut.headers)).status).toBe(410);
  });
  it('lets in no more than its maker may at that moment', async () => {
    const maker = await web.enter('archivist');
    const { headers } = await hold(maker);
    const set = (what: string) => web.served.db.system('test').query(`update account set ${what} where id = $1`, [maker.accountId]);
    expect((await phone(headers)).status).toBe(200);
    await set('level_max = 0');
    expect((await phone(headers)).body.code).toBe('phone/link-over');
    await set('level_max = 2');
    expect((await phone(headers)).status).toBe(200);
    await set('disabled = true');
    expect((await phone(headers)).body.code).toBe('phone/link-over');
  });
  it('reaches no upload of another link, nor of the account that made it', async () => {
    const [mine, foreign] = [await hold(), await hold()];
    const theirs = await send(foreign.headers, await aPhotograph());
    const own = await web.app.inject({
      method: 'POST',
      url: '/api/v1/uploads',
      headers: { ...TUS, 'upload-length': '4', cookie: [...archivist.cookies].map(([k, v]) => `${k}=${v}`).join('; ') },
    });
    expect(own.statusCode).toBe(201);
    for (const uploadId of [theirs, String(own.headers.location).split('/').at(-1)!]) {
      expect((await append(mine.headers, `/api/v1/phone/uploads/${uploadId}`, 0, Buffer.from('xxxx'))).statusCode).toBe(404);
      expect((await toDossier(mine.headers, [{ uploadId, photo: null }])).status).toBe(404);
    }
  });
  it('takes only so many uploads, and none too large', async () => {
    const { headers, link } = await hold();
    const begin = (length: number) =>
      web.app.inject({ method: 'POST', url: '/api/v1/phone/uploads', headers: { ...TUS, ...headers, 'upload-length': String(length) } });
    expect((await begin(100_000_000)).json().code).toBe('upload/too-large');
    await web.served.db.system('test').query('update capture_link set uploads = $2 where id = $1', [link.id, LINK_UPLOADS_MAX - 1]);
    expect((await begin(10)).statusCode).toBe(201);
    expect((await begin(10)).json().code).toBe('phone/link-full');
  });
  it('is made by whoever may receive pages for the dossier, and shown to nobody else', async () => {
    const clerk = await web.enter('unit_clerk');
    expect((await clerk.call('POST', `/api/v1/dossiers/${dossierId}/capture-links`)).status).toBe(403);
    const { link } = await make();
    const colleague = await web.enter('archivist');
    expect((await colleague.call('GET', `/api/v1/capture-links/${link.id}`)).body.code).toBe('phone/link-not-found');
    expect((await colleague.call('POST', `/api/v1/capture-links/${link.id}/end`)).status).toBe(404);
    expect((await web.visitor().call('GET', `/api/v1/capture-links/${link.id}`)).status).toBe(401);
  });
  it('is one of five at most', async () => {
    const busy = await web.enter('archivist');
    for (let i = 0; i < 5; i++) await make(busy);
    expect((await busy.call('POST', `/api/v1/dossiers/${dossierId}/capture-links`)).body.code).toBe('phone/too-many');
  });
  it('alone opens the camera: no other page of ours may ask for it', async () => {
    const policy = async (url: string) => (await web.app.inject({ url, headers: { accept: 'text/html' } })).headers['permissions-policy'];
    expect(await policy('/phone')).toContain('camera=(self)');
    expect(await policy('/phones')).toContain('camera=()');
    expect(await policy('/capture')).toContain('camera=()');
  });
  // The last: a clock that was moved stays so.
  it('is over when its minutes are gone, opened or not', async () => {
    const [old, unopened] = [await hold(), await make()];
    web.moveClock(LINK_LIFE_MS + 1000);
    expect((await phone(old.headers)).status).toBe(410);
    expect((await open(unopened.token)).body.code).toBe('phone/link-over');
  });
});
