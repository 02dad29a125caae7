/** What stands in place of a secret. */
const REDACTED = '[redacted]';

/** Names of fields whose values are secret wherever they appear; also as the end of a longer name, and spelled with `_` or `-`. */
const secretFields = [
  'password',
  'passwd',
  'passphrase',
  'secret',
  'token',
  'authorization',
  'cookie',
  'credentials',
  'apikey',
  'privatekey',
  'accesskey',
  'pass',
];

export interface SecretKnowledge {
  /** Names of further secret fields, from the configuration of plugins. */
  readonly fields?: readonly string[];
  /** Secrets themselves, wherever they appear. Those below four characters are left out: they would blank out ordinary text. */
  readonly values?: readonly string[];
}

// A password ends at the last `@` before a slash, or at the first `@` when a slash is part of it; digits alone are a port.
const urlPassword = /(:\/\/[^/?#@:\s"'<>[\]]*):(?!\d+(?:[/?#\s"'<>]|$))(?:[^/\s"'<>]+@|[^@\s"'<>]+@)/g;
const querySecret = new RegExp(`([?&;,](?:[a-z0-9_-]*[_-])?(?:${spellings(secretFields)})=)[^&;,\\s"]+`, 'gi');

/**
 * Hides passwords in the URLs of a text and in their queries: `sftp://ann:hunter2@host` becomes `sftp://ann:[redacted]@host`.
 * A text without any comes back as it is.
 */
export function redactUrls(text: string): string {
  return text.replace(urlPassword, `$1:${REDACTED}@`).replace(querySecret, `$1${REDACTED}`);
}

/**
 * The function that hides secrets in a line of JSON: values of secret fields at any depth, passwords in URLs, and the secrets
 * given. Applied to the finished line, so that nothing that is logged can pass it by.
 */
export function makeRedactor(known: SecretKnowledge = {}): (line: string) => string {
  const names = spellings([...secretFields, ...(known.fields ?? [])]);
  const field = new RegExp(
    `("[^"\\\\]*(?:${names})s?"\\s*:\\s*)("(?:[^"\\\\]|\\\\.)*"|\\[[^\\]]*\\]|\\{[^{}]*\\}|[^\\s,{}[\\]]+)`,
    'gi',
  );
  const values = (known.values ?? []).filter((value) => value.length >= 4);
  const written = new Set(values.flatMap((value) => [value, JSON.stringify(value).slice(1, -1)]));
  return (line) => {
    let text = line;
    for (const value of written) text = text.replaceAll(value, REDACTED);
    return redactUrls(text).replace(field, `$1"${REDACTED}"`);
  };
}

/** A pattern for names with or without `_` and `-` between their letters. */
function spellings(names: readonly string[]): string {
  const patterns = names.map((name) =>
    [...name.replace(/[_-]/g, '')].map((letter) => letter.replace(/\W/, '\\$&')).join('[_-]?'),
  );
  return patterns.join('|');
}
