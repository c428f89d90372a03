import { Button } from 'antd';
import { useState } from 'react';
import { useFilingCheckRules, useSetFilingCheckRule } from '../../api/properties.ts';
import { RuleSwitches } from '../../parts/rule-switches.tsx';
import { useWords } from '../../words/words.tsx';

/** Where the check is asked for before filing, and the dialog that says so. Nothing for who may not file. */
export function FilingRuleButton({ mayFile }: { mayFile: boolean }) {
  const { w } = useWords();
  const [isOpen, setOpen] = useState(false);
  const { data } = useFilingCheckRules(mayFile);
  const set = useSetFilingCheckRule();
  if (!data) return null;
  return (
    <>
      <Button onClick={() => setOpen(true)}>{w('four.rules')}</Button>
      {isOpen && (
        <RuleSwitches title={w('four.rules')} help={w('four.rulesHelp')} rules={data.rules} set={set} close={() => setOpen(false)} />
      )}
    </>
  );
}
