import { accessSync, constants } from 'node:fs';
import { err, ok, type Result } from '@portcullis/domain';
import { MongoClient } from 'mongodb';
import { optionsFor, TIMEOUT_MILLISECONDS } from './connection.ts';

/** Of what MongoDB allows, what every server, driver and tool takes: none of `/\. "$*<>:|?` and no NUL. */
const DATABASE_NAME = /^[^/\\. "$*<>:|?\p{Cc}]+$/u;
/** MongoDB refuses names of 64 bytes. */
const DATABASE_NAME_MAX_BYTES = 63;

export const isDatabaseName = (name: string): boolean =>
  DATABASE_NAME.test(name) && Buffer.byteLength(name) <= DATABASE_NAME_MAX_BYTES;

/**
 * Reads a connection string as deeply as it will be used, without connecting.
 * @returns the database that it names, undefined for none; else what was expected, without a part of the URL, which has a password
 */
export function databaseIn(url: string): Result<string | undefined, string> {
  const path = /^[^:]+:\/\/[^/?]+\/([^?]*)/.exec(url)?.[1] ?? '';
  let name: string;
  try {
    name = decodeURIComponent(path);
  } catch {
    return err('a database name that is percent-encoded text');
  }
  if (name !== '' && !isDatabaseName(name)) {
    return err('a database name of at most 63 bytes without white space and any of / \\ . " $ * < > : | ?');
  }
  let options: MongoClient['options'];
  try {
    ({ options } = new MongoClient(url, optionsFor(TIMEOUT_MILLISECONDS)));
  } catch {
    return err(
      'a connection string that the driver takes: hosts with ports, credentials percent-encoded, known options',
    );
  }
  const { hosts, srvHost, maxPoolSize, minPoolSize, compressors, proxyHost, credentials } = options;
  if (srvHost === undefined && hosts.some(({ host, socketPath }) => (host ?? socketPath ?? '') === '')) {
    return err('a host at each comma');
  }
  if (maxPoolSize !== 0 && maxPoolSize < minPoolSize) return err(`maxPoolSize of at least ${minPoolSize}, or 0`);
  // For these the driver loads a package that is not installed, as late as it connects.
  if ([compressors ?? []].flat().some((name) => name !== 'none' && name !== 'zlib')) {
    return err('no compressors but zlib');
  }
  if (proxyHost !== undefined) return err('no proxyHost');
  if (credentials?.mechanism === 'GSSAPI' || credentials?.mechanism === 'MONGODB-AWS') {
    return err('another authMechanism than GSSAPI and MONGODB-AWS');
  }
  for (const [option, file] of Object.entries({
    tlsCAFile: options.tlsCAFile,
    tlsCertificateKeyFile: options.tlsCertificateKeyFile,
    tlsCRLFile: options.tlsCRLFile,
  })) {
    if (file === undefined) continue;
    try {
      accessSync(file, constants.R_OK);
    } catch {
      return err(`a ${option} that can be read`);
    }
  }
  return ok(name === '' ? undefined : name);
}
