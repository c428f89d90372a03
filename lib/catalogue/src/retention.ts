import type { PartialDate } from '@lantai/values';
import { RETENTION_CODE } from './boxes/box.ts';
import { findSchemeClass, type Retention, type RetentionStart, type Scheme } from './scheme.ts';
import { suggestTitle, type TitleIndex } from './titles.ts';

/**
 * A retention period by its code and the day from which it counts; what is kept for ever counts from none.
 * @returns null when the code is none of `Y`, `D1` … `D999`
 */
export function findRetention(code: string, from: RetentionStart): Retention | null {
  if (!RETENTION_CODE.test(code)) return null;
  return { code, from: code === 'Y' ? null : from };
}

/** Years of a period; null for permanent. */
export const retentionYears = ({ code }: Pick<Retention, 'code'>): number | null => (code === 'Y' ? null : Number(code.slice(1)));

/**
 * The retention period (保管期限) of a material: that of its title in the scheme, else that of its class. It is the least that it is kept,
 * never a leave to destroy.
 * @param index titles of the same scheme
 * @returns null where the scheme says nothing
 */
export function retentionOf(
  scheme: Scheme,
  index: TitleIndex,
  material: { readonly classCode: string | null; readonly title: string | null },
): Retention | null {
  const known = material.title === null ? null : suggestTitle(index, material.title);
  if (known) return known.title.retention;
  return material.classCode === null ? null : (findSchemeClass(scheme, material.classCode)?.retention ?? null);
}

/**
 * The last day on which a material must be kept, where it follows from its date alone: a period from the year of formation counts from
 * 1 January of the next year, so `D10` of 2014-05-06 ends on 2024-12-31 and may be appraised from 2025-01-01 on. Source: domain rules §8.3.
 * @returns null for permanent, for a period that another day starts, without a date, and beyond the year 2999
 */
export function lastDayKept(retention: Retention, date: PartialDate | null): PartialDate | null {
  const years = retentionYears(retention);
  if (years === null || retention.from !== 'formed' || date === null || date.year + years > 2999) return null;
  return { year: date.year + years, month: 12, day: 31 };
}

/** A period as a reader of a list sees it: 永久, 30年; Permanent, 30 years. */
export function formatRetention(retention: Retention, language: 'zh' | 'en'): string {
  const years = retentionYears(retention);
  if (years === null) return language === 'zh' ? '永久' : 'Permanent';
  return language === 'zh' ? `${years}年` : years === 1 ? '1 year' : `${years} years`;
}
