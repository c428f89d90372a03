import { Link, type LinkProps } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { UNSURE_BELOW } from './unsure.ts';

export type Tone = 'jade' | 'amber' | 'cinnabar' | 'blue' | 'plain';

/** A state in the trade's words. With `to` it is a door to the list behind it. */
export function Chip({ tone = 'plain', children, title }: { tone?: Tone; children: ReactNode; title?: string }) {
  return (
    <span className={`chip ${tone}`} title={title}>
      {children}
    </span>
  );
}

/** A chip that opens what it counts. */
export function ChipLink({ tone = 'plain', children, ...link }: { tone?: Tone; children: ReactNode } & LinkProps) {
  return (
    <Link className={`chip ${tone}`} {...link}>
      {children}
    </Link>
  );
}

/** How sure the machine was; nothing when a person said it. */
export function Confidence({ share01, label }: { share01: number | null; label: string }) {
  if (share01 === null) return null;
  return (
    <span className={share01 < UNSURE_BELOW ? 'sure low' : 'sure'} title={label}>
      {Math.round(share01 * 100)} %
    </span>
  );
}
