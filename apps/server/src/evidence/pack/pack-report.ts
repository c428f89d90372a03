import { wordsOf } from '@lantai/contract';
import type { ReportDocument, ReportSection } from '@lantai/documents/sheets';
import { parsePartialDate } from '@lantai/values';
import type { Archive } from '../../archive/index.ts';
import type { ShownDossier } from '../../catalogue/index.ts';
import type { PackEntry } from './pack-entries.ts';
import { type PackWord, packWord } from './pack-words.ts';
import type { PackDossier, PackSelection } from './select-dossiers.ts';

/** Why a pack is made. */
export type PackPurpose = 'archive_work' | 'verification' | 'audit';

/** Everything that the report of a pack tells. */
export interface PackStory {
  readonly language: 'zh' | 'en';
  readonly selection: PackSelection;
  readonly madeBy: string;
  readonly madeAtMs: number;
  readonly purpose: PackPurpose;
  readonly policy: { readonly version: number; readonly sha256: string };
  readonly dossiers: readonly PackDossier[];
  /** The dossiers as opened; empty in a pack without contents. */
  readonly shown: readonly ShownDossier[];
  readonly findings: readonly { readonly code: string; readonly count: number }[];
  readonly entries: readonly PackEntry[];
}

/** Entries printed; all are in history.json. */
const PRINTED_MAX = 2000;

/** China's wall time to the second: what the report's readers live by. */
const moment = (atMs: number) => `${new Date(atMs + 8 * 3_600_000).toISOString().slice(0, 19).replace('T', ' ')} +08:00`;

/** Lays out the readable report of a pack. */
export function layPackReport(archive: Archive, story: PackStory): ReportDocument {
  const { language, shown, madeAtMs } = story;
  const w = (word: PackWord, params?: Record<string, string | number>) => packWord(language, word, params);
  const title = w(shown.length ? 'auditPack' : 'evidencePack');
  return {
    title,
    language,
    madeOn: parsePartialDate(moment(madeAtMs).slice(0, 10)),
    foot: `${title}　${moment(madeAtMs)}`,
    sections: [
      aboutSection(archive, story, w),
      dossierSection(story, w),
      ...shown.map((dossier) => catalogueSection(dossier, w)),
      ...(shown.length ? [findingSection(story, w)] : []),
      historySection(story, w),
    ],
  };
}

type Words = (word: PackWord, params?: Record<string, string | number>) => string;

function aboutSection({ identity }: Archive, story: PackStory, w: Words): ReportSection {
  const { selection, madeBy, madeAtMs, purpose, policy } = story;
  const period = selection.kind === 'period' ? `: ${moment(selection.fromMs)} — ${moment(selection.toMs)}` : '';
  return {
    heading: w('about'),
    lines: [
      `${w('archive')}: ${identity.archiveId}`,
      `${w('log')}: ${identity.logOrigin}`,
      `${w('keys')}: ${identity.logKeys.join('  ')}`,
      `${w('madeBy')}: ${madeBy}`,
      `${w('madeAt')}: ${moment(madeAtMs)}`,
      `${w('purpose')}: ${w(`purpose-${purpose}`)}`,
      `${w('selection')}: ${w(`selection-${selection.kind}`)}${period}`,
      policy.version === 0 ? w('policyDefault', policy) : w('policy', policy),
      w('cut'),
      w('check'),
    ],
  };
}

function dossierSection({ dossiers }: PackStory, w: Words): ReportSection {
  const columns = [
    { label: w('code'), share: 4 },
    { label: w('unit'), share: 3 },
    { label: w('category'), share: 3 },
    { label: w('level'), share: 1.5 },
    { label: w('materials'), share: 2 },
    { label: w('pages'), share: 2 },
  ];
  const rows = dossiers.map((d) => [
    d.code,
    d.unitCode,
    d.place.category,
    String(d.place.level),
    String(d.materialCount),
    String(d.pageCount),
  ]);
  return { heading: w('dossiers'), lines: [], table: { columns, rows } };
}

function catalogueSection(dossier: ShownDossier, w: Words): ReportSection {
  const columns = [
    { label: w('class'), share: 1.5 },
    { label: w('code'), share: 4 },
    { label: w('title'), share: 7 },
    { label: w('date'), share: 2.5 },
    { label: w('pages'), share: 1.5 },
  ];
  const rows = dossier.materials.map((m) => [m.classCode ?? '', m.code ?? '', m.title, m.date ?? '', String(m.pages)]);
  const heading = w('catalogue', { code: `${dossier.code}　${dossier.name}` });
  return rows.length ? { heading, lines: [], table: { columns, rows } } : { heading, lines: [w('none')] };
}

function findingSection({ findings, language }: PackStory, w: Words): ReportSection {
  if (!findings.length) return { heading: w('findings'), lines: [w('none')] };
  const columns = [
    { label: w('finding'), share: 10 },
    { label: w('count'), share: 2 },
  ];
  // Of many findings of a code the words cannot fill in one place.
  const rows = findings.map(({ code, count }) => [wordsOf(language, code).replace(/\{\w+\}/g, '…'), String(count)]);
  return { heading: w('findings'), lines: [], table: { columns, rows } };
}

function historySection({ entries, dossiers, language }: PackStory, w: Words): ReportSection {
  const codes = new Map(dossiers.map((d) => [d.dossierId, d.code]));
  const printed = entries.slice(-PRINTED_MAX);
  const isCut = printed.length < entries.length;
  const columns = [
    { label: w('time'), share: 4 },
    { label: w('who'), share: 3 },
    { label: w('act'), share: 4 },
    { label: w('code'), share: 3 },
  ];
  const rows = printed.map((e) => [
    moment(e.atMs).slice(0, 19),
    e.actor?.name || w('system'),
    wordsOf(language, `entry/${e.kind}`),
    (e.dossierId && codes.get(e.dossierId)) ?? '',
  ]);
  return {
    heading: w('history'),
    lines: [isCut ? w('historyCut', { shown: printed.length, total: entries.length }) : w('historyAll', { total: entries.length })],
    table: { columns, rows },
  };
}
