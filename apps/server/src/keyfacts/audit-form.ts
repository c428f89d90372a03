import type { KeyFact } from '@lantai/catalogue';
import { wordsOf } from '@lantai/contract';
import type { PlainTable, ReportDocument } from '@lantai/documents/sheets';
import { Masker } from '@lantai/search';
import { ArchiveError, formatPartialDate, parsePartialDate } from '@lantai/values';
import type { Archive } from '../archive/index.ts';
import { type DossierHead, type FiledDossier, findHead, readFiledDossier, runSheetWorker } from '../catalogue/index.ts';
import type { Desk } from '../desk/index.ts';
import { type DeterminationBody, determinedOf, openBody, readDeterminations } from './determination-rows.ts';
import { careerOfDossier, judgeDossier } from './judge-dossier.ts';
import { marksByMaterial, readMarks } from './mark-assertion.ts';

type Language = 'zh' | 'en';

const MINUTE_MS = 60_000;
/** What a signature needs. */
const BLANK = {
  zh: '　　　　　　　　　　（签名、盖章）　　　　年　　月　　日',
  en: '　　　　　　　　　　(signature, seal and date)',
} as const;
const say = (language: Language, key: string): string => wordsOf(language, `audit-form/${key}`);

/**
 * The form 干部人事档案任前审核登记表 as a PDF or a workbook, filled from the key facts as they are held now; posts, opinions and signatures have room.
 * Source: domain rules §3.7. Identity numbers stay masked. An entry that commits to its bytes.
 * @throws ArchiveError `dossier/not-found` (caller), `sheet/…` (environment)
 */
export async function makeAuditForm(
  archive: Archive,
  desk: Desk,
  dossierId: string,
  language: Language,
  format: 'pdf' | 'xlsx' = 'pdf',
): Promise<{ readonly bytes: Uint8Array; readonly mediaType: string; readonly fileName: string }> {
  const { accountId } = desk.actor;
  const read = await desk.act('catalogue.export', async (tx, scope) => {
    const head = await findHead(tx, archive, scope, { id: dossierId });
    if (!head) throw new ArchiveError('dossier/not-found', 'caller');
    const dossier = await readFiledDossier(tx, archive, scope, dossierId);
    const rows = await readDeterminations(tx, dossierId, accountId);
    const determinations = determinedOf(archive.sealer, rows);
    const facts = judgeDossier(archive, dossier, { determinations, marks: marksByMaterial(await readMarks(tx, dossierId)) });
    const bodies = rows.filter((r) => r.state === 'confirmed').map((r) => ({ fact: r.fact, ...openBody(archive.sealer, r) }));
    return { head, dossier, facts, bodies };
  });
  const day = new Date(archive.clock.nowMs() + desk.utcOffsetMinutes * MINUTE_MS).toISOString().slice(0, 10);
  const report = layForm({ ...read, language, day });
  const bytes = await runSheetWorker(archive.config, format === 'pdf' ? { report } : { tables: tablesOf(report) });
  const { place } = read.dossier;
  // INVARIANT: what could not be written into the log is not handed out.
  await desk.act('catalogue.export', (tx) =>
    tx.log({
      kind: 'key-facts.form-made',
      place,
      dossierId,
      objectId: dossierId,
      contentSha256: archive.sealer.primitives.hash('sha256', bytes),
    }),
  );
  const fileName = `${read.dossier.code.replace(/[^A-Za-z0-9-]/g, '_')}-audit.${format}`;
  return { bytes, mediaType: MEDIA_TYPES[format], fileName };
}

const MEDIA_TYPES = {
  pdf: 'application/pdf',
  xlsx: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
} as const;

/** Characters of a column of one share. */
const SHARE_WIDTH = 18;

/** The parts of the form as sheets of a workbook: the same words, to be filled in and sorted. */
const tablesOf = ({ sections }: ReportDocument): PlainTable[] =>
  sections.flatMap(({ heading, table }) =>
    table
      ? [
          {
            name: heading,
            columns: table.columns.map(({ label, share }) => ({ heading: label, width: share * SHARE_WIDTH })),
            rows: table.rows,
          },
        ]
      : [],
  );

interface FormFacts {
  readonly head: DossierHead;
  readonly dossier: FiledDossier;
  readonly facts: readonly KeyFact[];
  readonly bodies: readonly (DeterminationBody & { readonly fact: string })[];
  readonly language: Language;
  readonly day: string;
}

/** Lays the form out as tables, so that it prints on A4 without a template. */
function layForm(form: FormFacts): ReportDocument {
  const { head, dossier, facts, language, day } = form;
  const two = [
    { label: say(language, 'item'), share: 1 },
    { label: say(language, 'content'), share: 4 },
  ];
  const missing = facts.flatMap((f) => f.notes).filter((n) => n.severity === 'warning' && /-(?:missing|unproved)$/.test(n.code));
  const marked = facts.filter((f) => f.assertions.some((a) => a.mark)).map((f) => say(language, `fact.${f.code}`));
  return {
    title: say(language, 'title'),
    language,
    madeOn: parsePartialDate(day),
    foot: `${dossier.code}　${day}`,
    sections: [
      {
        heading: say(language, 'person'),
        lines: [],
        table: {
          columns: two,
          rows: [
            [say(language, 'name'), head.subject.name],
            [say(language, 'dossier'), dossier.code],
            [say(language, 'post'), ''],
            [say(language, 'future-post'), ''],
          ],
        },
      },
      {
        heading: say(language, 'facts'),
        lines: [],
        table: {
          columns: ['fact', 'newest', 'earliest', 'others', 'result'].map((key) => ({
            label: say(language, key),
            share: key === 'others' ? 3 : 2,
          })),
          rows: facts.map((fact) => factRow(fact, form)),
        },
      },
      {
        heading: say(language, 'career'),
        lines: [],
        table: {
          columns: ['from', 'to', 'kind', 'place', 'proof'].map((key) => ({
            label: say(language, `career.${key}`),
            share: key === 'place' || key === 'proof' ? 3 : 1,
          })),
          rows: careerRows(form),
        },
      },
      {
        heading: say(language, 'opinion'),
        lines: [],
        table: {
          columns: two,
          rows: [
            [say(language, 'altered'), marked.join('、') || say(language, 'none')],
            [say(language, 'lacking'), missing.map((n) => wordsOf(language, n.code, n.params)).join('；') || say(language, 'none')],
            [say(language, 'reviewer'), BLANK[language]],
            [say(language, 'second-reviewer'), BLANK[language]],
            [say(language, 'unit-opinion'), BLANK[language]],
          ],
        },
      },
    ],
  };
}

/** The career as the materials give it; a line that says so where they give none. */
function careerRows({ dossier, language }: FormFacts): string[][] {
  const masker = new Masker();
  const rows = careerOfDossier(dossier).map((row) => [
    row.from,
    row.to,
    say(language, `career.${row.kind}`),
    masker.text(row.place),
    row.materialIds.map((id) => masker.text(dossier.materials.find((m) => m.id === id)?.title ?? '')).join('、'),
  ]);
  return rows.length ? rows : [['', '', '', say(language, 'career.none'), '']];
}

/** One fact: what the newest material says, what the earliest, who else says something else, and what follows. */
function factRow(fact: KeyFact, { dossier, bodies, language }: FormFacts): string[] {
  const masker = new Masker();
  const name = dossier.nameOf(fact.code);
  const titleOf = (id: string) => masker.text(dossier.materials.find((m) => m.id === id)?.title ?? '');
  const told = (a: KeyFact['assertions'][number] | undefined) =>
    a
      ? `${masker.text(masker.field(name, a.value ?? a.written))}\n${titleOf(a.materialId)}${a.madeOn ? ` ${formatPartialDate(a.madeOn)}` : ''}`
      : '';
  const body = bodies
    .filter((b) => b.fact === fact.code)
    .reduce<DeterminationBody | null>((best, b) => (best && b.decidedOn < best.decidedOn ? best : b), null);
  const others = fact.conflicts.map((c) => `${masker.field(name, c.value)} ${titleOf(c.materialId)}`);
  const notes = fact.notes.filter((n) => n.severity === 'warning').map((n) => wordsOf(language, n.code, n.params));
  const result = [
    say(language, `result.${fact.result}`),
    ...(body ? [`${masker.field(name, body.value)} ${body.organisation} ${body.documentNo} ${body.decidedOn}`] : []),
  ];
  const dated = fact.assertions.filter((a) => a.madeOn !== null);
  return [
    say(language, `fact.${fact.code}`),
    told(dated.at(-1)),
    told(dated[0] ?? fact.assertions[0]),
    [...others, ...notes].join('\n'),
    result.join('\n'),
  ];
}
