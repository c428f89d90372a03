import type { CodeRuleView } from '@lantai/contract';
import { ArchiveError } from '@lantai/values';
import type { Archive } from '../archive/index.ts';
import type { Desk } from '../desk/index.ts';
import type { CodeRule } from './dossier-codes.ts';
import { getScheme, readSchemes } from './schemes.ts';

/** Whether this account says by which form a fonds writes its codes: it keeps the whole of it. */
function keepsFonds({ actor, may }: Desk, fondsId: string): boolean {
  const isKeeper = (actor.role === 'archivist' || actor.role === 'trial_owner') && actor.unitId === null;
  return isKeeper && may('dossier.change') && (actor.fondsId === null || actor.fondsId === fondsId);
}

/** The rules of codes of the fonds that an account may arrange in, for every scheme, with how many dossiers are not written by them yet. */
export async function listCodeRules(archive: Archive, desk: Desk): Promise<{ readonly items: CodeRuleView[] }> {
  desk.scope('dossier.change');
  const schemes = await readSchemes(desk.sql, archive);
  const rows = await desk.sql.query<{
    fonds_id: string;
    code: string;
    scheme: string;
    leading: CodeRule['leading'];
    second: CodeRule['second'];
    dossiers: number;
  }>(
    `select f.id as fonds_id, f.code, s.id as scheme, r.leading_form as "leading", r.second_form as "second",
       (select count(*)::int from dossier d where d.fonds_id = f.id and d.scheme = s.id) as dossiers
     from fonds f cross join unnest($2::text[]) with ordinality as s(id, at) left join code_rule r on r.fonds_id = f.id and r.scheme = s.id
     where $1::uuid is null or f.id = $1 order by f.code, s.at`,
    [desk.actor.fondsId, schemes.map((s) => s.id)],
  );
  return {
    items: rows.map((r) => {
      const scheme = schemes.find((s) => s.id === r.scheme)!;
      return {
        fondsId: r.fonds_id,
        fondsCode: r.code,
        schemeId: r.scheme,
        schemeName: scheme.name,
        templates: {
          own: scheme.codes.dossier,
          'da-t-13': scheme.codes.standards['da-t-13'] ?? null,
          'da-t-22': scheme.codes.standards['da-t-22'] ?? null,
        },
        leading: r.leading,
        second: r.second,
        dossiers: r.dossiers,
        mayChange: keepsFonds(desk, r.fonds_id),
      };
    }),
  };
}

/**
 * Says by which form codes of a fonds are given for dossiers of a scheme, and which is kept beside it. Dossiers that are there keep their codes until
 * they are coded anew ({@link recodeDossiers}). Saying what is said already changes nothing.
 * @throws ArchiveError `code/whole-fonds`, `code/no-template`, `code/same-form`, `scheme/not-found`, `fonds/not-found` (caller)
 */
export async function setCodeRule(
  archive: Archive,
  desk: Desk,
  { fondsId, schemeId, leading, second }: CodeRule & { readonly fondsId: string; readonly schemeId: string },
): Promise<void> {
  const scheme = await getScheme(archive.db, archive, schemeId);
  for (const standard of [leading, second])
    if (standard !== null && scheme.codes.standards[standard] === undefined)
      throw new ArchiveError('code/no-template', 'caller', { standard });
  if (leading !== null && leading === second) throw new ArchiveError('code/same-form', 'caller');
  await desk.act('dossier.change', async (tx) => {
    if (!keepsFonds(desk, fondsId)) throw new ArchiveError('code/whole-fonds', 'caller');
    if (!(await tx.one('select 1 as one from fonds where id = $1', [fondsId]))) throw new ArchiveError('fonds/not-found', 'caller');
    const id = `${fondsId}/${schemeId}`;
    const watched = await tx.watch('code_rule', [id]);
    const entryId = desk.clock.newId();
    const said = await tx.execute(
      `insert into code_rule (fonds_id, scheme, leading_form, second_form, made_by, made_at_ms, entry_id) values ($1, $2, $3, $4, $5, $6, $7)
       on conflict (fonds_id, scheme) do update set leading_form = excluded.leading_form, second_form = excluded.second_form, made_by = excluded.made_by,
         made_at_ms = excluded.made_at_ms, entry_id = excluded.entry_id
       where (code_rule.leading_form, code_rule.second_form) is distinct from (excluded.leading_form, excluded.second_form)`,
      [fondsId, schemeId, leading, second, desk.actor.accountId, desk.clock.nowMs(), entryId],
    );
    if (!said) return;
    const params = { scheme: schemeId, leading: leading ?? 'own', second: second ?? 'none' };
    await tx.log({ id: entryId, kind: 'codes.chosen', objectId: fondsId, params, changed: [watched] });
  });
}
