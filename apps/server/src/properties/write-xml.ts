import type { PropertyCheck } from '@lantai/contract';
import { utf8 } from '@lantai/values';
import { xmlElement, xmlLeaf, xmlMoment } from './xml.ts';

/** The namespace of the report; docs/spec/four-properties.md, section 5, and four-properties.xsd beside it. */
export const REPORT_NAMESPACE = 'urn:lantai:four-properties:1';

/** A check as XML, UTF-8. The same check gives the same bytes. */
export function writeCheckXml(check: PropertyCheck, archiveId: string): Uint8Array {
  const root = xmlElement(
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
      checkTime: xmlMoment(check.startedAtMs),
      endTime: xmlMoment(check.endedAtMs),
      checkResult: check.verdict,
    },
    [xmlLeaf(1, 'source', {}, check.source), xmlElement(1, 'counts', { ...check.counts }), ...check.items.map((item) => itemXml(item))],
  );
  return utf8(`<?xml version="1.0" encoding="UTF-8"?>\n${root}\n`);
}

function itemXml(item: PropertyCheck['items'][number]): string {
  const { code, property, object, blocking, result, machine, reason, checked, findingCount, answer } = item;
  return xmlElement(1, 'item', { code, property, object, blocking, result, machine, reason, checked, findings: findingCount }, [
    xmlLeaf(2, 'name', { 'xml:lang': 'zh' }, item.name.zh),
    xmlLeaf(2, 'name', { 'xml:lang': 'en' }, item.name.en),
    ...Object.entries(item.measured).map(([name, value]) => xmlElement(2, 'measured', { name, value })),
    ...item.findings.map((f) =>
      xmlElement(
        2,
        'finding',
        { code: f.code, weight: f.weight, objectKind: f.object.kind, objectId: f.object.id },
        Object.entries(f.params).map(([name, value]) => xmlElement(3, 'param', { name, value })),
      ),
    ),
    ...(answer ? [xmlLeaf(2, 'answer', { result: answer.result, by: answer.byName, time: xmlMoment(answer.atMs) }, answer.words)] : []),
  ]);
}
