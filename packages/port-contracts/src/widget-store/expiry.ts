import assert from 'node:assert/strict';
import { instant, plusSeconds } from '@portcullis/domain';
import { cases } from '../contract-case.ts';
import { deadline, NOON, widget } from '../samples.ts';
import { type CertifiableSubject, given } from '../store-subject.ts';
import type { WidgetStores } from './records.ts';

const CENTURY_SECONDS = 36_525 * 86_400;

export const expiry = cases<CertifiableSubject<WidgetStores>>('expiry', {
  'keeps a widget whose deadline has passed': async (subject) => {
    const { widgets } = subject.stores;
    const over = [widget(1, { createdAt: instant(0), deadline: deadline(86_399_999) }), widget(2)];
    for (const each of over) await widgets.add(each);
    const ownExpiry = given('ownExpiry', subject.ownExpiry);
    if ('value' in ownExpiry) await ownExpiry.value.runAt(plusSeconds(NOON, CENTURY_SECONDS));
    for (const each of over) assert.deepEqual(await widgets.byName(each.name), each);
    assert.deepEqual(await widgets.page({ number: 1, size: 10 }), { items: over, total: 2 });
    return undefined;
  },
});
