/** A bar on standard error that redraws itself; silent when that is no terminal. */
export interface Progress {
  to(done: number, note?: string): void;
  end(): void;
}

const WIDTH = 28;
const REDRAW_MS = 80;

/** @param total how many steps there are @param label what is counted, already in the user's language */
export function startProgress(total: number, label: string, stream: NodeJS.WriteStream = process.stderr): Progress {
  if (!stream.isTTY) return { to: () => undefined, end: () => undefined };
  const startMs = Date.now();
  let drawnMs = 0;
  const draw = (done: number, note: string) => {
    const share01 = total ? Math.min(1, done / total) : 1;
    const full = Math.round(share01 * WIDTH);
    const leftSeconds = done ? Math.round((((Date.now() - startMs) / done) * (total - done)) / 1000) : 0;
    stream.write(
      `\r\x1b[K${label} ${'█'.repeat(full)}${'░'.repeat(WIDTH - full)} ${done}/${total}${done && done < total ? ` ~${leftSeconds} s` : ''} ${note}`,
    );
  };
  return {
    to: (done, note = '') => {
      if (Date.now() - drawnMs < REDRAW_MS && done < total) return;
      drawnMs = Date.now();
      draw(done, note.slice(0, 40));
    },
    end: () => void stream.write('\n'),
  };
}
