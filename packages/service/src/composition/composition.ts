import type { Settings } from '../settings/schema.ts';
import type { Parts } from './parts.ts';
import type { ServiceStores } from './store.ts';

/** Something that is not as the operator will want it, and keeps nothing from working. */
export interface Warning {
  readonly kind: string;
  readonly message: string;
}

interface Opened<S extends Settings> {
  readonly settings: S;
  readonly store: ServiceStores;
  /** Closes the newest first. */
  readonly close: () => Promise<void>;
}

/** A service with everything built and wired. */
export type Composition<S extends Settings = Settings, Own = unknown> = Parts<Own> & Opened<S>;
