// What becomes of a screenshot on its way out: saved as JPEG 60, cut to a quarter, saved again.
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import sharp from 'sharp';
import type { Box, Screenshot } from './viewer.ts';

const QUALITY = 60;

/** Numbers between 0 and 1 that repeat by seed: mulberry32. */
export function makeChance(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** The scans below the folders that are there. */
export function listScans(root: string, folders: readonly string[]): { readonly folder: string; readonly file: string }[] {
  return folders
    .map((f) => join(root, f))
    .filter((f) => existsSync(f))
    .flatMap((folder) => readdirSync(folder, { recursive: true, encoding: 'utf8' }).map((name) => ({ folder, file: join(folder, name) })))
    .filter(({ file }) => /\.(jpe?g|png)$/i.test(file))
    .sort((a, b) => (a.file < b.file ? -1 : 1));
}

/** A quarter cut out of a screenshot. */
export interface Quarter {
  readonly jpeg: Buffer;
  /** How much of what is seen of the page lies in it, 0 to 1. */
  readonly pageShare01: number;
}

/** Half the width and half the height of the screen, anywhere on it. */
export async function quarterOfScreen({ png, pageBox }: Screenshot, chance: () => number): Promise<Quarter> {
  const saved = await sharp(png).jpeg({ quality: QUALITY }).toBuffer({ resolveWithObject: true });
  const box = someQuarter({ left: 0, top: 0, width: saved.info.width, height: saved.info.height }, chance);
  return { jpeg: await cut(saved.data, box), pageShare01: overlap(box, pageBox) / (pageBox.width * pageBox.height) };
}

/** Half the width and half the height of what is seen of the page, anywhere on it: nothing around it helps or harms. */
export async function quarterOfPage({ png, pageBox }: Screenshot, chance: () => number): Promise<Quarter> {
  const saved = await sharp(png).jpeg({ quality: QUALITY }).toBuffer();
  return { jpeg: await cut(saved, someQuarter(pageBox, chance)), pageShare01: 0.25 };
}

function someQuarter({ left, top, width, height }: Box, chance: () => number): Box {
  const [w, h] = [width >> 1, height >> 1];
  return { left: left + Math.floor(chance() * (width - w)), top: top + Math.floor(chance() * (height - h)), width: w, height: h };
}

const cut = (jpeg: Uint8Array, box: Box): Promise<Buffer> => sharp(jpeg).extract(box).jpeg({ quality: QUALITY }).toBuffer();

function overlap(a: Box, b: Box): number {
  const width = Math.min(a.left + a.width, b.left + b.width) - Math.max(a.left, b.left);
  const height = Math.min(a.top + a.height, b.top + b.height) - Math.max(a.top, b.top);
  return Math.max(0, width) * Math.max(0, height);
}

/** Two people's screens of one page laid upon each other, half and half; PNG. */
export async function averageOf(first: Screenshot, second: Screenshot): Promise<Buffer> {
  const a = await sharp(first.png).removeAlpha().raw().toBuffer({ resolveWithObject: true });
  const b = await sharp(second.png).removeAlpha().raw().toBuffer();
  if (a.data.length !== b.length) throw new Error('two screens of one seat are of one size');
  const mean = Buffer.from(a.data.map((v, i) => (v + b[i]! + 1) >> 1));
  return sharp(mean, { raw: { width: a.info.width, height: a.info.height, channels: a.info.channels } })
    .png()
    .toBuffer();
}
