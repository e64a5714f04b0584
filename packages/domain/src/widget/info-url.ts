import type { Branded } from '../shared/branded.ts';
import { err, type Result } from '../shared/result.ts';

export type InfoUrl = Branded<string, 'InfoUrl'>;

/** The first thing that is wrong with a URL. */
export interface InfoUrlFault {
  readonly kind:
    | 'url-malformed'
    | 'url-without-scheme'
    | 'url-protocol-not-allowed'
    | 'url-ip-not-allowed'
    | 'url-authentication-not-allowed'
    | 'url-localhost-not-allowed'
    | 'url-port-not-allowed';
  readonly value: string;
}

export const INFO_URL_MAX_LENGTH = 255;

export function parseInfoUrl(text: string): Result<InfoUrl, InfoUrlFault> {
  return err({ kind: 'url-malformed', value: text });
}
