// A store as a stranger would write it: it knows the domain, and nothing of the service that it is put into.
import { type OpenStores, type StoreAdapter, StoreRefused, StoreSettingRefused, Unavailable } from '@portcullis/domain';
import { createMemory, memoryStores } from '@portcullis/persistence-memory';

/** Plays the server of the ledgers: what is in it outlives every process that opens one. */
export const ledgers = new Map<string, Ledger>();

export interface Ledger {
  readonly memory: ReturnType<typeof createMemory>;
  release: 'earlier' | 'this' | 'newer';
  isAway: boolean;
}

export const newLedger = (release: Ledger['release'] = 'this'): Ledger => ({
  memory: createMemory(),
  release,
  isAway: false,
});

export const ledger = (): StoreAdapter<'LEDGER_URL' | 'LEDGER_PAGES'> => ({
  name: 'ledger',
  keepsIn: 'the ledger that `LEDGER_URL` names',
  settings: {
    LEDGER_URL: {
      description: 'Keeps everything in this ledger.',
      expected: 'ledger://NAME',
      is: (text) => /^ledger:\/\/[a-z]+$/.test(text),
    },
    LEDGER_PAGES: {
      description: 'How many pages are kept open.',
      expected: 'a whole number from 1 to 9',
      default: '3',
      is: (text) => /^[1-9]$/.test(text),
    },
  },
  chosenBy: 'LEDGER_URL',
  async open({ LEDGER_URL: url = '', LEDGER_PAGES: pages }, { timeoutMilliseconds }, use): Promise<OpenStores> {
    const found = ledgers.get(url);
    if (!found) throw new StoreSettingRefused('LEDGER_URL', 'the name of a ledger that there is');
    if (found.release === 'newer') throw new StoreRefused('the ledger is of a newer release');
    const stores = memoryStores(found.memory);
    const migrate = async () => {
      found.release = 'this';
    };
    if (use === 'prepare') await migrate();
    return {
      ...stores,
      async check() {
        if (found.isAway) throw new Unavailable('store');
        await stores.check();
      },
      migrate,
      status: async () => ({ store: 'ledger', release: found.release, pages: Number(pages), timeoutMilliseconds }),
    };
  },
});
