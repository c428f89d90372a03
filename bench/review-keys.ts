/** The keyboard of bench/review.ts: every key counted, the machine's answer to each act timed, and what typing everything would cost. */
import type { Scheme } from '@lantai/catalogue';
import type { Page } from 'playwright-core';
import type { TrueMaterial } from './review-dossier.ts';

/** What the desk shows, as far as acts are told by it. */
interface Seen {
  /** Materials of the tree that are not confirmed. */
  readonly open: number;
  /** Row of the form with the cursor; null outside the form. */
  readonly row: string | null;
  /** Position of the cursor's cell in its row. */
  readonly cell: number;
  /** Id of the page in hand, out of the address; null for the first. */
  readonly pageId: string | null;
}

/** Keys pressed at a desk. */
export class Keyboard {
  /** Keys so far; a character typed is one, whatever an input method takes for it. */
  count = 0;
  /** Milliseconds from the key of an act to the state it led to, in order. */
  readonly actsMs: number[] = [];
  private readonly page: Page;

  constructor(page: Page) {
    this.page = page;
  }

  async press(key: string): Promise<void> {
    this.count++;
    await this.page.keyboard.press(key);
  }

  async type(text: string): Promise<void> {
    this.count += [...text].length;
    await this.page.keyboard.type(text);
  }

  see(): Promise<Seen> {
    return this.page.evaluate(() => {
      const row = document.activeElement?.closest<HTMLElement>('.material-form [data-row]') ?? null;
      return {
        open: document.querySelectorAll('.class-tree .tree-row.material .dot').length,
        row: row?.dataset.row ?? null,
        cell: row ? [...row.querySelectorAll('input')].indexOf(document.activeElement as HTMLInputElement) : -1,
        pageId: new URLSearchParams(location.search).get('page')?.replaceAll('"', '') ?? null,
      };
    });
  }

  /**
   * Presses a key that settles materials and waits until fewer are open and the desk has gone on; the time is kept. What is seen then; null when
   * nothing was settled within `patienceMs`.
   */
  async settle(key: string, before: Seen, patienceMs: number): Promise<Seen | null> {
    const start = performance.now();
    await this.press(key);
    try {
      await this.page.waitForFunction(
        ({ open, pageId }) => {
          const left = document.querySelectorAll('.class-tree .tree-row.material .dot').length;
          const at = new URLSearchParams(location.search).get('page')?.replaceAll('"', '') ?? null;
          return left < open && (left === 0 || at !== pageId);
        },
        before,
        { timeout: patienceMs, polling: 'raf' },
      );
    } catch (error) {
      // The key did nothing here: the caller counts it and presses another. Anything but the end of patience is a fault.
      if (error instanceof Error && error.name === 'TimeoutError') return null;
      throw error;
    }
    this.actsMs.push(performance.now() - start);
    return this.see();
  }

  /** Brings the cursor into a row of the form, by Tab alone. @throws Error it never comes there */
  async reach(row: string): Promise<void> {
    const order = ['classCode', 'title', 'date'];
    for (let i = 0; i < 80; i++) {
      const seen = await this.see();
      if (seen.row === row && seen.cell === 0) return;
      const isBehind = seen.row !== null && (seen.row === row || !order.includes(seen.row) || order.indexOf(seen.row) > order.indexOf(row));
      await this.press(isBehind ? 'Shift+Tab' : 'Tab');
    }
    throw new Error(`Tab never reached ${row}`);
  }

  /** Types a date into its three cells, the cursor in the first. */
  async typeDate(date: string | null): Promise<void> {
    for (const [cell, text] of cellTexts(date).entries()) {
      // A full cell goes on by itself.
      if (cell > 0 && (await this.see()).cell < cell) await this.press('Tab');
      await this.press('Control+A');
      if (text) await this.type(text);
      else await this.press('Delete');
    }
  }
}

/** What is typed into the cells of a date: as few keys as go on by themselves. */
function cellTexts(date: string | null): string[] {
  const [year = '', month = '', day = ''] = (date ?? '').split('-');
  return [year, month === '01' ? '01' : month.replace(/^0/, ''), day.replace(/^0/, '')];
}

/** Keys for a material whose class, title and date are typed at this desk, its form in hand. */
export interface TypedKeys {
  /** Every character typed. */
  readonly whole: number;
  /** The title taken from the scheme's list by the fewest characters where it stands there, which sets the class as well. */
  readonly offered: number;
}

/**
 * A lower bound of cataloguing by hand: nothing is misspelt, a Chinese character is one key, the cursor is in the form already, and pages lie in
 * their material.
 */
export function countTypedKeys(scheme: Scheme, { classCode, title, date }: TrueMaterial): TypedKeys {
  const classes = scheme.classes.filter((c) => c.holdsMaterials);
  const labels = classes.map((c) => ({ code: c.code, label: `${c.display} ${c.name.zh}` }));
  const own = labels.find((c) => c.code === classCode)?.label ?? '';
  const classKeys = fewestKeys(
    own,
    labels.map((c) => c.label),
    0,
  );
  const dateKeys = cellTexts(date).join('').length;
  const rest = 1 + dateKeys + 1;
  const year = (date ?? '').slice(0, 4);
  const offers = classes.flatMap((c) => c.titles.map((t) => ({ code: c.code, title: t.name.replaceAll('{year}', year) })));
  const length = [...title].length;
  const whole = classKeys + 1 + length + rest;
  const isOffered = offers.some((o) => o.title === title && o.code === classCode);
  const taken = isOffered
    ? fewestKeys(
        title,
        offers.map((o) => o.title),
        1,
      )
    : length;
  return { whole, offered: Math.min(whole, (isOffered ? 0 : classKeys + 1) + taken + rest) };
}

/** Fewest keys that take an entry out of a list by a part of its text: characters, arrows down to it, Enter. `toFirst`: arrows to the first entry. */
function fewestKeys(entry: string, list: readonly string[], toFirst: number): number {
  const chars = [...entry];
  let fewest = chars.length + toFirst + 1;
  for (let from = 0; from < chars.length; from++)
    for (let to = from + 1; to <= chars.length; to++) {
      const typed = chars.slice(from, to).join('');
      const place = list.filter((text) => text.includes(typed)).indexOf(entry);
      fewest = Math.min(fewest, to - from + place + toFirst + 1);
    }
  return fewest;
}
