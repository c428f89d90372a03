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

/** A button for a file, and the name of the one chosen. */
function FileChoice({ word, name, onChoose }: { word: string; name: string | null; onChoose: (file: File | null) => void }) {
  const input = useRef<HTMLInputElement>(null);
  return (
    <>
      <Button onClick={() => input.current?.click()}>{word}</Button>
      <span className="quiet">{name}</span>
      <input
        ref={input}
        type="file"
        hidden
        aria-hidden="true"
        tabIndex={-1}
        onChange={(event) => {
          onChoose(event.currentTarget.files?.[0] ?? null);
          event.currentTarget.value = '';
        }}
      />
    </>
  );
}

/** Checks a receipt, and a file against it, in this browser alone: neither is sent anywhere. */
export function ReceiptCheck() {
  const { w } = useWords();
  const { believedKeys } = useLogWatch();
  const [text, setText] = useState('');
  const [receiptName, setReceiptName] = useState<string | null>(null);
  const [file, setFile] = useState<File | null>(null);
  const [verdict, setVerdict] = useState<ReceiptVerdict | null>(null);
  const id = useId();
  const check = async () =>
    setVerdict(await verifyReceiptInBrowser({ receiptText: text, logKeys: believedKeys(), ...(file ? { file } : {}) }));
  const chooseReceipt = async (chosen: File | null) => {
    setVerdict(null);
    setReceiptName(chosen?.name ?? null);
    if (chosen) setText(await chosen.slice(0, RECEIPT_LIMIT_CHARS).text());
  };
  return (
    <section className="card receipt">
      <h2>{w('receipt.title')}</h2>
      <p className="quiet">{w('receipt.text')}</p>
      <div className="receipt-files">
        <FileChoice word={w('receipt.choose')} name={receiptName} onChoose={(chosen) => void chooseReceipt(chosen)} />
        <FileChoice
          word={w('receipt.file')}
          name={file?.name ?? null}
          onChoose={(chosen) => {
            setFile(chosen);
            setVerdict(null);
          }}
        />
      </div>
      <label htmlFor={id}>{w('receipt.paste')}</label>
      <Input.TextArea
        id={id}
        autoSize={{ minRows: 1, maxRows: 6 }}
        maxLength={RECEIPT_LIMIT_CHARS}
        value={text}
        onChange={(event) => {
          setText(event.target.value);
          setReceiptName(null);
          setVerdict(null);
        }}
      />
      <div className="receipt-acts">
        <Button type="primary" disabled={text.trim() === ''} onClick={() => void check()}>
          {w('receipt.check')}
        </Button>
      </div>
      {verdict && <Verdict verdict={verdict} />}
    </section>
  );
}
