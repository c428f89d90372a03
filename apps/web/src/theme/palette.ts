/** The colours of the house: paper, ink, one accent (the seal's cinnabar), jade for proven, amber for unsure, blue for the machine's finds. */
export interface Palette {
  readonly paper: string;
  readonly card: string;
  readonly sunk: string;
  readonly stage: string;
  readonly ink: string;
  readonly ink2: string;
  readonly line: string;
  readonly edge: string;
  readonly cinnabar: string;
  readonly cinnabarFill: string;
  readonly cinnabarSoft: string;
  readonly onCinnabar: string;
  readonly jade: string;
  readonly jadeSoft: string;
  readonly jadeLine: string;
  readonly amber: string;
  readonly amberSoft: string;
  readonly amberLine: string;
  readonly amberDot: string;
  readonly blue: string;
  readonly blueSoft: string;
  readonly rail: string;
  readonly railInk: string;
  readonly railOn: string;
  readonly shadow: string;
  /** Over work that goes on below. */
  readonly veil: string;
}

/** INVARIANT: every text colour stands at 4.5:1 or more on the grounds it is used on (theme.test.ts computes it). */
export const LIGHT: Palette = {
  paper: '#faf8f4',
  card: '#ffffff',
  sunk: '#f4f1ea',
  stage: '#e9e5dc',
  ink: '#1d2129',
  ink2: '#5a6270',
  line: '#e5e1d8',
  edge: '#cfcabf',
  cinnabar: '#9c2a23',
  cinnabarFill: '#9c2a23',
  cinnabarSoft: '#f7ebe9',
  onCinnabar: '#ffffff',
  jade: '#1f6f54',
  jadeSoft: '#e8f3ee',
  jadeLine: '#cfe3d8',
  amber: '#8a5a00',
  amberSoft: '#fbf3e0',
  amberLine: '#ecd9ae',
  amberDot: '#c58a1a',
  blue: '#1f4e8c',
  blueSoft: '#e7eef8',
  rail: '#20242b',
  railInk: '#cfd3da',
  railOn: '#343a45',
  shadow: 'rgba(40, 30, 10, 0.18)',
  veil: 'rgba(250, 248, 244, 0.84)',
};

export const DARK: Palette = {
  paper: '#15171a',
  card: '#1e2125',
  sunk: '#191b1f',
  stage: '#0f1113',
  ink: '#ebe7df',
  ink2: '#a9aeb8',
  line: '#33373d',
  edge: '#4a4f57',
  cinnabar: '#f0938a',
  cinnabarFill: '#b23b32',
  cinnabarSoft: '#3a2422',
  onCinnabar: '#ffffff',
  jade: '#6cc7a1',
  jadeSoft: '#1b2f28',
  jadeLine: '#2c4d40',
  amber: '#e0b055',
  amberSoft: '#32291a',
  amberLine: '#54431f',
  amberDot: '#e0b055',
  blue: '#8fb8ee',
  blueSoft: '#1d2a3b',
  rail: '#101215',
  railInk: '#b9bec7',
  railOn: '#2b3038',
  shadow: 'rgba(0, 0, 0, 0.5)',
  veil: 'rgba(21, 23, 26, 0.84)',
};

/** Chinese faces that come with Windows, macOS, UOS and Kylin, then Noto. */
export const SANS = '"PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC", "Noto Sans SC", "Source Han Sans SC", system-ui, sans-serif';
/** A Song face for names of people and the product. */
export const SONG = '"Songti SC", STSong, "Noto Serif CJK SC", "Source Han Serif SC", "Noto Serif SC", SimSun, serif';

const channel = (value: number) => (value <= 0.03928 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4);

function luminance(hex: string): number {
  const [r, g, b] = [1, 3, 5].map((i) => channel(Number.parseInt(hex.slice(i, i + 2), 16) / 255)) as [number, number, number];
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

/** Contrast of two colours `#rrggbb`, 1 to 21. Source: WCAG 2.2, contrast ratio. */
export function contrast(a: string, b: string): number {
  const [high, low] = [luminance(a), luminance(b)].sort((x, y) => y - x) as [number, number];
  return (high + 0.05) / (low + 0.05);
}
