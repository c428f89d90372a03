import { pinyin } from 'pinyin-pro';

/** Readings tried for one name at most; beyond it the rarer readings of the last characters are left out. */
const READINGS_MAX = 24;
/** Shorter prefixes would be the same few tokens for everybody. */
const PREFIX_MIN = 2;

/** How people type a syllable: ü as v, u or yu. */
function spellings(syllable: string): string[] {
  if (!syllable.includes('ü')) return [syllable];
  return [syllable.replaceAll('ü', 'v'), syllable.replaceAll('ü', 'u'), syllable.replaceAll('ü', 'yu')];
}

const isHan = (char: string): boolean => /^\p{Script=Han}$/u.test(char);

/** All readings of one character, the likeliest first. */
function readingsOf(char: string, likely: string): string[] {
  const all = isHan(char) ? pinyin(char, { multiple: true, toneType: 'none', type: 'array' }) : [];
  return [...new Set([likely, ...all])].filter((s) => /^[a-zü]+$/.test(s)).flatMap(spellings);
}

/** The parts of a name that are spoken one by one: each Han character, each run of Latin letters. */
function partsOfName(name: string): string[] {
  return (
    name
      .normalize('NFKC')
      .toLowerCase()
      .match(/\p{Script=Han}|[a-zü]+/gu) ?? []
  );
}

/** Every way to speak a name, as syllables. Surnames are read as surnames first (单 shan, 曾 zeng, 尉迟 yuchi). */
function readingsOfName(name: string): string[][] {
  const parts = partsOfName(name);
  const hanOnly = parts.filter(isHan);
  const inContext = hanOnly.length ? pinyin(hanOnly.join(''), { surname: 'head', toneType: 'none', type: 'array' }) : [];
  let readings: string[][] = [[]];
  let at = 0;
  for (const part of parts) {
    const choices = isHan(part) ? readingsOf(part, inContext[at++] ?? '') : [part];
    if (!choices.length) continue;
    const wider = readings.flatMap((reading) => choices.map((syllable) => [...reading, syllable]));
    readings = wider.length > READINGS_MAX ? readings.map((reading) => [...reading, choices[0]!]) : wider;
  }
  return readings.filter((reading) => reading.length > 0);
}

/**
 * Every text of two letters or more by which a name is found in pinyin: the beginnings of its syllables from any of them on
 * (`zhangweiming`, `weiming`), of its initials (`zwm`), and of the surname spelled out before initials (`zhangwm`).
 */
export function pinyinForms(name: string): Set<string> {
  const forms = new Set<string>();
  const addBeginnings = (text: string) => {
    for (let length = PREFIX_MIN; length <= text.length; length++) forms.add(text.slice(0, length));
  };
  for (const syllables of readingsOfName(name)) {
    const initials = syllables.map((s) => s[0]).join('');
    for (let from = 0; from < syllables.length; from++) addBeginnings(syllables.slice(from).join(''));
    addBeginnings(initials);
    addBeginnings(syllables[0]! + initials.slice(1));
    if (syllables.length > 3) addBeginnings(syllables[0]! + syllables[1]! + initials.slice(2));
  }
  return forms;
}

/** Whether letters typed (ü as v) find this name. */
export function matchesPinyin(name: string, letters: string): boolean {
  if (letters.length < PREFIX_MIN) return false;
  return pinyinForms(name).has(letters);
}
