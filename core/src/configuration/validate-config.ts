import type { ConfigSchema } from '../contracts/plugin.ts';
import { HoldfastError } from '../errors/holdfast-error.ts';

type Issue = { readonly message: string; readonly path?: readonly unknown[] | undefined };

/**
 * Checks a value with a Standard Schema. `subject` names what is checked, for the message. Rejects with `config-invalid`, naming each
 * wrong field. What a schema says of a secret field is not shown, because it may quote the value.
 */
export async function validateConfig<Config>(
  schema: ConfigSchema<Config>,
  value: unknown,
  subject: string,
  secrets: readonly string[] = [],
): Promise<Config> {
  const result = await schema['~standard'].validate(value);
  if (result.issues === undefined) return result.value;
  const faults = result.issues.map((issue) => describeIssue(issue, secrets));
  throw new HoldfastError('config-invalid', `${subject} is wrong: ${faults.join('; ')}.`);
}

function describeIssue(issue: Issue, secrets: readonly string[]): string {
  const keys = (issue.path ?? []).map(keyOf);
  const hidden = keys.some((key) => secrets.includes(key));
  const message = hidden ? 'is not valid (its value is not shown)' : issue.message.replace(/\.$/, '');
  return keys.length === 0 ? message : `${keys.join('.')}: ${message}`;
}

/** A segment of a path is a key, or an object that has one (Standard Schema). */
function keyOf(segment: unknown): string {
  return String(typeof segment === 'object' && segment !== null && 'key' in segment ? segment.key : segment);
}
