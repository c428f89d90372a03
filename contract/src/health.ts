import { z } from 'zod';
import { defineEndpoint } from './endpoint.ts';

export const Health = z
  .object({
    status: z.enum(['ok', 'degraded', 'failing']),
    version: z.string(),
    checks: z.array(
      z.object({
        code: z
          .string()
          .describe('`health/database`, `health/reader`, or that of a finding about the keys, such as `key/same-disk-as-data` …'),
        status: z.enum(['ok', 'warning', 'failing']),
        params: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])).optional(),
      }),
    ),
  })
  .meta({ id: 'Health' });
export type Health = z.infer<typeof Health>;

export const healthEndpoints = {
  getHealth: defineEndpoint({
    method: 'GET',
    path: '/api/v1/health',
    tag: 'health',
    right: 'open',
    summary: { zh: '运行状况', en: 'Health' },
    description: 'To anybody: status and version. To a signed-in account also the checks.',
    answers: { 200: Health, 503: Health },
  }),
} as const;
