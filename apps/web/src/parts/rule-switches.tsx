import { Modal, Switch } from 'antd';
import { useSchemes } from '../api/house.ts';
import { sayMoment } from '../words/dates.ts';
import { useWords } from '../words/words.tsx';
import { Refused } from './refused.tsx';
import './rule-switches.css';

/** What is asked for, or not, in a fonds under a scheme; and who said so. */
export interface PlacedRule {
  readonly fondsId: string;
  readonly fondsCode: string;
  readonly schemeId: string;
  readonly required: boolean;
  readonly madeByName: string;
  readonly madeAtMs: number | null;
  readonly mayChange: boolean;
}

/** A fonds and a scheme, and whether it is asked for there from now on. */
export type Ruling = Pick<PlacedRule, 'fondsId' | 'schemeId' | 'required'>;

interface Setting {
  readonly isPending: boolean;
  readonly variables: Ruling | undefined;
  readonly error: unknown;
  readonly mutate: (ruling: Ruling) => void;
}

interface Shown {
  readonly title: string;
  readonly help: string;
  readonly rules: readonly PlacedRule[];
  readonly set: Setting;
  readonly close: () => void;
}

/** A rule that is on or off, as a dialog of switches: each fonds with its schemes. Whoever keeps the whole fonds changes it. */
export function RuleSwitches({ title, help, rules, set, close }: Shown) {
  const { w, language } = useWords();
  const schemes = useSchemes().data?.schemes ?? [];
  const nameOf = (schemeId: string) => schemes.find((scheme) => scheme.id === schemeId)?.name[language] ?? schemeId;
  const fonds = [...new Map(rules.map((rule) => [rule.fondsId, rule.fondsCode]))];
  const isSetting = ({ fondsId, schemeId }: PlacedRule) =>
    set.isPending && set.variables?.fondsId === fondsId && set.variables.schemeId === schemeId;
  return (
    <Modal open title={title} footer={null} width={560} onCancel={close}>
      <p className="quiet">{help}</p>
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
                    loading={isSetting(rule)}
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
}
