import { keepAsking, keepRestriction, type Policy } from '@lantai/policy';
import { DEFAULT_POLICY, loadPolicy } from '@lantai/policy/document';
import type { Sql } from '../db/index.ts';

let ownDefault: Policy | undefined;
/** By text: versions never change, but the archives of a test process have each their own version 1. */
const read = new Map<string, Policy>();
const KEPT_MAX = 20;

/** The policy an archive begins with. */
export function defaultPolicy(): Policy {
  ownDefault ??= loadPolicy(DEFAULT_POLICY);
  return ownDefault;
}

/** Reads a policy text; the same text is read once. @throws ArchiveError `policy/invalid` (caller) */
export function readPolicyText(text: string): Policy {
  const known = read.get(text);
  if (known) return known;
  // INVARIANT: whatever version is in force, what the law restricts is restricted: an older text that does not speak of it gains the lines.
  const policy = keepAsking(keepRestriction(loadPolicy(text), defaultPolicy()));
  if (read.size >= KEPT_MAX) read.clear();
  read.set(text, policy);
  return policy;
}

/** The policy in force now. */
export async function policyInForce(sql: Sql): Promise<Policy> {
  const [row] = await sql.queryNamed<{ version: number }>('desk-policy-now', `select version from policy_version where state = 'active'`);
  return policyOf(sql, row?.version ?? null);
}

/** The policy of a version; null is the default. */
export async function policyOf(sql: Sql, version: number | null): Promise<Policy> {
  if (version === null) return defaultPolicy();
  const [row] = await sql.queryNamed<{ text: string }>('desk-policy', 'select text from policy_version where version = $1', [version]);
  return row ? readPolicyText(row.text) : defaultPolicy();
}
