import { Link } from '@tanstack/react-router';
import { Button } from 'antd';
import type { ReactNode } from 'react';
import { type Register, useDestructions, useExportRegister, useProcessing, useProvisions } from '../../api/personal.ts';
import { saveFile } from '../../parts/save-file.ts';
import { ErrorState, LoadingState } from '../../parts/states.tsx';
import { sayInstant } from '../../words/dates.ts';
import { useWords } from '../../words/words.tsx';

/** A table that becomes cards where it is narrow, with its export. */
function RegisterTable({
  register,
  title,
  columns,
  rows,
  none,
}: {
  register: Register;
  title: string;
  columns: readonly string[];
  rows: readonly { key: string; cells: readonly ReactNode[] }[];
  none: string;
}) {
  const { w } = useWords();
  const exporting = useExportRegister();
  return (
    <section className="register">
      <div className="screen-head">
        <h2>{title}</h2>
        <div className="stretch" />
        <Button
          loading={exporting.isPending}
          onClick={() => exporting.mutate(register, { onSuccess: (bytes) => bytes && saveFile(bytes, `${register}.csv`) })}
        >
          {w('personal.export')}
        </Button>
      </div>
      {rows.length === 0 ? (
        <p className="quiet">{none}</p>
      ) : (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by the keyboard
        <div className="register-scroll card" tabIndex={0} role="region" aria-label={title}>
          <table>
            <thead>
              <tr>
                {columns.map((column) => (
                  <th key={column} scope="col">
                    {column}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {rows.map((row) => (
                <tr key={row.key}>
                  {row.cells.map((cell, i) => (
                    <td key={columns[i]}>{cell}</td>
                  ))}
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </section>
  );
}

/** The registers of processing, of provision and of destructions. */
export function RegistersTab() {
  const { w, code, language, number } = useWords();
  const processing = useProcessing();
  const provisions = useProvisions();
  const destructions = useDestructions();
  const error = processing.error ?? provisions.error ?? destructions.error;
  if (error) return <ErrorState error={error} retry={() => void processing.refetch()} />;
  if (!processing.data || !provisions.data || !destructions.data) return <LoadingState />;
  return (
    <>
      <RegisterTable
        register="processing"
        title={w('personal.processing')}
        none={w('personal.noPurposes')}
        columns={[
          w('personal.purpose'),
          w('personal.basis'),
          w('personal.dossiers'),
          w('personal.restricted'),
          w('personal.inForce'),
          w('personal.assessed'),
        ]}
        rows={processing.data.items.map((p) => ({
          key: p.code,
          cells: [
            p.name[language],
            w(`personal.basis.${p.basis}`),
            number(p.dossiers),
            number(p.restricted),
            number(p.consentsInForce),
            p.assessedAtMs === null ? '–' : sayInstant(p.assessedAtMs, language),
          ],
        }))}
      />
      <RegisterTable
        register="provision"
        title={w('personal.provision')}
        none={w('personal.noProvision')}
        columns={[w('personal.at'), w('personal.what'), w('personal.dossier')]}
        rows={provisions.data.items.slice(0, 200).map((p) => ({
          key: p.entryId,
          cells: [
            <span key="at" className="num">
              {sayInstant(p.atMs, language)}
            </span>,
            <Link key="what" to="/log/$entryId" params={{ entryId: p.entryId }}>
              {code(`entry/${p.kind}`)}
            </Link>,
            <span key="code" className="num">
              {p.dossierCode ?? '–'}
            </span>,
          ],
        }))}
      />
      <RegisterTable
        register="destruction"
        title={w('personal.destructions')}
        none={w('personal.noDestructions')}
        columns={[w('personal.dossier'), w('personal.ground'), w('personal.at'), w('personal.backupsUntil')]}
        rows={destructions.data.items.map((d) => ({
          key: d.dossierId,
          cells: [
            <span key="code" className="num">
              {d.code}
            </span>,
            w(`personal.ground.${d.ground as 'unlawful'}`),
            d.doneAtMs === null ? w('personal.unfinished') : sayInstant(d.doneAtMs, language),
            sayInstant(d.backupsUntilMs, language),
          ],
        }))}
      />
    </>
  );
}
