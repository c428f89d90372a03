import type { PartialDate } from '@lantai/values';

/** A span of whole months, both ends in it. A month is counted from year 0: `year * 12 + month - 1`. */
export interface MonthSpan {
  readonly from: number;
  readonly to: number;
}

/** The months a partial date may mean: all twelve where only the year is known. */
export const spanOfDate = ({ year, month }: PartialDate): MonthSpan =>
  month === undefined ? { from: year * 12, to: year * 12 + 11 } : { from: year * 12 + month - 1, to: year * 12 + month - 1 };

/** `1978-07`. */
export const formatMonth = (month: number): string =>
  `${String(Math.floor(month / 12)).padStart(4, '0')}-${String((month % 12) + 1).padStart(2, '0')}`;

export const spansMeet = (a: MonthSpan, b: MonthSpan): boolean => a.from <= b.to && b.from <= a.to;

/**
 * Whole years between two dates at most, by months: how old somebody born in `birth` can have been on `day`. A missing month is taken for the
 * kindest reading, so that an age rule is broken only where it surely is.
 */
export const yearsAtMost = (birth: PartialDate, day: PartialDate): number => Math.floor((spanOfDate(day).to - spanOfDate(birth).from) / 12);

/**
 * The months of birth that fit an age written in years, both ways of counting: 周岁, and 虚岁, by which a child is one at birth and a year older
 * at each new year of the lunar calendar, so the birth lies up to February of the year after. Source: domain rules §3.1 (weak evidence).
 */
export function birthsOfAge(ageYears: number, on: PartialDate): readonly [byBirthdays: MonthSpan, byNewYears: MonthSpan] {
  const { from, to } = spanOfDate(on);
  const lunarYear = on.year - ageYears + 1;
  // Before the lunar new year the year before is still counted.
  const isEarly = on.month === undefined || on.month <= 2;
  return [
    { from: from - ageYears * 12 - 12, to: to - ageYears * 12 },
    { from: (lunarYear - (isEarly ? 1 : 0)) * 12, to: lunarYear * 12 + 13 },
  ];
}
