import type { PropertyCheck } from '@lantai/contract';
import { utf8 } from '@lantai/values';

/** What XML 1.0 has no way to write is left out as U+FFFD; the rest is escaped. */
const text = (value: string): string =>
  value
    // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is looked for
    .replace(/[\u0000-\u0008\u000B\u000C\u000E-\u001F\uFFFE\uFFFF]|\p{Surrogate}/gu, '\uFFFD')
    .replace(/&/g, '&amp;')
    .replace(/</g, '&lt;')
    .replace(/>/g, '&gt;')
    .replace(/"/g, '&quot;')
    .replace(/[\t\r\n]/g, (c) => `&#${c.charCodeAt(0)};`);

type Attributes = Readonly<Record<string, string | number | boolean | null | undefined>>;

function element(depth: number, name: string, attributes: Attributes, children: readonly string[] = []): string {
  const said = Object.entries(attributes).flatMap(([key, value]) =>
    value === null || value === undefined ? [] : [` ${key}="${text(String(value))}"`],
  );
  const open = `${'  '.repeat(depth)}<${name}${said.join('')}`;
  return children.length ? `${open}>\n${children.join('\n')}\n${'  '.repeat(depth)}</${name}>` : `${open}/>`;
}

const leaf = (depth: number, name: string, attributes: Attributes, content: string): string =>
  `${element(depth, name, attributes).slice(0, -2)}>${text(content)}</${name}>`;

const moment = (ms: number | null) => (ms === null ? null : new Date(ms).toISOString());

/** The namespace of the report; docs/spec/four-properties.md, section 5, and four-properties.xsd beside it. */
export const REPORT_NAMESPACE = 'urn:lantai:four-properties:1';

/** A check as XML, UTF-8. The same check gives the same bytes. */
export function writeCheckXml(check: PropertyCheck, archiveId: string): Uint8Array {
  const root = element(
    0,
    'fourPropertyCheck',
    {
      xmlns: REPORT_NAMESPACE,
      id: check.id,
      archive: archiveId,
      dossier: check.dossierId,
      dossierCode: check.dossierCode,
      moment: check.moment,
      standard: check.standard,
      state: check.state,
      stoppedBy: check.code,
      checkTime: moment(check.startedAtMs),
      endTime: moment(check.endedAtMs),
      checkResult: check.verdict,
    },
    [leaf(1, 'source', {}, check.source), element(1, 'counts', { ...check.counts }), ...check.items.map((item) => itemXml(item))],
  );
  return utf8(`<?xml version="1.0" encoding="UTF-8"?>\n${root}\n`);
}

function itemXml(item: PropertyCheck['items'][number]): string {
  const { code, property, object, blocking, result, machine, reason, checked, findingCount, answer } = item;
  return element(1, 'item', { code, property, object, blocking, result, machine, reason, checked, findings: findingCount }, [
    leaf(2, 'name', { 'xml:lang': 'zh' }, item.name.zh),
    leaf(2, 'name', { 'xml:lang': 'en' }, item.name.en),
    ...Object.entries(item.measured).map(([name, value]) => element(2, 'measured', { name, value })),
    ...item.findings.map((f) =>
      element(
        2,
        'finding',
        { code: f.code, weight: f.weight, objectKind: f.object.kind, objectId: f.object.id },
        Object.entries(f.params).map(([name, value]) => element(3, 'param', { name, value })),
      ),
    ),
    ...(answer ? [leaf(2, 'answer', { result: answer.result, by: answer.byName, time: moment(answer.atMs) }, answer.words)] : []),
  ]);
}
