import { type UIEvent, useRef } from 'react';
import './text-editor.css';

interface EditorProps {
  /** What the text is, for who does not see it. */
  readonly label: string;
  readonly text: string;
  /** Lines with a problem, from 1. */
  readonly wrong: ReadonlySet<number>;
  change(text: string): void;
  /** Takes the field itself, so that a problem can lead to its line. */
  fieldRef(field: HTMLTextAreaElement | null): void;
}

/** Puts the caret on a line (from 1) and brings it into sight. */
export function goToLine(field: HTMLTextAreaElement, line: number): void {
  const before = field.value.split('\n').slice(0, line - 1);
  const start = before.reduce((sum, text) => sum + text.length + 1, 0);
  const end = field.value.indexOf('\n', start);
  field.focus();
  field.setSelectionRange(start, end === -1 ? field.value.length : end);
  field.scrollTop = Math.max(0, ((line - 1) / Math.max(1, field.value.split('\n').length)) * field.scrollHeight - field.clientHeight / 3);
}

/** A text of rules with numbered lines; those with a problem are marked. */
export function TextEditor({ label, text, wrong, change, fieldRef }: EditorProps) {
  const gutter = useRef<HTMLDivElement>(null);
  const follow = (event: UIEvent<HTMLTextAreaElement>) => {
    if (gutter.current) gutter.current.scrollTop = event.currentTarget.scrollTop;
  };
  return (
    <div className="text-editor">
      <div className="gutter num" ref={gutter} aria-hidden="true">
        {text.split('\n').map((_, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: a line of the gutter is its number
          <div key={index} className={wrong.has(index + 1) ? 'wrong' : ''}>
            {index + 1}
          </div>
        ))}
      </div>
      <textarea
        ref={fieldRef}
        aria-label={label}
        aria-invalid={wrong.size > 0}
        spellCheck={false}
        wrap="off"
        maxLength={200_000}
        value={text}
        onScroll={follow}
        onChange={(event) => change(event.target.value)}
      />
    </div>
  );
}
