import type { Policy } from './model.ts';

/** The three classifications of state secrets. Source: 保守国家秘密法 article 14. */
const CLASSIFICATIONS: readonly string[] = ['秘密', '机密', '绝密'];

/**
 * The lowest level that is classified (涉密): the first that bears the name of a classification. In a policy that names none, every level above the
 * lowest: what cannot be told is kept in.
 */
export function classifiedFrom({ levels }: Pick<Policy, 'levels'>): number {
  const named = levels.findIndex(({ zh }) => CLASSIFICATIONS.includes(zh.trim()));
  return named >= 0 ? named : 1;
}
