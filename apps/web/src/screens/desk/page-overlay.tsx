import { UNSURE_BELOW } from '../../parts/unsure.ts';
import type { Reading } from './desk-data.ts';
import type { StageMatrix } from './osd.ts';

/** A place lit on the page: the one in hand, what the machine found, or what a search found. */
export interface LitBox {
  readonly box: readonly number[];
  readonly kind: 'hot' | 'field' | 'found';
}

function Line({ line, isHot }: { line: Reading['lines'][number]; isHot: boolean }) {
  const [x = 0, y = 0, width = 0, height = 0] = line.box;
  const isUnsure = line.confidence01 < UNSURE_BELOW;
  const tone = `line${isUnsure ? ' unsure' : ''}${isHot ? ' hot' : ''}`;
  const size = (line.vertical ? width : height) * 0.74;
  return (
    <g className={tone}>
      <rect x={x} y={y} width={width} height={height} rx={4} />
      <text
        x={line.vertical ? x + width / 2 : x + 2}
        y={line.vertical ? y : y + height * 0.78}
        fontSize={size}
        {...(line.vertical
          ? { writingMode: 'vertical-rl', textLength: Math.max(1, height - 4), lengthAdjust: 'spacingAndGlyphs' }
          : { textLength: Math.max(1, width - 4), lengthAdjust: 'spacingAndGlyphs' })}
      >
        {line.text}
      </text>
    </g>
  );
}

interface OverlayProps {
  readonly matrix: StageMatrix;
  readonly lit: readonly LitBox[];
  readonly reading: Reading | null;
  readonly hotLine: number | null;
}

/** Laid over the page and moved with it. Read aloud from the text list beside the page, so hidden here. */
export function PageOverlay({ matrix, lit, reading, hotLine }: OverlayProps) {
  return (
    <svg className="overlay" aria-hidden="true" focusable="false">
      <g transform={`matrix(${matrix.join(' ')})`}>
        {reading?.lines.map((line, i) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: lines of one reading never change their order
          <Line key={i} line={line} isHot={i === hotLine} />
        ))}
        {lit.map(({ box: [x = 0, y = 0, width = 0, height = 0], kind }) => (
          <rect
            key={`${kind} ${x} ${y} ${width}`}
            className={`lit ${kind}`}
            x={x - 6}
            y={y - 6}
            width={width + 12}
            height={height + 12}
            rx={6}
          />
        ))}
      </g>
    </svg>
  );
}
