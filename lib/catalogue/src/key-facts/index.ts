export { type CareerRow, careerOf } from './career.ts';
export { determinationTitles, type EvidenceWords, loadEvidenceWords } from './evidence-words.ts';
export { judgeKeyFacts, type KeyFactsInput } from './judge.ts';
export { type LunarDate, lunarOfSolarDay, readLunarDate, solarDaysOfLunar } from './lunar.ts';
export * from './model.ts';
