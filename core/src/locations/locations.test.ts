import { describe, expect, it } from 'vitest';
import { parseLocation } from './parse-location.ts';
import { splitSnapshot } from './split-snapshot.ts';

describe('parseLocation', () => {
  it.each([
    ['/data', 'file', '/data'],
    ['data/', 'file', 'data/'],
    ['.', 'file', '.'],
    ['file:/data', 'file', '/data'],
    ['file:a:b', 'file', 'a:b'],
    ['./a:b', 'file', './a:b'],
    ['C:\\data', 'file', 'C:\\data'],
    ['c:/data', 'file', 'c:/data'],
    ['S3:bucket', 'file', 'S3:bucket'],
    ['a b:c', 'file', 'a b:c'],
    ['1a:b', 'file', '1a:b'],
    ['/user:pw@x', 'file', '/user:pw@x'],
    ['./x://a:b@c', 'file', './x://a:b@c'],
    ['s3:bucket/prefix', 's3', 'bucket/prefix'],
    ['sftp://ann@host:22/x', 'sftp', '//ann@host:22/x'],
    ['svn+ssh:x', 'svn+ssh', 'x'],
    ['rclone:remote:path', 'rclone', 'remote:path'],
    ['smb://[::1]:445/share/a@b', 'smb', '//[::1]:445/share/a@b'],
  ])('%s', (written, scheme, text) => expect(parseLocation(written)).toEqual({ scheme, text }));

  it.each(['', 'file:', 's3:', 'a\0b', '@nas'])('refuses %j', (written) => {
    expect(() => parseLocation(written)).toThrow(expect.objectContaining({ code: 'location-invalid' }));
  });

  it.each([
    'sftp://ann:hunter2@host/x',
    'smb://:hunter2@host',
    's3://b/p?secret_access_key=hunter2',
    'webdav://a:h/unter2@host/x',
  ])('refuses the secret in %s without showing it', (written) => {
    expect(() => parseLocation(written)).toThrow(expect.objectContaining({ code: 'secret-in-location' }));
    expect(() => parseLocation(written)).not.toThrow('unter2');
  });

  it('finds saved locations', () => {
    const saved = { nas: { location: 'smb://host/share' }, loop: { location: '@nas' } };
    expect(parseLocation('@nas', saved)).toEqual({ scheme: 'smb', text: '//host/share' });
    expect(() => parseLocation('@loop', saved)).toThrow('another saved one');
    expect(() => parseLocation('@gone', saved)).toThrow('No location is saved as "@gone" (there are: @nas, @loop).');
    expect(() => parseLocation('@toString', saved)).toThrow('No location is saved');
  });
});

describe('splitSnapshot', () => {
  const existing = new Set(['/here@latest', 'a@b', '/has@two@latest']);
  const exists = async (path: string): Promise<boolean> => existing.has(path);

  it.each([
    ['/data@latest', '/data', 'latest'],
    ['data@2026-11-23T10:00', 'data', '2026-11-23T10:00'],
    ['/da@ta@latest~2', '/da@ta', 'latest~2'],
    ['file:/data@latest', 'file:/data', 'latest'],
    ['@nas@latest', '@nas', 'latest'],
    ['/mnt/@home@abc', '/mnt/@home', 'abc'],
    ['sftp://ann@host/data@latest', 'sftp://ann@host/data', 'latest'],
    ['s3:bucket@latest', 's3:bucket', 'latest'],
    ['s3://bucket/prefix@latest?endpoint=http://a@b/c', 's3://bucket/prefix?endpoint=http://a@b/c', 'latest'],
    ['rclone:remote:dir@latest', 'rclone:remote:dir', 'latest'],
  ])('%s', async (written, location, snapshot) => expect(await splitSnapshot(written, exists)).toEqual({ location, snapshot }));

  it.each([
    '/data',
    '@nas',
    '/mnt/@home',
    './@x',
    '/a@b/c',
    '/data@',
    'sftp://ann@host',
    'sftp://ann@host/',
    'sftp://ann@host/dir',
    's3://bucket/prefix?endpoint=http://x/a@b',
    '/here@latest',
    'file:/here@latest',
    'a@b',
    '/has@two@latest',
  ])('leaves %s whole', async (written) => expect(await splitSnapshot(written, exists)).toEqual({ location: written }));
});
