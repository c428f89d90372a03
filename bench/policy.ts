// Time of one decision by the default policy. node --import tsx bench/policy.ts [--cases 200000]
import { argv } from 'node:process';
import { decide, scope } from '@lantai/policy';
import { DEFAULT_POLICY, loadPolicy } from '@lantai/policy/document';
import { Dice, SMALL_WORLD, throwAction, throwActor, throwThing, throwWhen } from '../test/policy-matrix/random-cases.ts';

const cases = argv.includes('--cases') ? Number(argv[argv.indexOf('--cases') + 1]) : 200_000;
const policy = loadPolicy(DEFAULT_POLICY);
const dice = new Dice(7);
const thrown = Array.from({ length: 5000 }, () => ({
  actor: throwActor(dice, SMALL_WORLD),
  action: throwAction(dice),
  thing: throwThing(dice, SMALL_WORLD),
  when: throwWhen(dice),
}));

function time(name: string, work: (i: number) => void): void {
  for (let i = 0; i < cases / 10; i++) work(i);
  const cpu = process.cpuUsage();
  for (let i = 0; i < cases; i++) work(i);
  const { user, system } = process.cpuUsage(cpu);
  console.log(`${name}: ${((user + system) / cases).toFixed(2)} µs of CPU (${cases} times)`);
}

const at = (i: number) => thrown[i % thrown.length]!;
time('decide', (i) => {
  const c = at(i);
  decide(policy, c.actor, c.action, c.thing, c.when);
});
time('scope', (i) => {
  const c = at(i);
  scope(policy, c.actor, c.action, c.when);
});
