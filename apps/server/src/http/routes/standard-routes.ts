import type { QualityCheck, QualityStandard, Scheme } from '@lantai/catalogue';
import type { Finding } from '@lantai/values';
import {
  adoptStandard,
  draftQuality,
  findQualityItems,
  listStandards,
  readSchemes,
  readStandardText,
  tryStandard,
  withdrawStandard,
} from '../../catalogue/index.ts';
import type { Handlers } from '../handler.ts';

type StandardHandlers = Pick<
  Handlers,
  'listStandards' | 'getStandardText' | 'draftQuality' | 'tryStandard' | 'adoptStandard' | 'withdrawStandard'
>;

function aboutOf(check: QualityCheck): string[] {
  if ('any' in check) return [...check.any];
  if (check.kind === 'needs') return [...check.classes];
  return check.kind === 'findings' ? [...check.codes] : [];
}

const yearOf = (check: QualityCheck, bound: 'from' | 'until'): number | null =>
  bound in check ? ((check as { readonly [key in typeof bound]?: number | null })[bound] ?? null) : null;

const itemView = ({ code, points, veto, text, checks }: QualityStandard['items'][number], conditions: Scheme['conditions']) => ({
  code,
  points,
  veto,
  text,
  checks: checks.map((c) => ({
    kind: c.kind,
    lost: 'lost' in c ? c.lost : null,
    about: aboutOf(c),
    fromYear: yearOf(c, 'from'),
    untilYear: yearOf(c, 'until'),
    when: c.when.map((when) => conditions[when] ?? { zh: when, en: when }),
  })),
});

const told = ({ code, params }: Finding) => ({ code, params: { ...params } });

export const standardHandlers: StandardHandlers = {
  listStandards: async ({ archive }) => ({
    standards: (await listStandards(archive.db, archive)).map((s) => ({ ...s, versions: s.versions.map((v) => ({ ...v })) })),
  }),
  getStandardText: async ({ archive, params: { kind, standardId, version } }) => {
    const yaml = await readStandardText(archive.db, archive, { kind, id: standardId, version });
    if (kind !== 'quality') return { yaml, items: null };
    const conditions = Object.assign({}, ...(await readSchemes(archive.db, archive)).map((s) => s.conditions)) as Scheme['conditions'];
    return { yaml, items: findQualityItems(yaml)?.map((item) => itemView(item, conditions)) ?? null };
  },
  draftQuality: async ({ archive, desk, params, body }) => ({
    yaml: await draftQuality(archive, await desk(), { id: params.standardId, source: body.source, edits: body.edits }),
  }),
  tryStandard: async ({ archive, desk, body }) => {
    const { problems, differences, ...trial } = await tryStandard(archive, await desk(), body.kind, body.yaml);
    return { ...trial, problems: problems.map(told), differences: differences.map(told) };
  },
  adoptStandard: async ({ archive, desk, body, reply }) =>
    reply.status(201).send(await adoptStandard(archive, await desk(), { kind: body.kind, text: body.yaml, effectiveOn: body.effectiveOn })),
  withdrawStandard: async ({ archive, desk, params, reply }) => {
    await withdrawStandard(archive, await desk(), params.standardVersionId);
    return reply.status(204).send();
  },
};
