import type { Language } from './words.tsx';

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** A partial date as people write it: 2012年3月9日, 9 Mar 2012; only what is known. */
export function sayPartialDate(text: string, language: Language): string {
  const [year, month, day] = text.split('-').map(Number);
  if (language === 'zh') return `${year}年${month ? `${month}月` : ''}${day ? `${day}日` : ''}`;
  return `${day ? `${day} ` : ''}${month ? `${MONTHS[month - 1]} ` : ''}${year}`;
}

/** A moment in the time zone of the reader, to the minute. */
export function sayMoment(atMs: number, language: Language): string {
  return new Intl.DateTimeFormat(language === 'zh' ? 'zh-CN' : 'en-GB', {
    dateStyle: 'medium',
    timeStyle: 'short',
    hourCycle: 'h23',
  }).format(atMs);
}

/** A moment to the second, as a log tells it. */
export function sayInstant(atMs: number, language: Language): string {
  return new Intl.DateTimeFormat(language === 'zh' ? 'zh-CN' : 'en-GB', {
    dateStyle: 'medium',
    timeStyle: 'medium',
    hourCycle: 'h23',
  }).format(atMs);
}

/** Hours and minutes only. */
export function sayClock(atMs: number, language: Language): string {
  return new Intl.DateTimeFormat(language === 'zh' ? 'zh-CN' : 'en-GB', { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' }).format(
    atMs,
  );
}

/** A day only. */
export function sayDay(atMs: number, language: Language): string {
  return new Intl.DateTimeFormat(language === 'zh' ? 'zh-CN' : 'en-GB', { dateStyle: 'medium' }).format(atMs);
}

/** Bytes with a unit of 1,000. */
export function sayBytes(bytes: number): string {
  const units = ['B', 'kB', 'MB', 'GB'];
  let value = bytes;
  let at = 0;
  while (value >= 999.5 && at < units.length - 1) {
    value /= 1000;
    at++;
  }
  return `${value >= 100 || at === 0 ? Math.round(value) : value.toFixed(1)} ${units[at]}`;
}
