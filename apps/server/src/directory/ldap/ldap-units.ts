import type { DirectoryUnit } from '../directory-list.ts';
import { firstOf, type LdapEntry } from './ldap-person.ts';
import { placeKey, placeOfDn } from './ldap-place.ts';
import type { LdapSettings } from './ldap-settings.ts';

/** Units of a directory, and where its entries lie among them. */
export interface LdapUnits {
  readonly units: readonly DirectoryUnit[];
  /** Code of the nearest unit in which an entry lies; null: in none of them. */
  readonly codeAt: (dn: string) => string | null;
}

/**
 * Organisational units as units of the fonds: each below the nearest that holds it, the outermost below the chosen one. The entry that is
 * searched from is none of them. A unit without a name is called by its code.
 */
export function unitsOfEntries(entries: readonly LdapEntry[], settings: NonNullable<LdapSettings['units']>): LdapUnits {
  const base = placeKey(placeOfDn(settings.base));
  const places = entries
    .map((entry) => ({ entry, place: placeOfDn(firstOf(entry, 'dn') ?? '') }))
    .filter(({ place }) => placeKey(place) !== base);
  const codes = new Map(places.map(({ entry, place }) => [placeKey(place), firstOf(entry, settings.attributes.code) ?? '']));
  const codeAbove = (place: readonly string[]): string | null => {
    for (let up = 1; up < place.length; up++) {
      const code = codes.get(placeKey(place.slice(up)));
      if (code !== undefined) return code;
    }
    return null;
  };
  const units = places.map(({ entry, place }) => {
    const code = codes.get(placeKey(place)) ?? '';
    return {
      row: null,
      code,
      name: firstOf(entry, settings.attributes.name) ?? code,
      parentCode: codeAbove(place) ?? settings.below ?? null,
    };
  });
  return { units, codeAt: (dn) => codeAbove(placeOfDn(dn)) };
}
