import { utf8 } from '@lantai/values';
import { formatWallTime } from '../archive/index.ts';
import type { Breach } from './breaches.ts';

const WORDS = {
  zh: {
    authority: '个人信息安全事件报告',
    persons: '个人信息安全事件告知书',
    drill: '【演练】本文书为演练所用，未发生真实事件。',
    lead: '依据《中华人民共和国个人信息保护法》第五十七条，现将有关情况{to}如下：',
    toAuthority: '报告',
    toPersons: '告知',
    found: '发现时间',
    count: '涉及人数',
    kinds: '一、发生或者可能发生泄露、篡改、丢失的信息种类',
    cause: '二、原因',
    harm: '三、可能造成的危害',
    remedies: '四、已采取的补救措施和个人可以采取的减轻危害的措施',
    contact: '五、联系方式',
    sign: '（盖章）　　　　年　　月　　日',
  },
  en: {
    authority: 'Report of a personal-information security incident',
    persons: 'Notice of a personal-information security incident',
    drill: '[DRILL] Written for a drill; nothing has happened.',
    lead: 'Under article 57 of the Personal Information Protection Law, we {to} as follows:',
    toAuthority: 'report',
    toPersons: 'inform you',
    found: 'Found at',
    count: 'Persons concerned',
    kinds: '1. Kinds of information leaked, altered or lost, or that may be',
    cause: '2. Cause',
    harm: '3. Harm that may come of it',
    remedies: '4. Remedies taken, and what a person can do',
    contact: '5. Contact',
    sign: '(Seal and date)',
  },
} as const;

const escapeHtml = (text: string): string =>
  text.replace(/[&<>"']/g, (c) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' })[c] ?? c);

/**
 * The notice of article 57 as one HTML page on A4, without script or anything fetched: it prints, and word processors open it.
 * Every text is escaped.
 */
export function writeBreachNotice(
  breach: Breach,
  to: 'authority' | 'persons',
  language: 'zh' | 'en',
  utcOffsetMinutes: number,
): Uint8Array {
  const w = WORDS[language];
  const section = (heading: string, text: string) =>
    `<h2>${heading}</h2>${text
      .split(/\n+/)
      .map((p) => `<p>${escapeHtml(p)}</p>`)
      .join('')}`;
  const lead = w.lead.replace('{to}', to === 'authority' ? w.toAuthority : w.toPersons);
  return utf8(`<!doctype html>
<html lang="${language === 'zh' ? 'zh-CN' : 'en'}"><head><meta charset="utf-8"><title>${w[to]}</title>
<style>@page{size:A4;margin:28mm 26mm}body{font:16px/1.8 "FangSong","STFangsong",serif;max-width:42em;margin:auto}h1{font-size:24px;text-align:center}h2{font-size:17px}p{margin:.3em 0;text-indent:2em}.drill{border:2px solid;padding:.4em;text-indent:0}.sign{text-align:right;margin-top:3em}</style></head>
<body><h1>${w[to]}</h1>${breach.isDrill ? `<p class="drill">${w.drill}</p>` : ''}
<p>${lead}</p><p>${escapeHtml(breach.title)}</p><p>${w.found}：${formatWallTime(breach.foundAtMs, utcOffsetMinutes)}　${w.count}：${breach.personsCount}</p>
${section(w.kinds, breach.kinds)}${section(w.cause, breach.cause)}${section(w.harm, breach.harm)}${section(w.remedies, breach.remedies)}${section(w.contact, breach.contact)}
<p class="sign">${w.sign}</p></body></html>
`);
}
