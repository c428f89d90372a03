import { wordsOf } from '@lantai/contract';
import type { ReportDocument } from '@lantai/documents/sheets';
import { ArchiveError, parsePartialDate } from '@lantai/values';
import { accountNames } from '../access/index.ts';
import type { Archive } from '../archive/index.ts';
import { findHead, runSheetWorker } from '../catalogue/index.ts';
import type { Desk } from '../desk/index.ts';
import { type ConsultationDecision, type ConsultationRequest, type LeaderSignature, openWords } from './consultation-rows.ts';
import { getOwnOrReached, type ListedRow } from './list-consultations.ts';

type Language = 'zh' | 'en';

const WORDS = {
  zh: {
    title: '查（借）阅档案审批表',
    item: '项目',
    content: '内容',
    number: '申请编号',
    unit: '查阅单位',
    letter: '介绍信号',
    dossier: '被查阅档案',
    purpose: '查阅目的',
    reason: '查阅事由',
    contents: '查阅内容',
    whole: '整卷',
    rights: '申请权限',
    span: '查阅起止',
    readers: '查阅人',
    name: '姓名',
    member: '中共党员',
    attended: '到场并声明',
    signature: '签名',
    leader: '查阅单位领导意见',
    office: '档案部门意见',
    approver: '审批人',
    archiveLeader: '领导签批',
    asker: '经办人（申请）',
    state: '办理状态',
    signed: '{name}（签）　{day}　　　（盖章）',
    blank: '　　　　　　　　　　（签名、盖章）　　　　年　　月　　日',
    yes: '是',
    no: '否',
    notes: '查阅须知',
    rules: [
      '查阅人不得少于两人，一般应为中共党员；不得查阅本人及其亲属的档案。',
      '在指定地点、批准的时间和范围内阅看；不得涂改、圈划、抽取、撤换，不得私自拍摄、复制，不得泄露内容。',
      '摘录、复制须经批准，由档案人员办理、核对并登记。',
    ],
    excerpt: '摘抄范围、摘抄人',
    feedback: '查阅情况及归还记录',
  },
  en: {
    title: 'Request to consult (borrow) a dossier',
    item: 'Item',
    content: 'Content',
    number: 'Request',
    unit: 'Reading unit',
    letter: 'Letter no.',
    dossier: 'Dossier',
    purpose: 'Purpose',
    reason: 'Reason',
    contents: 'Contents',
    whole: 'the whole dossier',
    rights: 'Rights asked for',
    span: 'From and until',
    readers: 'Readers',
    name: 'Name',
    member: 'Party member',
    attended: 'Signed in and stated',
    signature: 'Signature',
    leader: 'Leader of the reading unit',
    office: 'Opinion of the archive',
    approver: 'Approved by',
    archiveLeader: 'Leader of the archive',
    asker: 'Asked by',
    state: 'State',
    signed: '{name} (signed)　{day}　　　(seal)',
    blank: '　　　　　　　　　　(signature, seal and date)',
    yes: 'yes',
    no: 'no',
    notes: 'Rules',
    rules: [
      'At least two readers, normally Party members; nobody consults the own dossier or that of a relative.',
      'Read where, when and what was approved; nothing is altered, marked, taken out or exchanged, photographed, copied or told.',
      'Excerpts and copies need leave; the archive makes, checks and registers them.',
    ],
    excerpt: 'Excerpts, and by whom',
    feedback: 'What was consulted, and its return',
  },
} as const;

const MINUTE_MS = 60_000;

/** What the form is laid out from, opened. */
interface FormFacts {
  readonly row: ListedRow;
  readonly subjectName: string | null;
  readonly request: ConsultationRequest | null;
  readonly decision: ConsultationDecision | null;
  readonly nameOf: (accountId: string) => string;
  readonly language: Language;
  readonly nowMs: number;
  readonly utcOffsetMinutes: number;
}

/**
 * The form 查（借）阅档案审批表 as a PDF, as far as it has been filled in; what is signed on paper has room. An entry that commits to its bytes.
 * @throws ArchiveError `consultation/not-found`, `dossier/not-found` (caller), `sheet/…` (environment)
 */
export async function printConsultationForm(
  archive: Archive,
  desk: Desk,
  consultationId: string,
  language: Language,
): Promise<{ readonly bytes: Uint8Array; readonly fileName: string }> {
  const action = desk.may('grant.make') ? 'grant.make' : 'grant.ask';
  const scope = desk.scope(action);
  const row = await getOwnOrReached(archive, desk, consultationId);
  const names = await accountNames(archive, archive.db, [
    row.made_by,
    ...(row.decided_by ? [row.decided_by] : []),
    ...row.readers.map((reader) => reader.accountId),
  ]);
  const { dossier_id: dossierId } = row;
  const head = dossierId ? await desk.act(action, (tx) => findHead(tx, archive, scope, { id: dossierId })) : null;
  if (dossierId && !head) throw new ArchiveError('dossier/not-found', 'caller');
  const facts: FormFacts = {
    row,
    subjectName: head?.subject.name ?? null,
    request: openWords<ConsultationRequest>(archive.sealer, 'request', row),
    decision: openWords<ConsultationDecision>(archive.sealer, 'decision', row),
    nameOf: (id) => names.get(id) ?? '',
    language,
    nowMs: archive.clock.nowMs(),
    utcOffsetMinutes: desk.utcOffsetMinutes,
  };
  const bytes = await runSheetWorker(archive.config, { report: layForm(facts) });
  // INVARIANT: what could not be written into the log is not handed out.
  await desk.act(action, (tx) =>
    tx.log({
      kind: 'consultation.form-printed',
      objectId: consultationId,
      ...(dossierId && head ? { dossierId, place: head.place } : {}),
      contentSha256: archive.sealer.primitives.hash('sha256', bytes),
    }),
  );
  return { bytes, fileName: `consultation-${consultationId.slice(-8)}.pdf` };
}

/** Lays the form out as tables, so that it prints on A4 without a template. */
function layForm(facts: FormFacts): ReportDocument {
  const { row, language, nowMs, utcOffsetMinutes } = facts;
  const w = WORDS[language];
  const day = new Date(nowMs + utcOffsetMinutes * MINUTE_MS).toISOString().slice(0, 10);
  return {
    title: w.title,
    language,
    madeOn: parsePartialDate(day),
    foot: `${w.number} ${row.id}　${day}`,
    sections: [
      { heading: '', lines: [], table: { columns: twoColumns(w), rows: requestRows(facts) } },
      {
        heading: w.readers,
        lines: [],
        table: {
          columns: [
            { label: w.name, share: 2 },
            { label: w.member, share: 1 },
            { label: w.attended, share: 1 },
            { label: w.signature, share: 2 },
          ],
          rows: row.readers.map((r) => [facts.nameOf(r.accountId), r.partyMember ? w.yes : w.no, r.stated ? w.yes : w.no, '']),
        },
      },
      { heading: '', lines: [], table: { columns: twoColumns(w), rows: decisionRows(facts) } },
      { heading: w.notes, lines: w.rules.map((rule, at) => `${at + 1}. ${rule}`) },
    ],
  };
}

const twoColumns = (w: (typeof WORDS)[Language]) => [
  { label: w.item, share: 1 },
  { label: w.content, share: 4 },
];

function requestRows({ row, request, subjectName, language, utcOffsetMinutes }: FormFacts): string[][] {
  const w = WORDS[language];
  const join = language === 'zh' ? '、' : ', ';
  const moment = (atMs: number) => new Date(atMs + utcOffsetMinutes * MINUTE_MS).toISOString().slice(0, 16).replace('T', ' ');
  return [
    [w.unit, request?.unitName ?? ''],
    [w.letter, request?.letterNo ?? ''],
    [w.dossier, subjectName === null ? row.code : `${row.code}　${subjectName}`],
    [w.purpose, row.purposes.map((purpose) => wordsOf(language, `purpose/${purpose}`)).join(join)],
    [w.reason, request?.reason ?? ''],
    [w.contents, request?.contents || w.whole],
    [w.rights, row.rights.map((right) => wordsOf(language, `grant-right/${right}`)).join(join)],
    [w.span, `${moment(row.from_ms)} — ${moment(row.until_ms)}`],
  ];
}

function decisionRows({ row, request, decision, nameOf, language }: FormFacts): string[][] {
  const w = WORDS[language];
  const signed = (leader: LeaderSignature | null | undefined): string =>
    leader ? w.signed.replace('{name}', leader.name).replace('{day}', leader.signedOn) : w.blank;
  return [
    [w.asker, nameOf(row.made_by)],
    [w.leader, signed(request?.leader)],
    [w.office, decision?.words ?? ''],
    [w.approver, row.decided_by ? nameOf(row.decided_by) : w.blank],
    [w.archiveLeader, signed(decision?.leader)],
    [w.state, wordsOf(language, `consultation-state/${row.state}`)],
    [w.excerpt, ''],
    [w.feedback, ''],
  ];
}
