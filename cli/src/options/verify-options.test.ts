import { expect, it } from 'vitest';
import { parseVerb } from '../program/parse-verb.ts';
import { verifyVerb } from '../verbs/verify.ts';
import { readVerifyRequest } from './verify-options.ts';

const read = (...options: string[]) => readVerifyRequest('LOC', parseVerb('verify', verifyVerb, [...options, 'LOC']).options);

it.each([
  [[], {}],
  [['--against', 'SRC'], { against: 'SRC' }],
  [['--sample', '5%'], { samplePercent: 5 }],
  [['--sample=0.5%'], { samplePercent: 0.5 }],
  [['--repair-from=SRC', '--sample=50%'], { repairFrom: 'SRC', samplePercent: 50 }],
])('%j', (options, expected) => expect(read(...options)).toEqual({ location: 'LOC', ...expected }));

it.each([
  [['--sample', '5'], 'no percentage'],
  [['--sample', '0%'], 'no percentage'],
  [['--sample', '200%'], '--sample:'],
  [['--against', 'SRC', '--repair-from', 'SRC'], '--against'],
])('refuses %j', (options, message) => expect(() => read(...options)).toThrow(message));
