import assert from 'node:assert/strict';
import { cases } from '../contract-case.ts';
import { widget } from '../samples.ts';
import { atOnce, type CertifiableSubject, lookPast } from '../store-subject.ts';
import type { WidgetStores } from './records.ts';

const CALLERS = 20;

export const probed = cases<CertifiableSubject<WidgetStores>>('contract', {
  'has stored what it acknowledges, as a look past it shows': async (subject) => {
    const probe = lookPast(subject, 'widget');
    if ('notApplicable' in probe) return probe;
    const { look } = probe;
    const { stores, peer } = subject;
    await stores.widgets.add(widget(1));
    assert.deepEqual(await look(widget(1).name), widget(1));
    await peer.widgets.put(widget(2));
    assert.deepEqual(await look(widget(2).name), widget(2));
    const { infoUrl, deadline } = widget(7);
    await stores.widgets.put({ ...widget(1), infoUrl, deadline });
    assert.deepEqual(await look(widget(1).name), widget(1, { infoUrl, deadline }));
    await stores.widgets.remove(widget(2).name);
    assert.equal(await look(widget(2).name), undefined);
    await atOnce(subject, CALLERS, async ({ widgets }, n) => {
      await (n % 4 < 2 ? widgets.add(widget(100 + n)) : widgets.put(widget(100 + n)));
      assert.deepEqual(await look(widget(100 + n).name), widget(100 + n));
    });
    return undefined;
  },
});
