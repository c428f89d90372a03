import type { Schemas } from '../../api/client.ts';
import { useSetCountercheckRule } from '../../api/counterchecks.ts';
import { RuleSwitches } from '../../parts/rule-switches.tsx';
import { useWords } from '../../words/words.tsx';

/** Where two persons are asked for: each fonds with its schemes. Whoever keeps the whole fonds changes it. */
export function RulesDialog({ rules, close }: { rules: readonly Schemas['CountercheckRule'][]; close: () => void }) {
  const { w } = useWords();
  const set = useSetCountercheckRule();
  return <RuleSwitches title={w('check.rules')} help={w('check.rulesHelp')} rules={rules} set={set} close={close} />;
}
