import {
  BorderOuterOutlined,
  ColumnWidthOutlined,
  FontSizeOutlined,
  HighlightOutlined,
  MinusOutlined,
  PlusOutlined,
  RotateRightOutlined,
  SplitCellsOutlined,
} from '@ant-design/icons';
import { Button, Tooltip } from 'antd';
import { type ReactNode, useEffect, useMemo, useRef, useState } from 'react';
import { useShortcuts } from '../../keys/shortcuts.tsx';
import { EmptyState, ErrorState, LoadingState } from '../../parts/states.tsx';
import { useWords } from '../../words/words.tsx';
import { type Image, type Page, type Reading, usePageView, type ViewedPage } from './desk-data.ts';
import { useDesk } from './desk-state.tsx';
import { createPageStage, type PageStage, type StageMatrix } from './osd.ts';
import { type LitBox, PageOverlay } from './page-overlay.tsx';

/** The line of a reading at a pixel of the page; -1 when none. */
function lineAt(reading: Reading | null, { x, y }: { x: number; y: number }): number {
  return (
    reading?.lines.findIndex(
      ({ box: [bx = 0, by = 0, width = 0, height = 0] }) => x >= bx && y >= by && x <= bx + width && y <= by + height,
    ) ?? -1
  );
}

interface StageProps {
  readonly page: ViewedPage;
  readonly label: string;
  readonly lit: readonly LitBox[];
  readonly withText: boolean;
  /** Left out: the scan as received. Words and boxes lie on that one alone. */
  readonly image?: Image;
  readonly hotLine: number | null;
  onLine(line: Reading['lines'][number], index: number): void;
  onShown?(): void;
  /** How far it magnifies: 8 is 800 %; left out: as far as reading asks. */
  readonly maxRatio?: number;
  onZoom?(ratio: number): void;
  /** Whether the hot place is brought close rather than into sight. */
  readonly isFramed?: boolean;
  readonly children?: (stage: PageStage | null) => ReactNode;
}

/** Keeps one viewer in an element; opens the page it is given, and asks again when its leave has expired. */
export function Stage({
  page,
  label,
  image = 'raw',
  lit,
  withText,
  hotLine,
  onLine,
  onShown,
  maxRatio,
  onZoom,
  isFramed = false,
  children,
}: StageProps) {
  const { w } = useWords();
  const element = useRef<HTMLDivElement>(null);
  const [stage, setStage] = useState<PageStage | null>(null);
  const [matrix, setMatrix] = useState<StageMatrix | null>(null);
  const { view, reading } = usePageView(page, image);
  const expiresAtMs = view?.data?.expiresAtMs ?? 0;
  const latest = useRef({ image, reading, onLine, onShown, onZoom, refetch: view?.refetch, expiresAtMs });
  latest.current = { image, reading, onLine, onShown, onZoom, refetch: view?.refetch, expiresAtMs };
  useEffect(() => {
    if (!element.current) return;
    const events = {
      onMove: setMatrix,
      onZoom: (ratio: number) => latest.current.onZoom?.(ratio),
      onClick: (pixel: { x: number; y: number }) => {
        const at = lineAt(latest.current.image === 'raw' ? latest.current.reading : null, pixel);
        if (at >= 0) latest.current.onLine(latest.current.reading!.lines[at]!, at);
      },
      onShown: () => latest.current.onShown?.(),
      onTileRefused: () => {
        if (Date.now() > latest.current.expiresAtMs) void latest.current.refetch?.();
      },
    };
    const made = createPageStage(element.current, events, maxRatio);
    setStage(made);
    return () => made.close();
  }, [maxRatio]);
  const opened = view?.data;
  useEffect(() => {
    setMatrix(null);
    if (stage && opened) stage.open(opened.iiif, opened.image);
  }, [stage, opened]);
  const hot = lit.find((one) => one.kind === 'hot') ?? lit.find((one) => one.kind === 'found');
  const isOpen = matrix !== null;
  useEffect(() => {
    if (!stage || !isOpen || !hot || image !== 'raw') return;
    if (isFramed) stage.frame(hot.box);
    else stage.show(hot.box);
  }, [stage, isOpen, hot, image, isFramed]);
  return (
    <section className="stage" aria-label={label}>
      <div className="osd" ref={element} />
      {matrix && image === 'raw' && <PageOverlay matrix={matrix} lit={lit} reading={withText ? reading : null} hotLine={hotLine} />}
      {(!view?.data || !matrix) && (
        <div className="stage-state">
          {view?.error ? <ErrorState error={view.error} retry={() => void view.refetch()} /> : <LoadingState what={w('page.opening')} />}
        </div>
      )}
      {children?.(stage)}
    </section>
  );
}

function Tool({
  label,
  keys,
  icon,
  pressed,
  onClick,
}: {
  label: string;
  keys: string;
  icon: ReactNode;
  pressed?: boolean;
  onClick: () => void;
}) {
  return (
    <Tooltip title={`${label}（${keys}）`} placement="left">
      <Button
        type="text"
        icon={icon}
        aria-label={label}
        {...(pressed === undefined ? {} : { 'aria-pressed': pressed })}
        onClick={onClick}
      />
    </Tooltip>
  );
}

/** Zoom, turn, the text laid over, and the second page beside. */
function Tools({ stage, image, showImage }: { stage: PageStage | null; image: Image; showImage: (image: Image) => void }) {
  const { w } = useWords();
  const { overlay, showOverlay, beside, showBeside, desk, page } = useDesk();
  const text = () => showOverlay(overlay === 'text' ? 'off' : 'text');
  const optimised = () => showImage(image === 'raw' ? 'optimised' : 'raw');
  const toggleBeside = () => {
    if (beside) return showBeside(null);
    const at = desk.pages.findIndex((p) => p.id === page?.id);
    showBeside((desk.pages[at + 1] ?? desk.pages[at - 1])?.id ?? null);
  };
  useShortcuts('keys.page', [
    { keys: '+', label: 'page.zoomIn', run: () => stage?.zoomBy(1.5) },
    { keys: '-', label: 'page.zoomOut', run: () => stage?.zoomBy(1 / 1.5) },
    { keys: '0', label: 'page.fit', run: () => stage?.fit() },
    { keys: '9', label: 'page.fitWidth', run: () => stage?.fitWidth() },
    { keys: 'r', label: 'page.turn', run: () => stage?.turn() },
    { keys: 't', label: 'page.text', run: text },
    { keys: 'i', label: 'page.optimised', run: optimised },
    { keys: 'b', label: 'page.beside', run: toggleBeside },
  ]);
  return (
    <div className="tools" role="toolbar" aria-label={w('page.tools')} aria-orientation="vertical">
      <Tool label={w('page.zoomIn')} keys="+" icon={<PlusOutlined aria-hidden />} onClick={() => stage?.zoomBy(1.5)} />
      <Tool label={w('page.zoomOut')} keys="-" icon={<MinusOutlined aria-hidden />} onClick={() => stage?.zoomBy(1 / 1.5)} />
      <Tool label={w('page.fit')} keys="0" icon={<BorderOuterOutlined aria-hidden />} onClick={() => stage?.fit()} />
      <Tool label={w('page.fitWidth')} keys="9" icon={<ColumnWidthOutlined aria-hidden />} onClick={() => stage?.fitWidth()} />
      <Tool label={w('page.turn')} keys="R" icon={<RotateRightOutlined aria-hidden />} onClick={() => stage?.turn()} />
      <Tool label={w('page.text')} keys="T" icon={<FontSizeOutlined aria-hidden />} pressed={overlay === 'text'} onClick={text} />
      <Tool
        label={w('page.optimised')}
        keys="I"
        icon={<HighlightOutlined aria-hidden />}
        pressed={image === 'optimised'}
        onClick={optimised}
      />
      <Tool label={w('page.beside')} keys="B" icon={<SplitCellsOutlined aria-hidden />} pressed={beside !== null} onClick={toggleBeside} />
    </div>
  );
}

/** Places lit on the open page: fields of its material, the one in hand above all, and what a search found. */
function useLit(page: Page | null): LitBox[] {
  const { material, field, found } = useDesk();
  return useMemo(() => {
    const fields = (material?.fields ?? []).filter((value) => value.box && value.pageId === page?.id);
    return [
      ...found.map((box) => ({ box, kind: 'found' as const })),
      ...fields.filter((value) => value.code !== field).map((value) => ({ box: value.box!, kind: 'field' as const })),
      ...fields.filter((value) => value.code === field).map((value) => ({ box: value.box!, kind: 'hot' as const })),
    ];
  }, [material, field, found, page]);
}

/** The page in hand, and the one beside it when asked for. A click on a line opens its field. */
export function PageStages({ onLine, hotLine }: { onLine: StageProps['onLine']; hotLine: number | null }) {
  const { w } = useWords();
  const { desk, page, overlay, beside, dossier, notePageShown } = useDesk();
  const lit = useLit(page);
  const [image, showImage] = useState<Image>('raw');
  const other = desk.pages.find((p) => p.id === beside) ?? null;
  if (!page)
    return (
      <section className="stage bare">
        <EmptyState title={w(desk.pages.length ? 'page.noneOfRecord' : 'page.none')}>
          {w(desk.pages.length ? 'page.noneOfRecordText' : 'page.noneText')}
        </EmptyState>
      </section>
    );
  const numberOf = (id: string) => desk.pages.findIndex((p) => p.id === id) + 1;
  return (
    <div className={other ? 'stages two' : 'stages'}>
      <Stage
        page={page}
        label={w('page.label', { number: numberOf(page.id), code: dossier.code })}
        image={image}
        lit={lit}
        withText={overlay === 'text'}
        hotLine={hotLine}
        onLine={onLine}
        onShown={notePageShown}
      >
        {(stage) => <Tools stage={stage} image={image} showImage={showImage} />}
      </Stage>
      {other && (
        <Stage
          key="beside"
          page={other}
          label={w('page.besideLabel', { number: numberOf(other.id) })}
          lit={[]}
          withText={false}
          hotLine={null}
          onLine={() => undefined}
        />
      )}
    </div>
  );
}
