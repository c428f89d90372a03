import { type CornerMark, type CornerMarks, findCornerFault, PAPERS, type PaperName } from '@lantai/reading/photo';
import { type KeyboardEvent, type PointerEvent, useRef, useState } from 'react';
import { useWords } from '../../words/words.tsx';
import type { Shot } from './shots.ts';

const MARKS = 65_536;
/** Steps of the arrow keys, of the picture's side: half a hundredth, or with shift two. */
const [STEP, LEAP] = [Math.round(MARKS * 0.005), Math.round(MARKS * 0.02)];
const ARROWS: Readonly<Record<string, CornerMark>> = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
const within = (v: number) => Math.max(0, Math.min(MARKS, Math.round(v)));
const percent = (v: number) => Math.round((v / MARKS) * 100);
const SAID = { unsure: 'shot.unsure', cut: 'shot.cut', several: 'shot.several', none: 'shot.none', sure: 'shot.minimise' } as const;

interface StageProps {
  readonly shot: Shot;
  readonly corners: CornerMarks;
  onCorners(corners: CornerMarks): void;
}

/** The photograph with its four corners, to be dragged or moved by the arrow keys. */
function CornerStage({ shot, corners, onCorners }: StageProps) {
  const { w } = useWords();
  const stage = useRef<HTMLFieldSetElement>(null);
  const put = (i: number, [x, y]: CornerMark) =>
    onCorners(corners.map((c, k): CornerMark => (k === i ? [within(x), within(y)] : c)) as unknown as CornerMarks);
  const drag = (i: number) => (event: PointerEvent<HTMLButtonElement>) => {
    const box = stage.current?.getBoundingClientRect();
    if (!box || !event.currentTarget.hasPointerCapture(event.pointerId)) return;
    put(i, [((event.clientX - box.left) / box.width) * MARKS, ((event.clientY - box.top) / box.height) * MARKS]);
  };
  const key = (i: number) => (event: KeyboardEvent) => {
    const arrow = ARROWS[event.key];
    if (!arrow) return;
    event.preventDefault();
    const step = event.shiftKey ? LEAP : STEP;
    put(i, [corners[i]![0] + arrow[0] * step, corners[i]![1] + arrow[1] * step]);
  };
  return (
    <fieldset className="corner-stage" ref={stage} style={{ '--shape': shot.widthPx / shot.heightPx } as React.CSSProperties}>
      <legend className="unseen">{w('shot.corners')}</legend>
      <img src={shot.url} alt="" draggable={false} />
      <svg viewBox={`0 0 ${MARKS} ${MARKS}`} preserveAspectRatio="none" aria-hidden="true">
        <path className="beyond" d={`M0 0H${MARKS}V${MARKS}H0Z M${corners.map((p) => p.join(' ')).join('L')}Z`} fillRule="evenodd" />
        <polygon points={corners.map((p) => p.join(',')).join(' ')} />
      </svg>
      {corners.map(([x, y], i) => (
        <button
          // biome-ignore lint/suspicious/noArrayIndexKey: the corners are four and keep their places
          key={i}
          type="button"
          className="corner"
          style={{ left: `${(x / MARKS) * 100}%`, top: `${(y / MARKS) * 100}%` }}
          aria-label={w('shot.cornerPlace', { corner: w(`shot.corner.${i as 0 | 1 | 2 | 3}`), x: percent(x), y: percent(y) })}
          onPointerDown={(event) => event.currentTarget.setPointerCapture(event.pointerId)}
          onPointerMove={drag(i)}
          onKeyDown={key(i)}
        />
      ))}
    </fieldset>
  );
}

interface EditorProps {
  readonly shot: Shot;
  onUse(shot: Shot): void;
  onRetake(): void;
}

/** Checks one photograph: its corners, its paper; then it is used or taken again. */
export function CornerEditor({ shot, onUse, onRetake }: EditorProps) {
  const { w } = useWords();
  const [corners, setCorners] = useState(shot.corners ?? shot.found);
  const [isWhole, setWhole] = useState(shot.corners === null);
  const [paper, setPaper] = useState<PaperName | null>(shot.paper);
  const [isTouched, setTouched] = useState(false);
  const fault = isWhole ? null : findCornerFault(corners, { width: shot.widthPx, height: shot.heightPx });
  const said = fault ? 'shot.crossed' : isTouched || isWhole ? 'shot.minimise' : SAID[shot.said];
  return (
    <section className="corner-editor">
      {isWhole ? (
        <img className="whole" src={shot.url} alt="" />
      ) : (
        <CornerStage
          shot={shot}
          corners={corners}
          onCorners={(next) => {
            setTouched(true);
            setCorners(next);
          }}
        />
      )}
      <p className={fault || (!isTouched && shot.said !== 'sure' && !isWhole) ? 'trouble' : 'hint'} role="status">
        {w(said)}
      </p>
      <div className="options">
        <label>
          {w('shot.paper')}
          <select value={paper ?? ''} onChange={(event) => setPaper((event.currentTarget.value || null) as PaperName | null)}>
            {(Object.keys(PAPERS) as PaperName[]).map((name) => (
              <option key={name} value={name}>
                {name}
              </option>
            ))}
            <option value="">{w('shot.paperUnknown')}</option>
          </select>
        </label>
        <label className="check">
          <input type="checkbox" checked={isWhole} onChange={(event) => setWhole(event.currentTarget.checked)} />
          {w('shot.whole')}
        </label>
      </div>
      <div className="pair">
        <button type="button" className="plain" onClick={onRetake}>
          {w('shot.again')}
        </button>
        <button
          type="button"
          className="main"
          disabled={fault !== null}
          onClick={() => onUse({ ...shot, corners: isWhole ? null : corners, found: corners, paper })}
        >
          {w('shot.use')}
        </button>
      </div>
    </section>
  );
}
