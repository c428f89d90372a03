import { canonicalJson, findHex, formatHex, type Json, utf8 } from '@lantai/values';
import { PURPOSE, type Sealer } from '../archive/index.ts';
import type { Sql } from '../db/index.ts';
import { type ObjectClass, STATE_FORMS, type StateForm } from './state-forms.ts';

const STATE_LABEL = 'lantai/state/v1';

/** The state of an object as its row stands now. */
export interface ObjectState {
  /** The dossier or subject whose key the digest is under; null: the archive's. */
  readonly keyId: string | null;
  /** `sha256:…` or `sm3:…`; null when the key was destroyed, so that nothing can be said of it any more. */
  readonly digest: string | null;
}

/** What a digest is of: class and form say which columns, the id which object. */
export interface StateOf {
  readonly objectClass: ObjectClass;
  readonly form: number;
  readonly objectId: string;
  readonly keyId: string | null;
}

type Algorithm = 'sha256' | 'sm3';

/** The hash of the suite the archive was made with: the keys of digests stay when it changes its suite, and so does their hash. */
export const algorithmOf = (sealer: Sealer): Algorithm => (sealer.tokenSuite === 'gm' ? 'sm3' : 'sha256');

/**
 * The keyed digest of a state. Without the key no guess can be confirmed; what tells of a dossier or a subject is under its own key, so that
 * destroying the key makes it meaningless for ever while the log's proofs hold.
 */
function digestOf(sealer: Sealer, algorithm: Algorithm, of: StateOf, state: Json): string {
  const key = sealer.subkey(of.keyId === null ? { kind: 'purpose', id: PURPOSE.audit } : { kind: 'dossier', id: of.keyId }, STATE_LABEL);
  const message = `${STATE_LABEL}\n${of.objectClass}/${of.form}\n${of.objectId}\n${canonicalJson(state)}`;
  return `${algorithm}:${formatHex(sealer.primitives.hmac(algorithm, key, utf8(message)))}`;
}

/**
 * Whether an object had this state when the digest was made: proof for whoever holds the archive's keys and the log.
 * @param state the columns of the form by name, as docs/spec/log-entry.md lists them
 * @throws ArchiveError `key/destroyed` when nothing can be said any more
 */
export function isStateOf(sealer: Sealer, of: StateOf, digest: string, state: Json): boolean {
  const algorithm = /^(sha256|sm3):/.exec(digest)?.[1] as Algorithm | undefined;
  return (
    algorithm !== undefined &&
    findHex(digest.slice(algorithm.length + 1)) !== undefined &&
    digestOf(sealer, algorithm, of, state) === digest
  );
}

interface Row {
  id: string;
  key_id: string | null;
  sealing_id: string | null;
  version: number;
  clear: { [name: string]: Json };
  [sealed: `s${number}`]: Uint8Array | null;
}

/** Statements by class: the text never changes, so it is made once. */
const statements = new Map<string, string>();

function statementOf(objectClass: ObjectClass, locked: boolean): string {
  const name = `${objectClass} ${locked}`;
  const known = statements.get(name);
  if (known) return known;
  const f: StateForm = STATE_FORMS[objectClass];
  const clear = Object.entries(f.clear).map(([column, sql]) => `'${column}', ${sql}`);
  const sealed = Object.values(f.sealed?.columns ?? {}).map((sql, i) => `, ${sql} as s${i}`);
  const text = `select ${f.id ?? 't.id::text'} as id, ${f.key ?? 'null::uuid'} as key_id, ${f.sealed ? `${f.sealed.keyId}::text` : 'null'} as sealing_id,
    ${f.sealed?.version ?? '1'} as version, json_build_object(${clear.join(', ')}) as clear${sealed.join('')}
    from ${f.table} t where ${f.among ?? 't.id = any($1::uuid[])'}${locked ? ' order by 1 for no key update of t' : ''}`;
  statements.set(name, text);
  return text;
}

function stateOf(sealer: Sealer, form: StateForm, row: Row): Json {
  const { sealed } = form;
  if (!sealed) return row.clear;
  const ref = { kind: sealed.keyKind, id: row.sealing_id ?? '' };
  const texts = Object.keys(sealed.columns).map((column, i) => {
    const place = { table: form.table, column, rowId: row.id, version: row.version };
    return [column, sealer.open(ref, place, row[`s${i}`] ?? null)];
  });
  return { ...row.clear, ...(Object.fromEntries(texts) as { [name: string]: Json }) };
}

/**
 * The states of objects as their rows stand now, in one statement for all of them; those that are not there are left out.
 * @param locked keeps the rows as they are until the transaction ends
 */
export async function readStates(
  sql: Sql,
  sealer: Sealer,
  objectClass: ObjectClass,
  ids: readonly string[],
  { locked = false }: { readonly locked?: boolean } = {},
): Promise<Map<string, ObjectState>> {
  const form: StateForm = STATE_FORMS[objectClass];
  const name = `state-${objectClass}${locked ? '-locked' : ''}`;
  const rows = await sql.queryNamed<Row>(name, statementOf(objectClass, locked), [ids]);
  return new Map(
    rows.map((row): [string, ObjectState] => {
      const keyId = row.key_id;
      if (keyId !== null && sealer.keys.isDestroyed('dossier', keyId)) return [row.id, { keyId, digest: null }];
      const of = { objectClass, form: form.form, objectId: row.id, keyId };
      return [row.id, { keyId, digest: digestOf(sealer, algorithmOf(sealer), of, stateOf(sealer, form, row)) }];
    }),
  );
}
