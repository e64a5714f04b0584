import type { Draw } from '../random.ts';

/** Secrets that a program is given: where one shows up in a log or an answer, it has leaked. */
export interface Planted {
  /** What every password begins with. */
  readonly marker: string;
  readonly newPassword: () => string;
  readonly tokenSecret: string;
  readonly clientId: string;
  readonly clientSecret: string;
  /** All that may show up nowhere. */
  readonly all: readonly string[];
}

export function planted(draw: Draw): Planted {
  const marker = `hush-${draw.word(12)}`;
  const [tokenSecret, clientSecret] = [draw.word(64), draw.word(48)];
  return {
    marker,
    newPassword: () => `${marker}-${draw.word(10)}`,
    tokenSecret,
    clientId: 'fuzz',
    clientSecret,
    all: [marker, tokenSecret, clientSecret],
  };
}
