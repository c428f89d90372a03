import { App as AntApp, ConfigProvider, type ThemeConfig, theme } from 'antd';
import enUS from 'antd/locale/en_US';
import zhCN from 'antd/locale/zh_CN';
import { createContext, type PropsWithChildren, useContext, useEffect, useMemo, useState } from 'react';
import { useLanguage } from '../words/words.tsx';
import { layPalette } from './lay-palette.ts';
import { DARK, LIGHT, type Palette, SANS } from './palette.ts';

export type Ground = 'system' | 'light' | 'dark';
export type TypeSize = 'normal' | 'large';

interface Appearance {
  readonly ground: Ground;
  readonly typeSize: TypeSize;
  readonly palette: Palette;
  choose(next: { ground?: Ground; typeSize?: TypeSize }): void;
}

const KEY = 'lantai.appearance';
const AppearanceContext = createContext<Appearance | null>(null);

/** The chosen ground and type size, and how to change them. */
export function useAppearance(): Appearance {
  const value = useContext(AppearanceContext);
  if (!value) throw new Error('useAppearance needs AppearanceProvider');
  return value;
}

function readChoice(): { ground: Ground; typeSize: TypeSize } {
  const [ground, typeSize] = (localStorage.getItem(KEY) ?? '').split(' ');
  return {
    ground: ground === 'light' || ground === 'dark' ? ground : 'system',
    typeSize: typeSize === 'large' ? 'large' : 'normal',
  };
}

const darkAsked = () => window.matchMedia('(prefers-color-scheme: dark)');
const stillnessAsked = () => window.matchMedia('(prefers-reduced-motion: reduce)');

/** Follows what the system asks for. `ask` is one of the two above, never made anew. */
function useAsked(ask: () => MediaQueryList): boolean {
  const [asked, setAsked] = useState(() => ask().matches);
  useEffect(() => {
    const query = ask();
    const follow = () => setAsked(query.matches);
    query.addEventListener('change', follow);
    return () => query.removeEventListener('change', follow);
  }, [ask]);
  return asked;
}

/** Motion is switched off as a whole where the system asks for it: shortening animations by CSS leaves antd's lists outside of the screen. */
function antTheme(p: Palette, dark: boolean, large: boolean, still: boolean): ThemeConfig {
  return {
    algorithm: dark ? theme.darkAlgorithm : theme.defaultAlgorithm,
    token: {
      colorPrimary: p.cinnabarFill,
      colorInfo: p.blue,
      colorSuccess: p.jade,
      colorWarning: p.amber,
      colorError: dark ? '#e0695e' : '#9c2a23',
      // Not the lighter colour antd makes of it: a link under the pointer is read too, and its line says that it is one.
      colorLink: p.cinnabar,
      colorLinkHover: p.cinnabar,
      colorLinkActive: p.cinnabar,
      colorBgLayout: p.paper,
      colorBgContainer: p.card,
      colorBgElevated: p.card,
      colorText: p.ink,
      colorTextSecondary: p.ink2,
      colorTextTertiary: p.ink2,
      colorTextDescription: p.ink2,
      colorTextPlaceholder: p.ink2,
      colorBorder: p.edge,
      colorBorderSecondary: p.line,
      fontFamily: SANS,
      fontSize: large ? 17 : 14,
      controlHeight: large ? 42 : 34,
      borderRadius: 8,
      motion: !still,
      motionDurationMid: '0.12s',
      motionDurationSlow: '0.18s',
    },
    components: {
      // What antd makes of the error colour in the dark is too dark to read as text (3.8 : 1); on a lighter one, letters are dark.
      Button: {
        primaryShadow: 'none',
        defaultShadow: 'none',
        dangerShadow: 'none',
        ...(dark ? { colorError: '#ee8a80', colorErrorHover: '#f2a299', colorErrorActive: '#e0796f', dangerColor: p.paper } : {}),
      },
      // antd's own accent is too dark to read on the dark ground.
      Tabs: { itemSelectedColor: p.cinnabar, itemHoverColor: p.cinnabar, itemActiveColor: p.cinnabar, inkBarColor: p.cinnabar },
      Select: { optionSelectedBg: p.cinnabarSoft, optionSelectedColor: p.ink },
      Segmented: { trackBg: p.sunk, itemSelectedBg: p.card, itemColor: p.ink2, itemSelectedColor: p.ink },
    },
  };
}

/** Lays the palette on the document as custom properties, so that the style sheets and antd read one list of colours. */
function usePaletteOnDocument(palette: Palette, dark: boolean, large: boolean): void {
  useEffect(() => {
    layPalette(palette, dark, large);
  }, [palette, dark, large]);
}

/** Themes of antd and of the style sheets: light, dark, large type; remembered on this machine. */
export function AppearanceProvider({ children }: PropsWithChildren) {
  const language = useLanguage();
  const [choice, setChoice] = useState(readChoice);
  const systemDark = useAsked(darkAsked);
  const still = useAsked(stillnessAsked);
  const dark = choice.ground === 'dark' || (choice.ground === 'system' && systemDark);
  const large = choice.typeSize === 'large';
  const palette = dark ? DARK : LIGHT;
  usePaletteOnDocument(palette, dark, large);
  const value = useMemo<Appearance>(
    () => ({
      ...choice,
      palette,
      choose(next) {
        const chosen = { ...choice, ...next };
        localStorage.setItem(KEY, `${chosen.ground} ${chosen.typeSize}`);
        setChoice(chosen);
      },
    }),
    [choice, palette],
  );
  const antd = useMemo(() => antTheme(palette, dark, large, still), [palette, dark, large, still]);
  return (
    <AppearanceContext.Provider value={value}>
      <ConfigProvider theme={antd} locale={language === 'zh' ? zhCN : enUS} button={{ autoInsertSpace: false }}>
        <AntApp message={{ maxCount: 3 }} className="app">
          {children}
        </AntApp>
      </ConfigProvider>
    </AppearanceContext.Provider>
  );
}
