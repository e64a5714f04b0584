import { hash, timingSafeEqual } from 'node:crypto';

/** A service of the team's own that may ask about tokens, and what it shows for that (RFC 6749 §2.3.1). */
export interface ClientSecret {
  readonly id: string;
  readonly secret: string;
}

const digest = (text: string): Buffer => hash('sha256', text, 'buffer');

/**
 * Whether these are the id and the secret of one of the clients. Takes the same time for every answer. An id may have several secrets,
 * so that one can be replaced without a moment in which neither is right. For random secrets: there is nothing slow about the hash.
 */
export function clientSecrets(clients: readonly ClientSecret[]): (shown: ClientSecret) => boolean {
  const known = clients.map(({ id, secret }) => ({ id: digest(id), secret: digest(secret) }));
  return (shown) => {
    const [id, secret] = [digest(shown.id), digest(shown.secret)];
    let isKnown = false;
    for (const each of known) {
      const isId = timingSafeEqual(each.id, id);
      const isSecret = timingSafeEqual(each.secret, secret);
      if (isId && isSecret) isKnown = true;
    }
    return isKnown;
  };
}
