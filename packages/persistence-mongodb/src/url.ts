import { readFileSync, statSync } from 'node:fs';
import { isIP } from 'node:net';
import { createSecureContext } from 'node:tls';
import { err, isHostName, ok, type Result } from '@portcullis/domain';
import { MongoClient } from 'mongodb';
import { optionsFor, TIMEOUT_MILLISECONDS } from './connection.ts';

/** Of what MongoDB allows, what every server, driver and tool takes: none of `/\. "$*<>:|?` and no NUL. */
const DATABASE_NAME = /^[^/\\. "$*<>:|?\p{Cc}]+$/u;
/** MongoDB refuses names of 64 bytes. */
const DATABASE_NAME_MAX_BYTES = 63;

export const isDatabaseName = (name: string): boolean =>
  DATABASE_NAME.test(name) && Buffer.byteLength(name) <= DATABASE_NAME_MAX_BYTES;

/** Those of the server itself. In any case: MongoDB refuses names that differ from another one in nothing else. */
const OWN_DATABASES = ['admin', 'config', 'local'];

/**
 * What a URL may say beside what the store sets itself. Others are for other programs (`raw`, `promoteValues`, `readPreferenceTags`), and
 * would fail at the first query.
 */
const OPTIONS_OF_A_URL = [
  ...['appName', 'authMechanism', 'authMechanismProperties', 'authSource', 'compressors', 'directConnection'],
  ...[
    'loadBalanced',
    'localThresholdMS',
    'maxIdleTimeMS',
    'maxPoolSize',
    'replicaSet',
    'srvMaxHosts',
    'srvServiceName',
  ],
  ...['ssl', 'tls', 'tlsAllowInvalidCertificates', 'tlsAllowInvalidHostnames', 'tlsCAFile', 'tlsCRLFile'],
  ...['tlsCertificateKeyFile', 'tlsCertificateKeyFilePassword', 'tlsInsecure'],
];
const OPTIONS = optionsFor(TIMEOUT_MILLISECONDS);
/** What the store sets itself: a URL may say the same. Times are asked for elsewhere. */
const SET_BY_THE_STORE = Object.entries({ ...OPTIONS, j: OPTIONS.journal, wtimeout: OPTIONS.wtimeoutMS });

/** What is wrong with the options of a URL, without their values. */
function optionFault(url: string): string | undefined {
  for (const [key, value] of new URLSearchParams(/\?(.*)$/s.exec(url)?.[1] ?? '')) {
    const isNamed = (name: string) => name.toLowerCase() === key.toLowerCase();
    if (OPTIONS_OF_A_URL.some(isNamed)) continue;
    const [name, fixed] = SET_BY_THE_STORE.find(([each]) => isNamed(each)) ?? [];
    if (name === undefined) return `no other options than ${OPTIONS_OF_A_URL.join(', ')}`;
    if (typeof fixed === 'number') return `no ${name}, which the store sets itself`;
    if (value !== String(fixed)) return `no ${name}, or ${name}=${fixed}, which the store sets itself`;
  }
  return undefined;
}

/**
 * Reads a connection string as deeply as it will be used, without connecting.
 * @returns the database that it names, undefined for none; else what was expected, without a part of the URL, which has a password
 */
export function databaseIn(url: string): Result<string | undefined, string> {
  const path = /^[^:]+:\/\/[^/?]+\/([^?]*)/.exec(url)?.[1] ?? '';
  if (url.includes('#')) return err('no `#`');
  if (path.includes('%')) return err('a database name as it is, and not percent-encoded');
  if (path !== '' && !isDatabaseName(path)) {
    return err('a database name of at most 63 bytes without white space and any of / \\ . " $ * < > : | ?');
  }
  if (OWN_DATABASES.includes(path.toLowerCase())) {
    return err("a database of its own, such as /portcullis?authSource=admin: admin, config and local are the server's");
  }
  const fault = optionFault(url);
  if (fault !== undefined) return err(fault);
  let options: MongoClient['options'];
  try {
    ({ options } = new MongoClient(url, OPTIONS));
  } catch {
    return err(
      'a connection string that the driver takes: hosts with ports, credentials percent-encoded, values that fit their options',
    );
  }
  const { hosts, srvHost, maxPoolSize, minPoolSize, compressors, proxyHost, credentials } = options;
  if (srvHost === undefined && hosts.some(({ host, socketPath }) => (host ?? socketPath ?? '') === '')) {
    return err('a host at each comma');
  }
  const names =
    srvHost === undefined
      ? hosts.flatMap(({ host, isIPv6 }) => (host === undefined || isIPv6 ? [] : [host]))
      : [srvHost];
  if (!names.every(isHostName)) return err('host names, or whole IP addresses');
  // Its SRV record is asked of the DNS, where nothing has a name of one label.
  if (srvHost !== undefined && (!srvHost.includes('.') || isIP(srvHost) !== 0)) {
    return err('with mongodb+srv:// the full name of a host, such as cluster.example.org');
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
  const tls = tlsFault(options);
  return tls === undefined ? ok(path === '' ? undefined : path) : err(tls);
}

/** What is wrong with the files of TLS: the driver reads them as late as it connects. */
function tlsFault({
  tlsCAFile,
  tlsCertificateKeyFile,
  tlsCRLFile,
  passphrase,
}: MongoClient['options']): string | undefined {
  const contents: Partial<Record<'ca' | 'crl' | 'key', Buffer>> = {};
  for (const [use, option, file] of [
    ['ca', 'tlsCAFile', tlsCAFile],
    ['crl', 'tlsCRLFile', tlsCRLFile],
    ['key', 'tlsCertificateKeyFile', tlsCertificateKeyFile],
  ] as const) {
    if (file === undefined) continue;
    try {
      // A pipe or a device may have no end.
      if (!statSync(file).isFile()) return `a ${option} that is a file`;
      contents[use] = readFileSync(file);
    } catch {
      return `a ${option} that can be read`;
    }
    if (!contents[use]?.includes('-----BEGIN ')) return `a ${option} in PEM`;
  }
  const { ca, crl, key } = contents;
  try {
    createSecureContext({
      ...(ca && { ca }),
      ...(crl && { crl }),
      ...(key && { key, cert: key }),
      ...(passphrase !== undefined && { passphrase }),
    });
  } catch {
    return 'files of TLS that hold what they are for, and the password of the key';
  }
  return undefined;
}
