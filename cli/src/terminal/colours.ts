import pc from 'picocolors';

export type Colours = ReturnType<typeof pc.createColors>;

/**
 * Colours for a stream: none where NO_COLOR is set (no-color.org), always where FORCE_COLOR is set and not 0 (force-color.org), else on
 * terminals that are not TERM=dumb.
 */
export function chooseColours(isTerminal: boolean, environment: (name: string) => string | undefined): Colours {
  return pc.createColors(wantsColours(isTerminal, environment));
}

function wantsColours(isTerminal: boolean, environment: (name: string) => string | undefined): boolean {
  if ((environment('NO_COLOR') ?? '') !== '') return false;
  const forced = environment('FORCE_COLOR') ?? '';
  if (forced !== '') return forced !== '0' && forced !== 'false';
  return isTerminal && environment('TERM') !== 'dumb';
}
