import { expect, test } from 'vitest';
import { diskConfig, parseDiskLocation } from './config.ts';

test.each([
  ['/data', '/data'],
  ['data/x', 'data/x'],
  ['//data', '//data'],
  ['///data', '/data'],
  ['//localhost/data dir', '/data dir'],
  ['/with\nline', '/with\nline'],
])('file:%s is the path %s', (text, path) => {
  expect(parseDiskLocation({ scheme: 'file', text })).toEqual({ path });
});

test('a path on another machine is refused', () => {
  expect(() => parseDiskLocation({ scheme: 'file', text: '//nas/share' })).toThrow(
    expect.objectContaining({ code: 'location-invalid' }) as Error,
  );
});

test.each([undefined, {}, { path: '' }, { path: 'a\0b' }, { path: 7 }])('%j is no configuration', async (value) => {
  expect(await diskConfig['~standard'].validate(value)).toHaveProperty('issues');
});

test('a path is', async () => {
  expect(await diskConfig['~standard'].validate({ path: '/data' })).toEqual({ value: { path: '/data' } });
});
