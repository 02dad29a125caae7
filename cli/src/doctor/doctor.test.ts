import { expect, it } from 'vitest';
import { checkNode, checkSystem, checkUser } from './check-machine.ts';
import { checkTerminal } from './check-terminal.ts';

it.each([
  ['24.11.0', 'ok'],
  ['25.0.0', 'ok'],
  ['24.10.9', 'fail'],
  ['20.20.2', 'fail'],
])('Node.js %s: %s', (version, status) => expect(checkNode(version).status).toBe(status));

it('warns of what is not tested, and of what is not kept', () => {
  expect(checkSystem('Linux', '6.1').status).toBe('ok');
  expect(checkSystem('Darwin', '25').status).toBe('warn');
  expect(checkUser(0).status).toBe('ok');
  expect(checkUser(1000)).toMatchObject({ status: 'warn', advice: expect.stringContaining('root') as string });
});

it('warns of a terminal that cannot show names', () => {
  expect(checkTerminal({ unicode: true, outIsTerminal: true }).status).toBe('ok');
  expect(checkTerminal({ unicode: false, outIsTerminal: false }).status).toBe('ok');
  expect(checkTerminal({ unicode: false, outIsTerminal: true }).status).toBe('warn');
});
