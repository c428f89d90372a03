import type { Policy } from './model.ts';

/**
 * A policy that says what becomes of restricted data (个人信息保护法第四十七条第二款: 除存储和采取必要的安全保护措施之外的处理, 应当停止); one that
 * does not is given the lines of another. An archive may word the lines anew; it cannot leave them out.
 */
export function keepRestriction(policy: Policy, otherwise: Policy): Policy {
  const speaks = (p: Policy) => p.lines.filter((line) => line.effect === 'deny' && line.state === 'restricted');
  return speaks(policy).length ? policy : { ...policy, lines: [...policy.lines, ...speaks(otherwise)] };
}
