import type { ShareSheet } from '@lantai/server';
import { renderSVG, renderUnicodeCompact } from 'uqr';
import type { Language } from './output.ts';

/** What the QR code holds: the lines of the share without blanks, which is read back as one row of symbols. */
const codeOf = (sheet: ShareSheet): string => sheet.lines.join('').replaceAll(' ', '');

const words = (sheet: ShareSheet, language: Language) => ({
  title:
    language === 'zh'
      ? `根密钥份额 第 ${sheet.number} 份（共 ${sheet.count} 份，任意 ${sheet.needed} 份可开启）`
      : `Share ${sheet.number} of ${sheet.count} of the root key; any ${sheet.needed} open it`,
  key: language === 'zh' ? `根密钥 ${sheet.rootName}，分割批次 ${sheet.set}` : `Root key ${sheet.rootName}, splitting ${sheet.set}`,
  check: language === 'zh' ? `核对词：${sheet.words.zh.join(' ')}` : `Check words: ${sheet.words.en.join(' ')}`,
  rule:
    language === 'zh'
      ? '由一人保管，封存于保险柜，不得与其他份额同处存放，不得拍照、复印或录入网络。保管人变动时应重新分割。'
      : 'Kept by one person, sealed in a safe, never beside another share, never photographed, copied or typed into a network. Split anew when the holder changes.',
  holder: language === 'zh' ? '保管人（签字）：　　　　　　　　日期：' : 'Holder (signature):                    Date:',
});

/** A share as lines for a terminal or a plain printer. */
export function formatSheet(sheet: ShareSheet, language: Language): string[] {
  const say = words(sheet, language);
  return [
    say.title,
    say.key,
    '',
    ...sheet.lines.map((line) => `    ${line}`),
    '',
    say.check,
    '',
    ...renderUnicodeCompact(codeOf(sheet)).split('\n'),
    '',
    say.rule,
  ];
}

/** A share as a page to be printed: A4, both languages, nothing fetched from anywhere. */
export function renderSheet(sheet: ShareSheet): string {
  const block = (language: Language) => {
    const say = words(sheet, language);
    return `<h1>${say.title}</h1><p>${say.key}</p><p class="check">${say.check}</p><p>${say.rule}</p><p class="holder">${say.holder}</p>`;
  };
  return `<!doctype html>
<html lang="zh-CN"><head><meta charset="utf-8"><title>${sheet.set}-${sheet.number}</title>
<style>
@page { size: A4; margin: 20mm }
body { font: 12pt/1.6 "Noto Sans CJK SC", "Microsoft YaHei", sans-serif; color: #000; background: #fff }
h1 { font-size: 14pt } pre { font: 18pt/1.7 monospace; letter-spacing: .05em } svg { width: 55mm; height: 55mm } .check { font-size: 14pt } .holder { margin: 10mm 0 }
</style></head><body>
${block('zh')}
<pre>${sheet.lines.join('\n')}</pre>
${renderSVG(codeOf(sheet))}
${block('en')}
</body></html>
`;
}
