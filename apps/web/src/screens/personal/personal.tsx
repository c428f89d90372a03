import { Select, Tabs } from 'antd';
import { useState } from 'react';
import { useMay, useSession } from '../../api/session.ts';
import { useNarrow } from '../../parts/narrow.ts';
import { NoRightState } from '../../parts/states.tsx';
import { useWords } from '../../words/words.tsx';
import { ConsentsTab } from './consents.tsx';
import { MyRequests } from './my-requests.tsx';
import { PurposesTab } from './purposes.tsx';
import { AssessmentsTab, BreachesTab } from './records.tsx';
import { RegistersTab } from './registers.tsx';
import { RequestsTab } from './request-list.tsx';
import { RestrictionsTab } from './restrictions.tsx';
import './personal.css';

/** 个人信息: requests and restrictions for the archivist, purposes and registers for the security administrator, the own requests for the person. */
export function PersonalScreen() {
  const { w } = useWords();
  const may = useMay();
  const narrow = useNarrow();
  const { account } = useSession();
  const [chosen, choose] = useState('');
  if (account.role === 'person') return <MyRequests />;
  const tabs = [
    ...(may('rights.answer')
      ? [
          { key: 'requests', label: w('personal.requests'), children: <RequestsTab /> },
          { key: 'restrictions', label: w('personal.restrictions'), children: <RestrictionsTab /> },
          { key: 'consents', label: w('personal.consents'), children: <ConsentsTab /> },
        ]
      : []),
    ...(may('processing.read')
      ? [
          { key: 'purposes', label: w('personal.purposes'), children: <PurposesTab /> },
          { key: 'registers', label: w('personal.registers'), children: <RegistersTab /> },
          { key: 'assessments', label: w('personal.assessments'), children: <AssessmentsTab /> },
          { key: 'breaches', label: w('personal.breaches'), children: <BreachesTab /> },
        ]
      : []),
  ];
  if (tabs.length === 0) return <NoRightState />;
  const shown = tabs.find(({ key }) => key === chosen) ?? tabs[0];
  return (
    <div className="screen">
      <h1>{w('nav.personal')}</h1>
      {narrow ? (
        // Seven tabs are too many for a phone, and what does not fit would hide behind a button that screen readers cannot place.
        <>
          <Select
            className="wide personal-tabs"
            size="large"
            aria-label={w('nav.personal')}
            value={shown?.key ?? null}
            onChange={choose}
            options={tabs.map(({ key, label }) => ({ value: key, label }))}
          />
          {shown?.children}
        </>
      ) : (
        <Tabs items={tabs} activeKey={shown?.key ?? ''} onChange={choose} destroyOnHidden />
      )}
    </div>
  );
}
