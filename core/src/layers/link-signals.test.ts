import { getEventListeners } from 'node:events';
import { expect, test } from 'vitest';
import { linkSignals } from './link-signals.ts';

test('it aborts with the first of its signals, with its reason', () => {
  const [first, second] = [new AbortController(), new AbortController()];
  using linked = linkSignals(first.signal, undefined, second.signal);
  const reason = new Error('second');
  second.abort(reason);
  first.abort(new Error('first'));
  expect(linked.signal.reason).toBe(reason);
});

test('one that is aborted already aborts it at once', () => {
  const reason = new Error('before');
  using linked = linkSignals(AbortSignal.abort(reason));
  expect(linked.signal.reason).toBe(reason);
});

test('after it is disposed nothing of it is left on the signals, which are not followed any more', () => {
  const controller = new AbortController();
  const linked = linkSignals(controller.signal);
  expect(getEventListeners(controller.signal, 'abort')).toHaveLength(1);
  linked[Symbol.dispose]();
  expect(getEventListeners(controller.signal, 'abort')).toHaveLength(0);
  controller.abort();
  expect(linked.signal.aborted).toBe(false);
});
