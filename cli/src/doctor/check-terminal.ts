import type { Finding } from '@holdfast/core';

/** Whether names in every script can be shown. */
export function checkTerminal({
  unicode,
  outIsTerminal,
}: {
  readonly unicode: boolean;
  readonly outIsTerminal: boolean;
}): Finding {
  const check = 'machine.terminal';
  if (unicode) return { check, status: 'ok', message: 'The locale is UTF-8: names are shown as they are.' };
  if (!outIsTerminal) return { check, status: 'ok', message: 'No terminal, and a locale that is not UTF-8.' };
  return {
    check,
    status: 'warn',
    message: 'The locale is not UTF-8: some names may be shown wrongly. They are copied rightly all the same.',
    advice: 'Set LANG to a UTF-8 locale, for example LANG=C.UTF-8.',
  };
}
