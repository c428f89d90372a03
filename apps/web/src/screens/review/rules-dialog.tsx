import type { Schemas } from '../../api/client.ts';
import { useSetCountercheckRule } from '../../api/counterchecks.ts';
import { RuleSwitches } from '../../parts/rule-switches.tsx';
import { useWords } from '../../words/words.tsx';

/** Where two persons are asked for: each fonds with its schemes. Whoever keeps the whole fonds changes it. */
export function RulesDialog({ rules, close }: { rules: readonly Schemas['CountercheckRule'][]; close: () => void }) {
  const { w } = useWords();
  const set = useSetCountercheckRule();
  const nameOf = (schemeId: string) => schemes.find((scheme) => scheme.id === schemeId)?.name[language] ?? schemeId;
  const fonds = [...new Map(rules.map((rule) => [rule.fondsId, rule.fondsCode]))];
  return (
    <Modal open title={w('check.rules')} footer={null} width={560} onCancel={close}>
      <p className="quiet">{w('check.rulesHelp')}</p>
      {fonds.map(([fondsId, code]) => (
        <section key={fondsId} className="check-rules">
          <h3>{w('check.rulesFonds', { code })}</h3>
          <ul>
            {rules
              .filter((rule) => rule.fondsId === fondsId)
              .map((rule) => (
                <li key={rule.schemeId}>
                  <span>
                    {nameOf(rule.schemeId)}
                    <span className="quiet said">
                      {rule.madeAtMs === null
                        ? w('check.ruleNever')
                        : w(rule.required ? 'check.ruleOn' : 'check.ruleOff', {
                            name: rule.madeByName,
                            at: sayMoment(rule.madeAtMs, language),
                          })}
                    </span>
                  </span>
                  <Switch
                    checked={rule.required}
                    disabled={!rule.mayChange}
                    loading={set.isPending && set.variables.fondsId === fondsId && set.variables.schemeId === rule.schemeId}
                    aria-label={nameOf(rule.schemeId)}
                    onChange={(required) => set.mutate({ fondsId, schemeId: rule.schemeId, required })}
                  />
                </li>
              ))}
          </ul>
        </section>
      ))}
      {rules.length > 0 && !rules.some((rule) => rule.mayChange) && <p className="quiet">{w('check.rulesNotMine')}</p>}
      <Refused error={set.error} />
    </Modal>
  );
  return <RuleSwitches title={w('check.rules')} help={w('check.rulesHelp')} rules={rules} set={set} close={close} />;
}
