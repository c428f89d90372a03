import { PURPOSE } from '../archive/index.ts';

/**
 * What the state of a class of objects is made of: the columns that acts change and that mean something, each by its name. Normative:
 * docs/spec/log-entry.md, section 6. Left out is what changes by itself (counters, times of use, progress of jobs) and what follows from other
 * rows (where a material lies is where its dossier lies; fsck compares those with each other).
 */
export interface StateForm {
  /** Raised when the columns change; digests of before are compared under the form they were made by. */
  readonly form: number;
  readonly table: string;
  /** SQL over `t` of the object's id, as text; left out: `t.id::text`. */
  readonly id?: string;
  /** SQL over `t` that finds objects by ids in `$1`; left out: `t.id = any($1::uuid[])`. */
  readonly among?: string;
  /** SQL over `t` of the dossier or subject under whose key the digest is, gone with that key; left out, or null in a row: a key of the archive. */
  readonly key?: string;
  /** Clear columns: SQL over `t` by name. */
  readonly clear: Readonly<Record<string, string>>;
  /** Sealed columns, of which the state holds the clear text. */
  readonly sealed?: SealedPart;
}

/** Sealed columns of a row under one key. */
export interface SealedPart {
  /** SQL over `t` by name of the column. */
  readonly columns: Readonly<Record<string, string>>;
  readonly keyKind: 'fonds' | 'dossier' | 'purpose';
  /** SQL over `t`. */
  readonly keyId: string;
  /** SQL over `t` of the version inside the sealed place. */
  readonly version: string;
}

const own = (...names: string[]) => Object.fromEntries(names.map((name) => [name, `t.${name}`]));
const hex = (name: string) => ({ [name]: `encode(t.${name}, 'hex')` });
const underAccountKey = { keyKind: 'purpose', keyId: `'${PURPOSE.account}'`, version: '1' } as const;

/** Every class of objects whose changes are entries with digests before and after. */
export const STATE_FORMS = {
  dossier: {
    form: 1,
    table: 'dossier',
    key: 't.id',
    clear: own('fonds_id', 'unit_id', 'category', 'level', 'subject_id', 'scheme', 'copy_set', 'code', 'state'),
    sealed: { columns: own('tags', 'fields', 'facts'), keyKind: 'dossier', keyId: 't.id', version: 't.version' },
  },
  material: {
    form: 1,
    table: 'material',
    key: 't.dossier_id',
    clear: own('dossier_id', 'class_code', 'sequence', 'filed', 'code', 'material_year', 'copies', 'follows', 'origin', 'state'),
    sealed: {
      columns: own('title', 'date', 'remarks', 'tags', 'fields', 'record'),
      keyKind: 'dossier',
      keyId: 't.dossier_id',
      version: 't.version',
    },
  },
  page: {
    form: 1,
    table: 'page',
    key: 't.dossier_id',
    clear: {
      ...own('dossier_id', 'material_id', 'position', 'class_code', 'material_year', 'turned'),
      ...hex('content_key'),
      persons: '(select json_agg(s.subject_id order by s.place) from page_subject s where s.page_id = t.id)',
    },
  },
  subject: {
    form: 1,
    table: 'subject',
    key: 't.id',
    clear: own('fonds_id', 'kind', 'birth_year', 'sex'),
    sealed: { columns: own('name', 'id_number'), keyKind: 'dossier', keyId: 't.id', version: 't.version' },
  },
  fonds: {
    form: 1,
    table: 'fonds',
    clear: own('code', 'parent_id'),
    sealed: { columns: own('name'), keyKind: 'fonds', keyId: 't.id', version: '1' },
  },
  unit: {
    form: 1,
    table: 'unit',
    clear: own('fonds_id', 'parent_id', 'code', 'merged_into'),
    sealed: { columns: own('name'), keyKind: 'fonds', keyId: 't.fonds_id', version: '1' },
  },
  account: {
    form: 1,
    table: 'account',
    clear: {
      ...own('role', 'held_roles', 'fonds_id', 'unit_id', 'level_max', 'disabled', 'must_change_password'),
      ...own('password_hash', 'former_hashes', 'totp_confirmed'),
      ...hex('holder_token'),
      ...hex('oidc_token'),
      recovery_codes: `(select json_agg(encode(c.digest, 'hex') order by c.digest) from recovery_code c where c.account_id = t.id and c.used_at_ms is null)`,
    },
    // A secret that is not in use yet is nobody's factor.
    sealed: { columns: { name: 't.name' }, ...underAccountKey },
  },
  passkey: {
    form: 1,
    table: 'passkey',
    clear: { ...own('account_id', 'transports'), ...hex('credential_id'), ...hex('public_key') },
    sealed: { columns: own('label'), ...underAccountKey },
  },
  api_token: {
    form: 1,
    table: 'api_token',
    clear: { ...own('account_id', 'scopes', 'expires_at_ms', 'revoked_at_ms'), ...hex('token_digest') },
    sealed: { columns: own('label'), ...underAccountKey },
  },
  break_glass: {
    form: 1,
    table: 'break_glass',
    clear: own('account_id', 'second_id', 'minutes', 'opened_at_ms', 'ends_at_ms', 'ended_at_ms'),
    sealed: { columns: own('reason'), keyKind: 'purpose', keyId: `'${PURPOSE.audit}'`, version: '1' },
  },
  directory_person: {
    form: 1,
    table: 'directory_person',
    id: 't.account_id::text',
    among: 't.account_id = any($1::uuid[])',
    clear: { ...own('account_id', 'source_id', 'made', 'disabled_here', 'gone'), ...hex('external_token') },
    sealed: { columns: own('body'), ...underAccountKey },
  },
  post: {
    form: 1,
    table: 'post',
    clear: own('account_id', 'role', 'fonds_id', 'unit_id', 'level_max', 'audiences', 'ended_at_ms'),
  },
  subject_tie: {
    form: 1,
    table: 'subject_tie',
    id: `t.account_id || '/' || t.subject_id`,
    among: `t.account_id || '/' || t.subject_id = any($1::text[])`,
    key: 't.subject_id',
    clear: own('account_id', 'subject_id'),
  },
  kinship: {
    form: 1,
    table: 'kinship',
    key: 't.subject_id',
    clear: own('account_id', 'person_subject_id', 'subject_id', 'relation', 'source', 'ended_at_ms'),
  },
  unit_leader: {
    form: 1,
    table: 'unit_leader',
    key: 't.subject_id',
    clear: own('unit_id', 'subject_id', 'ended_at_ms'),
  },
  consultation: {
    // 2: asked by one and decided by another, with the words of both.
    form: 2,
    table: 'consultation',
    key: 'coalesce(t.dossier_id, t.subject_id)',
    clear: {
      ...own('fonds_id', 'dossier_id', 'subject_id', 'unit_id', 'rights', 'purposes', 'audiences', 'from_ms', 'until_ms', 'ended_at_ms'),
      ...own('state', 'made_by', 'decided_by', 'decided_at_ms'),
      readers: `(select json_agg(json_build_array(r.account_id, r.party_member, r.present_until_ms, r.statement_entry_id) order by r.account_id)
        from consultation_reader r where r.consultation_id = t.id)`,
    },
    sealed: { columns: own('request', 'decision'), keyKind: 'purpose', keyId: `'${PURPOSE.audit}'`, version: '1' },
  },
  determination: {
    form: 1,
    table: 'determination',
    key: 't.dossier_id',
    clear: own('dossier_id', 'fact', 'state', 'made_by', 'decided_by', 'decided_at_ms'),
    sealed: { columns: own('body', 'review'), keyKind: 'dossier', keyId: 't.dossier_id', version: '1' },
  },
  determination_document: {
    form: 1,
    table: 'determination_document',
    key: 't.dossier_id',
    clear: own('dossier_id', 'determination_id', 'material_id', 'way', 'made_by'),
  },
  assertion_mark: {
    form: 1,
    table: 'assertion_mark',
    key: 't.dossier_id',
    clear: own('dossier_id', 'material_id', 'fact', 'mark', 'made_by', 'ended_by', 'ended_at_ms'),
    sealed: { columns: own('reason'), keyKind: 'dossier', keyId: 't.dossier_id', version: '1' },
  },
  alteration_hint: {
    form: 1,
    table: 'alteration_hint',
    key: 't.dossier_id',
    clear: own('dossier_id', 'page_id', 'material_id', 'fact', 'code', 'state', 'answered_by', 'answered_at_ms'),
    sealed: { columns: own('reason'), keyKind: 'dossier', keyId: 't.dossier_id', version: '1' },
  },
  processing_slip: {
    form: 1,
    table: 'processing_slip',
    key: 't.dossier_id',
    clear: own('dossier_id', 'revision', 'sheets', 'faces', 'blank_faces', 'made_by'),
    sealed: { columns: own('note'), keyKind: 'dossier', keyId: 't.dossier_id', version: '1' },
  },
  count_exception: {
    form: 1,
    table: 'count_exception',
    key: 't.dossier_id',
    clear: {
      ...own('dossier_id', 'slip_id', 'kind', 'images', 'blank_images', 'difference', 'sheets_missing', 'state'),
      ...own('made_by', 'closed_by', 'closed_at_ms'),
    },
    sealed: { columns: own('words'), keyKind: 'dossier', keyId: 't.dossier_id', version: '1' },
  },
  countercheck: {
    form: 1,
    table: 'countercheck',
    key: 't.dossier_id',
    clear: own('dossier_id', 'material_id', 'state', 'first_by', 'first_unknown', 'second_by', 'decided_at_ms', 'ended_at_ms'),
    sealed: { columns: own('answer', 'words'), keyKind: 'dossier', keyId: 't.dossier_id', version: '1' },
  },
  countercheck_rule: {
    form: 1,
    table: 'countercheck_rule',
    clear: own('fonds_id', 'scheme', 'required', 'made_by'),
  },
  filing_check_rule: {
    form: 1,
    table: 'filing_check_rule',
    clear: own('fonds_id', 'scheme', 'required', 'made_by'),
  },
  page_replacement: {
    form: 1,
    table: 'page_replacement',
    key: 't.dossier_id',
    clear: own('dossier_id', 'page_id', 'by_page_id', 'made_by', 'ended_by', 'ended_at_ms'),
    sealed: { columns: own('reason'), keyKind: 'dossier', keyId: 't.dossier_id', version: '1' },
  },
  dossier_code: {
    form: 1,
    table: 'dossier_code',
    key: 't.dossier_id',
    clear: own('dossier_id', 'code', 'form', 'standing'),
  },
  code_rule: {
    form: 1,
    table: 'code_rule',
    id: `t.fonds_id || '/' || t.scheme`,
    among: `t.fonds_id || '/' || t.scheme = any($1::text[])`,
    clear: own('fonds_id', 'scheme', 'leading_form', 'second_form'),
  },
  box: {
    form: 1,
    table: 'box',
    clear: {
      ...own(
        'fonds_id',
        'unit_id',
        'category',
        'level',
        'number',
        'spine_mm',
        'capacity_sheets',
        'retention',
        'year',
        'scheme',
        'class_code',
      ),
      ...own('place_repository', 'place_zone', 'place_rack', 'place_bay', 'place_shelf', 'place_slot', 'names_outside', 'ended_at_ms'),
    },
  },
  box_volume: {
    form: 1,
    table: 'box_volume',
    id: `t.dossier_id || '/' || t.volume`,
    among: `t.dossier_id || '/' || t.volume = any($1::text[])`,
    key: 't.dossier_id',
    clear: own('dossier_id', 'volume', 'box_id', 'position', 'sheets'),
  },
  batch: {
    form: 1,
    table: 'batch',
    clear: own('fonds_id', 'code', 'contractor_unit_id', 'sampling', 'sample_size', 'limit_percent', 'claim_hours', 'made_by'),
  },
  batch_dossier: {
    form: 1,
    table: 'batch_dossier',
    id: `t.batch_id || '/' || t.dossier_id`,
    among: `t.batch_id || '/' || t.dossier_id = any($1::text[])`,
    key: 't.dossier_id',
    clear: own('batch_id', 'dossier_id', 'station', 'pass', 'round'),
  },
  station_claim: {
    form: 1,
    table: 'station_claim',
    key: 't.dossier_id',
    clear: {
      ...own(
        'batch_id',
        'dossier_id',
        'station',
        'pass',
        'round',
        'account_id',
        'unit_id',
        'from_ms',
        'until_ms',
        'ended_at_ms',
        'outcome',
      ),
      ...own('to_station', 'images_in', 'images_out', 'seed'),
      pages: `(select json_agg(json_build_array(p.page_id, p.verdict) order by p.place) from station_page p where p.claim_id = t.id)`,
      defects: `(select json_agg(json_build_array(d.page_id, d.code, d.severity) order by d.page_id, d.code) from station_defect d where d.claim_id = t.id)`,
    },
    sealed: { columns: own('reason'), keyKind: 'dossier', keyId: 't.dossier_id', version: '1' },
  },
  consent: {
    form: 1,
    table: 'consent',
    key: 't.dossier_id',
    clear: own('dossier_id', 'subject_id', 'notice_code', 'notice_version', 'way', 'given_at_ms', 'withdrawn_at_ms'),
  },
  restriction: {
    form: 1,
    table: 'restriction',
    key: 't.subject_id',
    clear: own('dossier_id', 'subject_id', 'request_id', 'from_ms', 'lifted_at_ms', 'lifted_by'),
  },
  policy_version: {
    form: 1,
    table: 'policy_version',
    id: 't.version::text',
    among: 't.version = any($1::integer[])',
    clear: own('text', 'state', 'made_by', 'activated_by'),
  },
  standard_version: {
    form: 1,
    table: 'standard_version',
    clear: own('kind', 'standard_id', 'version', 'effective_on', 'text', 'made_by', 'withdrawn_at_ms'),
  },
  field_definition: {
    form: 1,
    table: 'field_definition',
    clear: own('fonds_id', 'place', 'code', 'kind', 'definition'),
  },
  queue_switch: {
    form: 1,
    table: 'queue_switch',
    id: 't.queue',
    among: 't.queue = any($1::text[])',
    clear: own('paused'),
  },
} as const satisfies Readonly<Record<string, StateForm>>;

/** A class of objects whose changes carry digests. */
export type ObjectClass = keyof typeof STATE_FORMS;
