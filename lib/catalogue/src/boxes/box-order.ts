/**
 * The order of a box's volumes after some are put into it, together and in the order given, before the place `at`, or at the end.
 * What was in the box already comes to the new place; all others keep their order.
 * @param standing keys of the volumes in the box, in their order
 * @param at 0-based place among `standing`; null, or beyond the last: at the end
 */
export function orderInBox(standing: readonly string[], put: readonly string[], at: number | null): string[] {
  const coming = new Set(put);
  const stays = (key: string) => !coming.has(key);
  const place = at === null ? standing.length : Math.max(0, Math.trunc(at));
  return [...standing.slice(0, place).filter(stays), ...coming, ...standing.slice(place).filter(stays)];
}
