import type { ReceiptVerdict } from '@lantai/log';
import { verifyReceiptInBrowser } from '@lantai/primitives-web';
import { Button, Input } from 'antd';
import { useId, useRef, useState } from 'react';
import { Chip } from '../../parts/chip.tsx';
import { useLogWatch } from '../../shell/log-watch.tsx';
import { useWords } from '../../words/words.tsx';

const RECEIPT_LIMIT_CHARS = 200_000;

/** Every check by name with its outcome. */
function Verdict({ verdict }: { verdict: ReceiptVerdict }) {
  const { w, code, number } = useWords();
  return (
    <div role="status" className={verdict.isValid ? 'verdict holds' : 'verdict broken'}>
      <strong>{w(verdict.isValid ? (verdict.isFileProved ? 'receipt.fileProved' : 'receipt.holds') : 'receipt.broken')}</strong>
      {verdict.isValid && verdict.position !== undefined && <span> {w('receipt.place', { position: number(verdict.position) })}</span>}
      <ul>
        {verdict.checks.map((check) => (
          <li key={check.name}>
            <Chip tone={check.outcome === 'passed' ? 'jade' : check.outcome === 'failed' ? 'cinnabar' : 'plain'}>
              {w(`receipt.outcome.${check.outcome}`)}
            </Chip>{' '}
            {w(`receipt.check.${check.name}`)}
            {check.reason && <span className="quiet"> {code(`receipt/${check.reason}`)}</span>}
          </li>
        ))}
      </ul>
    </div>
  );
}

/** Checks a receipt, and a file against it, in this browser alone: neither is sent anywhere. */
export function ReceiptCheck() {
  const { w } = useWords();
  const { believedKeys } = useLogWatch();
  const [text, setText] = useState('');
  const [file, setFile] = useState<File | null>(null);
  const [verdict, setVerdict] = useState<ReceiptVerdict | null>(null);
  const ids = { receipt: useId(), file: useId() };
  const receiptInput = useRef<HTMLInputElement>(null);
  const check = async () =>
    setVerdict(await verifyReceiptInBrowser({ receiptText: text, logKeys: believedKeys(), ...(file ? { file } : {}) }));
  return (
    <section className="card receipt">
      <h2>{w('receipt.title')}</h2>
      <p className="quiet">{w('receipt.text')}</p>
      <label htmlFor={ids.receipt}>{w('receipt.paste')}</label>
      <Input.TextArea
        id={ids.receipt}
        rows={3}
        maxLength={RECEIPT_LIMIT_CHARS}
        value={text}
        onChange={(event) => {
          setText(event.target.value);
          setVerdict(null);
        }}
      />
      <input
        ref={receiptInput}
        type="file"
        hidden
        onChange={(event) => {
          const chosen = event.currentTarget.files?.[0];
          if (chosen) void chosen.slice(0, RECEIPT_LIMIT_CHARS).text().then(setText);
          setVerdict(null);
        }}
      />
      <label htmlFor={ids.file}>{w('receipt.file')}</label>
      <input
        id={ids.file}
        type="file"
        onChange={(event) => {
          setFile(event.currentTarget.files?.[0] ?? null);
          setVerdict(null);
        }}
      />
      <div className="receipt-acts">
        <Button onClick={() => receiptInput.current?.click()}>{w('receipt.choose')}</Button>
        <Button type="primary" disabled={text.trim() === ''} onClick={() => void check()}>
          {w('receipt.check')}
        </Button>
      </div>
      {verdict && <Verdict verdict={verdict} />}
    </section>
  );
}
