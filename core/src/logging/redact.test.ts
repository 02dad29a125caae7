import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { makeRedactor, redactUrls } from './redact.ts';

describe('redactUrls', () => {
  it.each([
    ['sftp://ann:hunter2@host:22/x', 'sftp://ann:[redacted]@host:22/x'],
    ['smb://:hunter2@host', 'smb://:[redacted]@host'],
    ['see webdav://a:p@ss@host/b@2 and s3://k:v@h', 'see webdav://a:[redacted]@host/b@2 and s3://k:[redacted]@h'],
    ['sftp://ann:p/w@host/x', 'sftp://ann:[redacted]@host/x'],
    ['s3://b/p?region=eu&secret_access_key=abc&x=1', 's3://b/p?region=eu&secret_access_key=[redacted]&x=1'],
    ['rclone::sftp,host=h,pass=abc:x', 'rclone::sftp,host=h,pass=[redacted]'],
  ])('%s', (text, expected) => expect(redactUrls(text)).toBe(expected));

  it.each([
    'sftp://ann@host:22/a@b',
    'sftp://host:22/a@b',
    'smb://[::1]:445/sh@re',
    '/a:b@c',
    'http://host:80?x=@',
    's3:bucket/a@b',
    'a?compass=north',
    'https://host/',
  ])('leaves %s as it is', (text) => expect(redactUrls(text)).toBe(text));
});

describe('makeRedactor', () => {
  it('leaves valid JSON, without the secrets, whatever they are', () => {
    const secret = fc.string({ unit: 'binary', minLength: 4, maxLength: 12 }).filter((text) => !'[redacted]'.includes(text));
    fc.assert(
      fc.property(
        secret,
        fc.constantFrom('password', 'api_key', 'S3SecretAccessKey', 'sftp-pass', 'Authorization'),
        (value, field) => {
          const redact = makeRedactor({});
          const line = redact(JSON.stringify({ before: 1, deep: [{ [field]: value }], after: 'kept' }));
          expect(JSON.parse(line)).toEqual({ before: 1, deep: [{ [field]: '[redacted]' }], after: 'kept' });
        },
      ),
    );
  });
});
