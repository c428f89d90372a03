import { Select, Tabs } from 'antd';
import type { ReactNode } from 'react';
import { useNarrow } from './narrow.ts';

/** One part of a screen that is shown at a time. */
export interface ScreenTab<Key extends string> {
  readonly key: Key;
  readonly label: string;
  readonly children: ReactNode;
}

interface ScreenTabsProps<Key extends string> {
  readonly label: string;
  readonly tabs: readonly ScreenTab<Key>[];
  /** The first when it is none of them. */
  readonly chosen: Key | undefined;
  choose(key: Key): void;
}

/** The parts of a screen: tabs at a desk, a list to choose from on a phone, where tabs that do not fit would hide behind a button. */
export function ScreenTabs<Key extends string>({ label, tabs, chosen, choose }: ScreenTabsProps<Key>) {
  const narrow = useNarrow();
  const shown = tabs.find(({ key }) => key === chosen) ?? tabs[0];
  const take = (key: string | null) => {
    const found = tabs.find((tab) => tab.key === key);
    if (found) choose(found.key);
  };
  if (!shown) return null;
  if (narrow && tabs.length > 1)
    return (
      <>
        <Select
          className="wide screen-tabs"
          size="large"
          aria-label={label}
          value={shown.key as string}
          onChange={take}
          options={tabs.map((tab) => ({ value: tab.key as string, label: tab.label }))}
        />
        {shown.children}
      </>
    );
  return <Tabs destroyOnHidden activeKey={shown.key} onChange={take} items={[...tabs]} />;
}
