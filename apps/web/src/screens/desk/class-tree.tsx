import { useDroppable } from '@dnd-kit/core';
import { type KeyboardEvent, useMemo, useRef, useState } from 'react';
import type { Schemas } from '../../api/client.ts';
import { useWords } from '../../words/words.tsx';
import type { Material } from './desk-data.ts';
import { useDesk } from './desk-state.tsx';
import { listUnsureFields } from './next-unsure.ts';

type SchemeClass = Schemas['SchemeClass'];
type Row =
  | {
      readonly kind: 'class';
      readonly id: string;
      readonly entry: SchemeClass;
      readonly materials: readonly Material[];
      readonly isMissing: boolean;
    }
  | { readonly kind: 'material'; readonly id: string; readonly material: Material }
  | { readonly kind: 'other'; readonly id: string; readonly materials: readonly Material[] }
  | { readonly kind: 'loose'; readonly id: string; readonly count: number; readonly firstPageId: string };

/** Rows of the tree: each class in order with its materials, then what stands in no class, then loose pages. */
function useRows(): Row[] {
  const { desk, scheme, dossier } = useDesk();
  return useMemo(() => {
    const classes = scheme?.classes ?? [];
    const known = new Set(classes.map((c) => c.code));
    const missing = new Set(dossier.findings.filter((f) => f.severity === 'error').map((f) => f.classCode));
    const materialRow = (material: Material): Row => ({ kind: 'material', id: material.id, material });
    const rows = classes.flatMap((entry): Row[] => {
      const materials = desk.materials.filter((m) => m.classCode === entry.code);
      return [
        { kind: 'class', id: entry.code, entry, materials, isMissing: materials.length === 0 && missing.has(entry.code) },
        ...materials.map(materialRow),
      ];
    });
    const others = desk.materials.filter((m) => m.classCode === null || !known.has(m.classCode));
    if (others.length > 0) rows.push({ kind: 'other', id: 'other', materials: others }, ...others.map(materialRow));
    const loose = desk.pages.filter((page) => page.materialId === null);
    if (loose[0]) rows.push({ kind: 'loose', id: 'loose', count: loose.length, firstPageId: loose[0].id });
    return rows;
  }, [desk, scheme, dossier.findings]);
}

function MaterialRow({ material, isCurrent }: { material: Material; isCurrent: boolean }) {
  const { w } = useWords();
  const isUnsure = material.state !== 'confirmed';
  const unsure = isUnsure ? listUnsureFields(material).length : 0;
  return (
    <>
      <span className="title" title={material.title}>
        {material.title || w('material.untitled')}
      </span>
      {isUnsure && (
        <span
          className={unsure ? 'dot unsure' : 'dot'}
          role="img"
          aria-label={w(unsure ? 'material.unsure' : 'material.unconfirmed')}
          title={w(unsure ? 'material.unsure' : 'material.unconfirmed')}
        />
      )}
      <span className="n">
        {isCurrent && material.date ? `${material.date.slice(0, 7)} · ` : ''}
        {w('count.pages', { count: material.pageIds.length })}
      </span>
    </>
  );
}

function ClassRow({ entry, count, isMissing }: { entry: SchemeClass; count: number; isMissing: boolean }) {
  const { w, language } = useWords();
  return (
    <>
      <i>{entry.display}</i>
      <span className="title">{entry.name[language]}</span>
      {isMissing ? (
        <span className="n missing">{w('class.missing')}</span>
      ) : (
        entry.holdsMaterials && <span className="n">{count > 0 ? w('count.materials', { count }) : '—'}</span>
      )}
    </>
  );
}

/** Pages dragged onto a class become a new material there; onto a material, its last pages. */
function useRowDrop(row: Row) {
  const canTake = row.kind === 'material' || row.kind === 'loose' || (row.kind === 'class' && row.entry.holdsMaterials);
  return useDroppable({ id: `${row.kind}:${row.id}`, disabled: !canTake });
}

interface TreeRowProps {
  readonly row: Row;
  readonly isCurrent: boolean;
  readonly isFocusable: boolean;
  onOpen(): void;
  onKeyDown(event: KeyboardEvent): void;
}

function TreeRow({ row, isCurrent, isFocusable, onOpen, onKeyDown }: TreeRowProps) {
  const { w } = useWords();
  const { setNodeRef, isOver } = useRowDrop(row);
  const level = row.kind === 'material' || (row.kind === 'class' && row.entry.parent !== null) ? 2 : 1;
  return (
    <div
      ref={setNodeRef}
      role="treeitem"
      aria-level={row.kind === 'material' ? 3 : level}
      aria-selected={isCurrent}
      tabIndex={isFocusable ? 0 : -1}
      data-tree={row.id}
      className={`tree-row ${row.kind}${row.kind === 'class' && row.entry.parent !== null ? ' sub' : ''}${isCurrent ? ' on' : ''}${isOver ? ' over' : ''}${row.kind === 'class' && row.materials.length === 0 ? ' bare' : ''}`}
      onClick={onOpen}
      onKeyDown={onKeyDown}
    >
      {row.kind === 'class' && <ClassRow entry={row.entry} count={row.materials.length} isMissing={row.isMissing} />}
      {row.kind === 'material' && <MaterialRow material={row.material} isCurrent={isCurrent} />}
      {row.kind === 'other' && <span className="title">{w('class.none')}</span>}
      {row.kind === 'loose' && (
        <>
          <span className="title">{w('page.loose')}</span>
          <span className="n">{w('count.pages', { count: row.count })}</span>
        </>
      )}
    </div>
  );
}

/** The classes of the scheme with their materials; arrows walk, Enter opens, Alt with arrows puts a material earlier or later. */
export function ClassTree() {
  const { w, language } = useWords();
  const { scheme, dossier, material, page, openMaterial, openPage, operate, mayArrange } = useDesk();
  const rows = useRows();
  const root = useRef<HTMLDivElement>(null);
  const currentId = material?.id ?? (page ? 'loose' : null);
  const [focusedId, setFocusedId] = useState<string | null>(null);
  const focusable = rows.find((row) => row.id === focusedId)?.id ?? rows.find((row) => row.id === currentId)?.id ?? rows[0]?.id;
  const openRow = (row: Row) => {
    setFocusedId(row.id);
    if (row.kind === 'material') openMaterial(row.id);
    if (row.kind === 'loose') openPage(row.firstPageId);
    if ((row.kind === 'class' || row.kind === 'other') && row.materials[0]) openMaterial(row.materials[0].id);
  };
  const shift = (moved: Material, step: -1 | 1) => {
    const siblings = rows.flatMap((row) => (row.kind === 'material' && row.material.classCode === moved.classCode ? [row.material] : []));
    const to = siblings.indexOf(moved) + step;
    const { classCode } = moved;
    if (mayArrange && classCode && to >= 0 && to < siblings.length)
      operate(() => [{ type: 'moveMaterial', materialId: moved.id, classCode, position: to }]);
  };
  const onKeyDown = (event: KeyboardEvent, row: Row) => {
    const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0;
    if (step !== 0 && event.altKey && row.kind === 'material') shift(row.material, step);
    else if (step !== 0 && !event.altKey) {
      const next = rows[rows.indexOf(row) + step];
      if (!next) return;
      setFocusedId(next.id);
      root.current?.querySelector<HTMLElement>(`[data-tree="${next.id}"]`)?.focus();
    } else if (event.key === 'Enter' || event.key === ' ') openRow(row);
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
  return (
    <nav className="class-tree" aria-label={w('tree.label')}>
      <h3>{scheme?.name[language]}</h3>
      <div role="tree" aria-label={w('tree.label')} ref={root}>
        {rows.map((row) => (
          <TreeRow
            key={`${row.kind}:${row.id}`}
            row={row}
            isCurrent={row.id === currentId}
            isFocusable={row.id === focusable}
            onOpen={() => openRow(row)}
            onKeyDown={(event) => onKeyDown(event, row)}
          />
        ))}
      </div>
      {dossier.hiddenMaterials > 0 && <p className="restricted">{w('class.restricted', { count: dossier.hiddenMaterials })}</p>}
    </nav>
  );
}
