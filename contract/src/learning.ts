import { z } from 'zod';
import { defineEndpoint } from './endpoint.ts';
import { Id, TimeMs } from './values.ts';

/** Learning by settled proposals: docs/spec/learning.md. Counts and codes; no title and no name is told. */
const LearningRights = z
  .object({
    classes: z.int().describe('Materials whose class was right.'),
    titles: z.int(),
    sure: z.int().describe('Values said with more than 0.95.'),
    sureRight: z.int().describe('Of those, the right ones.'),
  })
  .meta({ id: 'LearningRights' });

const LearningEvaluation = z
  .object({
    heldOut: z.int().describe('The last materials settled, which the model measured had not seen.'),
    rules: LearningRights.describe('The rules alone, on those.'),
    candidate: LearningRights.describe('Rules and new model, on those.'),
    before: LearningRights.extend({ of: z.int(), candidate: z.int() })
      .nullable()
      .describe('The model in force before, on those of them that it had not seen either; `candidate`: right values of the new one there.'),
    changed: z.int().describe('Values that the new model said otherwise than the rules.'),
    changedRight: z.int(),
    verdict: z.enum(['better', 'too-few', 'no-gain', 'worse', 'unsure']),
  })
  .meta({ id: 'LearningEvaluation' });

const LearningChanges = z
  .object({
    of: z.int().describe('Proposed materials that wait for a person.'),
    classes: z.array(z.object({ from: z.string().nullable(), to: z.string().nullable(), count: z.int() })),
    titles: z.int(),
  })
  .meta({
    id: 'LearningChanges',
    description: 'What the new model would propose otherwise than what was in force. Nothing that waits is changed by it.',
  });

export const LearningModel = z
  .object({
    id: Id,
    number: z.int(),
    state: z.enum(['in_force', 'kept', 'refused', 'forgotten']),
    digest: z.string().nullable(),
    examples: z.int(),
    corrected: z.int(),
    evaluation: LearningEvaluation,
    changes: LearningChanges,
    madeAtMs: TimeMs,
  })
  .meta({ id: 'LearningModel' });
export type LearningModel = z.infer<typeof LearningModel>;

const Learning = z
  .object({
    fondsId: Id,
    fondsCode: z.string(),
    schemeId: z.string(),
    settled: z.int(),
    corrected: z.int(),
    fresh: z.int().describe('Corrections that no model was trained on yet.'),
    isTraining: z.boolean(),
    models: z.array(LearningModel).describe('The newest first.'),
  })
  .meta({ id: 'Learning' });

/** What the archive learned of settled proposals. */
export const learningEndpoints = {
  listLearning: defineEndpoint({
    method: 'GET',
    path: '/api/v1/learning',
    tag: 'jobs',
    right: 'jobs.read',
    summary: { zh: '著录建议的学习情况', en: 'What was learned of settled proposals' },
    description: 'For each fonds that the post takes in whole, by scheme: examples, models, how they were measured and what they change.',
    answers: { 200: z.object({ items: z.array(Learning) }).meta({ id: 'LearningList' }) },
  }),
  askLearning: defineEndpoint({
    method: 'POST',
    path: '/api/v1/learning',
    tag: 'jobs',
    right: 'jobs.manage',
    summary: { zh: '立即学习', en: 'Train now' },
    description: 'Queued as a job. A model takes the place of the last only when it is better on materials that it had not seen.',
    body: z.object({ fondsId: Id, schemeId: z.string().max(60) }).meta({ id: 'LearningOrder' }),
    answers: { 202: { empty: 'Queued.' } },
    problems: [404],
  }),
  useLearningModel: defineEndpoint({
    method: 'PUT',
    path: '/api/v1/learning/{modelId}/use',
    tag: 'jobs',
    right: 'jobs.manage',
    summary: { zh: '启用或停用某一版', en: 'Put a kept model in force, or take the one in force out' },
    params: z.object({ modelId: Id }),
    body: z.object({ isUsed: z.boolean().describe('False: the rules propose alone.') }).meta({ id: 'LearningUse' }),
    answers: { 204: { empty: 'Done.' } },
    problems: [404],
  }),
};
