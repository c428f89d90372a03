import { isMap, isSeq, parseDocument, type YAMLMap } from 'yaml';

/** What somebody changes of one item of a quality standard without touching its text. What is not named stays. */
export interface ItemEdit {
  readonly code: string;
  /** What it can cost at most, as written: `3` or `0.5`. */
  readonly points?: string | undefined;
  readonly zh?: string | undefined;
  readonly en?: string | undefined;
  /** What one fault costs, check by check in the order of the item; null leaves one as it is. */
  readonly lost?: readonly (string | null)[] | undefined;
  readonly veto?: boolean | undefined;
  /** Takes the item out. */
  readonly removed?: boolean | undefined;
}

/**
 * Writes changes into the YAML of a quality standard and leaves everything else as it is, comments too. The text is not checked here: whoever
 * keeps it reads it with `loadQualityStandard`. An edit of an item that is not there changes nothing.
 * @param version the number the text gets
 * @param source where it now comes from; null: as before
 */
export function editQualityText(yamlText: string, version: number, source: string | null, edits: readonly ItemEdit[]): string {
  const document = parseDocument(yamlText, { schema: 'failsafe' });
  document.set('version', String(version));
  if (source !== null) document.set('source', source);
  const items = document.get('items');
  if (!isSeq(items)) return document.toString();
  for (const edit of edits) {
    const at = items.items.findIndex((node) => isMap(node) && node.get('code') === edit.code);
    const item = items.items[at];
    if (!isMap(item)) continue;
    if (edit.removed) items.items.splice(at, 1);
    else editItem(item as YAMLMap, edit);
  }
  return document.toString({ lineWidth: 0 });
}

function editItem(item: YAMLMap, edit: ItemEdit): void {
  if (edit.points !== undefined) item.set('points', edit.points);
  if (edit.zh !== undefined) item.setIn(['text', 'zh'], edit.zh);
  if (edit.en !== undefined) item.setIn(['text', 'en'], edit.en);
  if (edit.veto === true) item.set('veto', 'true');
  if (edit.veto === false) item.delete('veto');
  for (const [i, lost] of (edit.lost ?? []).entries())
    if (lost !== null && item.hasIn(['checks', i, 'lost'])) item.setIn(['checks', i, 'lost'], lost);
}
