import type { MaterialEdit, Operation } from '@lantai/contract';
import { isMasked, Masker, type Shown } from '@lantai/search';
import { ArchiveError } from '@lantai/values';
import type { CatalogueState } from './catalogue-state.ts';
import type { TreeOperation } from './operations.ts';

const refused = () => new ArchiveError('catalogue/masked-value', 'caller');

/**
 * What a form sends back unchanged of what it was shown masked is no change; INVARIANT: a mask is never kept as a value.
 * @param nameOf a field's code with its name, as it was masked by
 * @throws ArchiveError `catalogue/masked-value` (caller) for a value with a mask that was changed around it
 */
export function withoutMasks(
  operations: readonly TreeOperation[],
  state: CatalogueState,
  show: Shown,
  nameOf: (code: string) => string,
): TreeOperation[] {
  const maskers = [new Masker(), new Masker(show)];
  /** The value to keep: what stands there when the mask of it came back. */
  const kept = (value: string, stored: readonly string[], mask: (masker: Masker, text: string) => string): string => {
    if (!isMasked(value) || stored.includes(value)) return value;
    // Shown or hidden since: the form may hold the mask of then.
    const found = stored.find((was) => maskers.some((masker) => mask(masker, was) === value));
    if (found === undefined) throw refused();
    return found;
  };
  const text = (value: string, stored: readonly string[]) => kept(value, stored, (masker, was) => masker.text(was));
  const field = (code: string, value: string, stored: Readonly<Record<string, string>>) =>
    kept(value, code in stored ? [stored[code]!] : [], (masker, was) => masker.field(nameOf(code), was));
  const edited = (edit: MaterialEdit, materialId: string | null): MaterialEdit => {
    const stored = state.arrangement.materials.find((m) => m.id === materialId);
    return {
      ...edit,
      ...(edit.title === undefined ? {} : { title: text(edit.title, stored ? [stored.title ?? ''] : []) }),
      ...(edit.remarks === undefined ? {} : { remarks: text(edit.remarks, stored ? [stored.remarks] : []) }),
      ...(edit.tags ? { tags: edit.tags.map((tag) => text(tag, stored?.tags ?? [])) } : {}),
      ...(edit.fields ? { fields: edit.fields.map((f) => ({ ...f, value: field(f.code, f.value, stored?.fields ?? {}) })) } : {}),
    };
  };
  const one = (operation: TreeOperation): Operation => {
    switch (operation.type) {
      case 'assemble':
        return operation.edit ? { ...operation, edit: edited(operation.edit, null) } : operation;
      case 'addRecord':
        return { ...operation, edit: edited(operation.edit, null) };
      case 'edit':
        return { ...operation, edit: edited(operation.edit, operation.materialId) };
      case 'namePersons':
        return { ...operation, names: operation.names.map((name) => text(name, [])) };
      case 'editDossier':
        return {
          ...operation,
          ...(operation.tags ? { tags: operation.tags.map((tag) => text(tag, state.tags)) } : {}),
          ...(operation.fields
            ? {
                fields: Object.fromEntries(
                  Object.entries(operation.fields).map(([code, value]) => [code, field(code, value, state.fields)]),
                ),
              }
            : {}),
        };
      default:
        return operation;
    }
  };
  return operations.map(one) as TreeOperation[];
}
