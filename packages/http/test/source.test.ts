import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { parseNetworks, sourceOf } from '@portcullis/http';
import fc from 'fast-check';

const from = (remoteAddress: string | undefined, forwarded?: string, trusted?: string) =>
  sourceOf(trusted === undefined ? undefined : parseNetworks(trusted))({
    socket: { remoteAddress },
    headers: forwarded === undefined ? {} : { 'x-forwarded-for': forwarded },
  });

const ADA = ['203.0.113.7'];

describe('where a request comes from', () => {
  it('is the address of its connection, in one spelling', () => {
    assert.deepEqual(from('203.0.113.7'), ADA);
    assert.deepEqual(from('::ffff:203.0.113.7'), ADA);
    assert.deepEqual(from('::FFFF:203.0.113.7'), ADA);
    assert.deepEqual(from(undefined), ['unknown']);
    assert.deepEqual(from(''), ['unknown']);
  });

  it('is a /48 and a /64 of IPv6', () => {
    const expected = ['2001:db8:7::/48', '2001:db8:7:1::/64'];
    for (const address of ['2001:db8:7:1::1', '2001:0DB8:0007:0001:ffff::', '2001:db8:7:1:2:3:4.5.6.7']) {
      assert.deepEqual(from(address), expected, address);
    }
    assert.deepEqual(from('fe80::1%eth0'), ['fe80:0:0::/48', 'fe80:0:0:0::/64']);
    assert.deepEqual(from('::1'), ['0:0:0::/48', '0:0:0:0::/64']);
  });

  it('has the same names for every address of a /64, and other ones for each other /64', () => {
    const groups = fc.array(fc.integer({ min: 0, max: 0xffff }), { minLength: 4, maxLength: 4 });
    const written = (all: readonly number[]) => all.map((group) => group.toString(16)).join(':');
    fc.assert(
      fc.property(groups, groups, groups, (network, one, other) => {
        const named = from(written([...network, ...one]));
        assert.equal(named.length, 2);
        assert.deepEqual(from(written([...network, ...other])), named);
        const [a = 0, b = 0, c = 0, d = 0] = network;
        const neighbour = from(written([a, b, c, d ^ 1, ...one]));
        assert.equal(neighbour[0], named[0]);
        assert.notEqual(neighbour[1], named[1]);
        assert.notEqual(from(written([a, b, c ^ 1, d, ...one]))[0], named[0]);
      }),
    );
  });

  it('is not what a client says, unless it is a trusted proxy', () => {
    assert.deepEqual(from('203.0.113.7', '192.0.2.1'), ADA);
    assert.deepEqual(from('203.0.113.7', '192.0.2.1', '127.0.0.1'), ADA);
    assert.deepEqual(from('127.0.0.1', '203.0.113.7', '127.0.0.1'), ADA);
    assert.deepEqual(from('::ffff:127.0.0.1', '203.0.113.7', '127.0.0.1'), ADA);
    assert.deepEqual(from('::1', '203.0.113.7', '127.0.0.1, ::1'), ADA);
  });

  it('is the last address that no trusted proxy has, since a client writes what it likes before it', () => {
    assert.deepEqual(from('127.0.0.1', '192.0.2.1, 203.0.113.7', '127.0.0.1'), ADA);
    assert.deepEqual(from('127.0.0.1', '192.0.2.1, 203.0.113.7, 10.1.2.3', '127.0.0.1, 10.0.0.0/8'), ADA);
    assert.deepEqual(from('127.0.0.1', '203.0.113.7:4711', '127.0.0.1'), ADA);
    assert.deepEqual(from('127.0.0.1', '[2001:db8:7:1::1]:4711', '127.0.0.1'), from('2001:db8:7:1::1'));
  });

  it('is the proxy that is known last, where what stands before it is no address', () => {
    for (const forwarded of [
      undefined,
      '',
      ',',
      'unknown',
      '_hidden',
      '203.0.113.7,',
      '999.1.1.1',
      '\0',
      'x'.repeat(10_000),
    ]) {
      assert.deepEqual(from('127.0.0.1', forwarded, '127.0.0.1'), ['127.0.0.1'], JSON.stringify(forwarded));
    }
    assert.deepEqual(from('127.0.0.1', 'nobody, 10.1.2.3', '127.0.0.1, 10.0.0.0/8'), ['10.1.2.3']);
    assert.deepEqual(from('127.0.0.1', '10.1.2.3', '127.0.0.1, 10.0.0.0/8'), ['10.1.2.3']);
  });

  it('is told of where a peer passes requests on that is not trusted, and of no other peer', () => {
    const told: string[] = [];
    const ask = (remoteAddress: string | undefined, headers: Record<string, string>, trusted?: string) =>
      sourceOf(trusted === undefined ? undefined : parseNetworks(trusted), (peer) => told.push(peer))({
        ...{ socket: { remoteAddress }, headers },
      });
    for (const headers of [{ 'x-forwarded-for': '203.0.113.7' }, { 'x-forwarded-for': '' }, { forwarded: 'for=x' }]) {
      for (const trusted of [undefined, '127.0.0.1']) {
        assert.deepEqual(ask('::ffff:10.0.0.1', headers, trusted), ['10.0.0.1']);
        assert.deepEqual(told.splice(0), ['10.0.0.1'], JSON.stringify([headers, trusted]));
      }
      ask('10.0.0.1', headers, '10.0.0.0/8');
      ask(undefined, headers);
    }
    ask('10.0.0.1', {});
    ask('10.0.0.1', { 'x-forwarded-host': 'a', via: '1.1 a' }, '127.0.0.1');
    assert.deepEqual(told, []);
  });

  it('is always known, whatever stands in the header, and nothing but trusted addresses is passed over', () => {
    const entry = fc.oneof(fc.ipV4(), fc.ipV6(), fc.string(), fc.constant('10.0.0.1'));
    fc.assert(
      fc.property(
        fc.array(entry),
        fc.ipV4().filter((ip) => !ip.startsWith('10.')),
        (before, last) => {
          assert.deepEqual(from('10.0.0.1', [...before, last].join(','), '10.0.0.0/8'), [last]);
          assert.ok(from('10.0.0.1', before.join(','), '10.0.0.0/8').length > 0);
          assert.deepEqual(from(last, before.join(','), '10.0.0.0/8'), [last]);
        },
      ),
    );
  });
});

describe('a list of networks', () => {
  it('is read, or refused as a whole', () => {
    assert.ok(parseNetworks('10.0.0.0/8')?.has('10.255.0.1'));
    assert.equal(parseNetworks('10.0.0.0/8')?.has('11.0.0.1'), false);
    assert.ok(parseNetworks('0.0.0.0/0')?.has('203.0.113.7'));
    assert.ok(parseNetworks('fd00::/8')?.has('fd12::1'));
    for (const text of [
      '',
      ' ',
      ',',
      'localhost',
      '10.0.0.0/33',
      '10.0.0.0/-1',
      '10.0.0.0/',
      '::/129',
      '10.0.0.1,',
      'a,10.0.0.1',
    ]) {
      assert.equal(parseNetworks(text), undefined, JSON.stringify(text));
    }
  });
});
