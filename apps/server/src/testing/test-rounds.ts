/**
 * How many times the usual number of rounds the long tests go (`LANTAI_TEST_ROUNDS`, 1 by default): kills, power cuts, junk, chance.
 * `npm run test:soak` runs those files with many.
 * @throws when it is no whole number from 1
 */
export function testRounds(): number {
  const rounds = Number(process.env.LANTAI_TEST_ROUNDS ?? 1);
  if (!Number.isInteger(rounds) || rounds < 1) throw new Error('LANTAI_TEST_ROUNDS is a whole number from 1');
  return rounds;
}
