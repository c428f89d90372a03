import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { type KeySource, VerifyScreen } from './screens/verify/verify.tsx';
import { layPalette } from './theme/lay-palette.ts';
import { DARK, LIGHT } from './theme/palette.ts';
import { createWords, WordsProvider } from './words/words.tsx';
import './styles/base.css';
import './styles/parts.css';

// The page that checks offline, alone in one file (tools/build.mjs): its policy forbids it any connection.

const isDark = window.matchMedia('(prefers-color-scheme: dark)').matches;
layPalette(isDark ? DARK : LIGHT, isDark, false);

/** The keys that `lantai verify --page` wrote into the file. */
const keys: KeySource = {
  from: 'page',
  load: async () => JSON.parse(document.getElementById('lantai-keys')?.textContent || '[]') as string[],
};
const root = document.getElementById('root');
if (!root) throw new Error('the page has no root');
createRoot(root).render(
  <StrictMode>
    <WordsProvider i18n={createWords()}>
      <VerifyScreen keys={keys} />
    </WordsProvider>
  </StrictMode>,
);
